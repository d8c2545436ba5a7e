package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which pages may use a server: those of its own origin, and those of the origins on the list. A request without an
 * {@code Origin} is not from a page that could be kept away by this, and passes.
 *
 * <p>It also says so to browsers, in the headers of CORS (Fetch Standard, "CORS protocol").
 */
public final class Origins {

    /** Nobody's pages but the server's own. */
    public static final Origins NONE = new Origins(Set.of(), TrustedProxies.NONE);

    private static final String PREFLIGHT_MAX_AGE_S = "7200";

    /** Each by itself, so that all who wait for an answer to it share one. */
    private final Map<String, String> allowed;

    private final TrustedProxies proxies;

    /** @throws IllegalArgumentException if one of them is no origin */
    public Origins(Set<String> allowed, TrustedProxies proxies) {
        this.allowed = new HashMap<>();
        this.proxies = proxies;
        for (String origin : allowed) {
            String one = normalized(origin);
            this.allowed.put(one, one);
        }
    }

    /** Whether pages of any origin but the server's own may use it. */
    public boolean isAnyAllowed() {
        return !allowed.isEmpty();
    }

    private static String normalized(String origin) {
        try {
            URI uri = new URI(origin.toLowerCase(Locale.ROOT));
            boolean isOrigin = uri.getHost() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getRawUserInfo() == null
                    && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            if (isOrigin) {
                boolean isDefaultPort = uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
                return uri.getScheme() + "://" + uri.getHost()
                        + (uri.getPort() < 0 || isDefaultPort ? "" : ":" + uri.getPort());
            }
        } catch (URISyntaxException notEvenAUri) {
            // falls through
        }
        throw new IllegalArgumentException("not an origin (https://host[:port]): " + origin);
    }

    /**
     * Lets the request pass, with the headers that its page needs to read the answer, or throws a {@link Problem}.
     */
    public void demand(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        if (isSame(request, origin)) {
            return;
        }
        if (listed(origin) == null) {
            throw Problem.of(ErrorCode.ORIGIN_NOT_ALLOWED);
        }
        request.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }

    /** Returns an origin that is on the list, or null if it is not; of equal ones always the same. */
    public String listed(String origin) {
        return allowed.get(origin);
    }

    private boolean isSame(HttpServerRequest request, String origin) {
        // Of HTTP/1.1 the header; the request would keep the authority, once asked for it, for as long as it is held.
        String host = request.getHeader(HttpHeaders.HOST);
        String authority = host == null ? String.valueOf(request.authority()) : host;
        return origin.equalsIgnoreCase(proxies.scheme(request) + "://" + authority);
    }

    /** Answers a browser that asks beforehand whether it may; throws a {@link Problem} if it may not. */
    public void answerPreflight(HttpServerRequest request, HttpMethod... methods) {
        demand(request);
        StringBuilder names = new StringBuilder();
        for (HttpMethod method : methods) {
            names.append(names.length() == 0 ? "" : ", ").append(method.name());
        }
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, names)
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, last-event-id")
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_S)
                .setStatusCode(204)
                .end();
    }
}
