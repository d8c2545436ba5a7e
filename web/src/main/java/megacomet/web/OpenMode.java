package megacomet.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Set;

/**
 * What keeps an open server, which asks no token or key, from serving more than the machine that it is tried on. It binds
 * to loopback; but any website can have a browser on this machine send requests there, and by a name of its own that
 * resolves to loopback even read the answers. So it answers only to loopback's own names.
 */
public final class OpenMode {

    /** The names by which an open server may be called. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private OpenMode() {}

    /** Throws a {@link Problem} if the request calls the server by another name than loopback's. */
    public static void demandLoopbackName(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !LOOPBACK.contains(authority.host().toLowerCase(java.util.Locale.ROOT))) {
            throw Problem.of(ErrorCode.HOST_NOT_ALLOWED);
        }
    }
}
