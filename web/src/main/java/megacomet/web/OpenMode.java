package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;

/**
 * What keeps an open server, which asks no token or key, from serving more than the machine that it is tried on. It binds
 * to loopback; but any website can have a browser on this machine send requests there, and by a name of its own that
 * resolves to loopback even read the answers. So it answers only to loopback's own names, and only to pages of this machine.
 *
 * <p>Whose page sent a request is said by the browser: by {@code Origin}, else by {@code Referer}, and where a page hides both, by
 * {@code Sec-Fetch-Site} (Fetch Metadata Request Headers, section 2.3). A request that has none of them is no browser's, or that of
 * somebody who typed the address. That matters for reading requests as well: by a script element any page reads JSONP,
 * and by an image it publishes.
 */
public final class OpenMode {

    /** What may be looked at by a link from anywhere: nothing in it is anybody's, and nothing changes. */
    private static final Set<String> PAGES = Set.of("/", "/openapi.yaml");

    /** What {@code Sec-Fetch-Site} may say if nothing says whose page it is. */
    private static final Set<String> NEAR = Set.of("same-origin", "same-site", "none");

    /** The names by which an open server may be called. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private OpenMode() {}

    /**
     * Throws a {@link Problem} if the request calls the server by another name than loopback's, or was sent by a page that is
     * neither of this machine nor of the listed origins.
     */
    public static void demand(HttpServerRequest request, Origins origins) {
        // Of HTTP/2 the authority, of HTTP/1.1 the header; asked for so, the request keeps nothing of it.
        String host = request.getHeader(HttpHeaders.HOST);
        String name = host == null ? String.valueOf(request.authority()) : host;
        if (isVisit(request)) {
            demandLoopbackName(name);
            return;
        }
        demand(
                name,
                request.getHeader(HttpHeaders.ORIGIN),
                request.getHeader(HttpHeaders.REFERER),
                request.getHeader("sec-fetch-site"),
                origins);
    }

    /** Does the same for a request of which these headers are known, each null if it is not there. */
    public static void demand(String host, String origin, String referer, String fetchSite, Origins origins) {
        demandLoopbackName(host);
        String page = origin != null ? origin : originOf(referer);
        boolean isFromHere = page == null
                ? fetchSite == null || NEAR.contains(fetchSite)
                : isOfLoopback(page) || origins.listed(page) != null;
        if (!isFromHere) {
            throw Problem.of(ErrorCode.ORIGIN_NOT_ALLOWED, "An open server is for pages of its own machine.");
        }
    }

    /** Whether somebody follows a link to a page, in a window of its own. */
    private static boolean isVisit(HttpServerRequest request) {
        return "navigate".equals(request.getHeader("sec-fetch-mode"))
                && "document".equals(request.getHeader("sec-fetch-dest"))
                && request.method() == HttpMethod.GET
                && PAGES.contains(request.path());
    }

    /** Returns the origin of an address, or null if there is none. */
    private static String originOf(String referer) {
        if (referer == null || referer.isEmpty()) {
            return null;
        }
        int end = Math.min(referer.indexOf("://") + 3, referer.length());
        while (end < referer.length() && "/?#".indexOf(referer.charAt(end)) < 0) {
            end++;
        }
        return referer.substring(0, end);
    }

    private static boolean isOfLoopback(String origin) {
        int authority = origin.indexOf("://") + 3;
        boolean isWeb = origin.startsWith("http://") || origin.startsWith("https://");
        return isWeb
                && LOOPBACK.contains(withoutPort(origin.substring(authority)).toLowerCase(Locale.ROOT));
    }

    private static void demandLoopbackName(String name) {
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
