package megacomet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The credentials of {@code Authorization: Bearer …} (RFC 6750, section 2.1). */
public final class Bearer {

    private static final String SCHEME = "Bearer ";

    private Bearer() {}

    /** Returns what the request brings, or null if it brings none in this scheme. */
    public static String of(HttpServerRequest request) {
        return of(request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    /** Returns what a header's value brings, or null. */
    public static String of(String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String credentials = header.substring(SCHEME.length()).strip();
        return credentials.isEmpty() ? null : credentials;
    }
}
