package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names by which a server that asks for no key may be called. A page of any website can have a browser that reaches the
 * server send requests to it, under a name of the website's own that resolves to the server's address (DNS rebinding), and
 * read the answers. Such a name is refused; an address cannot be such a name, and whoever sends no name is no browser.
 */
public final class HostNames {

    /** IPv4 as browsers write it, or IPv6 in brackets: no name that somebody could register. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]{2,45}]");

    private final Set<String> names;

    /** @param names besides localhost and every IP address; in any case, without a port */
    public HostNames(Collection<String> names) {
        this.names = Stream.concat(Stream.of("localhost"), names.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Throws a {@link Problem} if the request calls the server by another name. */
    public void demand(HttpServerRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host == null && request.authority() == null) {
            return; // HTTP/1.0, as simple health checks speak it.
        }
        String name = OpenMode.withoutPort(host != null ? host : String.valueOf(request.authority()))
                .toLowerCase(Locale.ROOT);
        if (!names.contains(name) && !ADDRESS.matcher(name).matches()) {
            throw Problem.of(ErrorCode.HOST_NOT_ALLOWED, "Call it by its address, or allow the name.");
        }
    }
}
