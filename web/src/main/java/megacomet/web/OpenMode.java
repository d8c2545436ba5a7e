package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;

/**
 * What keeps an open server, which asks no token or key, from serving more than the machine that it is tried on. It binds
 * to loopback; but any website can have a browser on this machine send requests there, and by a name of its own that
 * resolves to loopback even read the answers. So it answers only to loopback's own names.
 */
public final class OpenMode {

    /** The names by which an open server may be called. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private OpenMode() {}

    /** Throws a {@link Problem} if the request calls the server by another name than loopback's. */
    public static void demandLoopbackName(HttpServerRequest request) {
        // Of HTTP/2 the authority, of HTTP/1.1 the header; asked for so, the request keeps nothing of it.
        String host = request.getHeader(HttpHeaders.HOST);
        String name = host == null ? String.valueOf(request.authority()) : host;
        demandLoopbackName(name);
    }

    /** Throws a {@link Problem} if that is another name than loopback's, with a port or without. */
    public static void demandLoopbackName(String name) {
        if (!LOOPBACK.contains(withoutPort(name).toLowerCase(Locale.ROOT))) {
            throw Problem.of(ErrorCode.HOST_NOT_ALLOWED);
        }
    }

    static String withoutPort(String name) {
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) >= '0' && name.charAt(end - 1) <= '9') {
            end--;
        }
        return end > 0 && name.charAt(end - 1) == ':' ? name.substring(0, end - 1) : name;
    }
}
