package megacomet.gateway.bayeux;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The cookie by which a browser is known, as CometD calls it. A session is bound to it by its first message, so that its
 * {@code clientId} is of no use to others; pages cannot read it. Redis knows its hash alone.
 */
final class BrowserCookie {

    private static final String NAME = "BAYEUX_BROWSER";
    private static final int MAX_LENGTH = 128;
    private static final int HASH_BYTES = 12;

    private BrowserCookie() {}

    /** Returns the cookie's hash, or an empty text if the request brings none. */
    static String hashOf(HttpServerRequest request) {
        String cookies = request.getHeader(HttpHeaders.COOKIE);
        if (cookies == null) {
            return "";
        }
        for (String cookie : cookies.split(";")) {
            String one = cookie.strip();
            if (one.startsWith(NAME + "=") && one.length() <= MAX_LENGTH) {
                return hash(one.substring(NAME.length() + 1));
            }
        }
        return "";
    }

    private static String hash(String value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /**
     * Returns a header that gives the browser a new one.
     *
     * @param isSecure whether the browser speaks TLS with us
     * @param isCrossSite whether a page of another origin is to send it, which is possible by TLS alone
     */
    static String setNew(boolean isSecure, boolean isCrossSite) {
        String scope = isSecure && isCrossSite ? "; SameSite=None; Partitioned" : "; SameSite=Lax";
        return NAME + "=" + SessionId.random() + "; Path=/; HttpOnly" + scope + (isSecure ? "; Secure" : "");
    }
}
