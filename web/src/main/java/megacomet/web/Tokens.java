package megacomet.web;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Checks the tokens that browsers bring: JWTs (RFC 7519) signed with one of the configured keys. No one is asked; a token
 * is good until it expires, is revoked, or its key is removed.
 *
 * <p>The keys may change at any time: each check takes those that are there now.
 *
 * <p>One instance an event loop.
 */
public final class Tokens {

    private static final int MAX_LENGTH = 8 << 10;

    /** The most topics and patterns of one claim: each is compared with each topic that a client wants to follow. */
    public static final int MAX_NAMES_A_CLAIM = 500;

    /** How far clocks may be apart when a request comes. A hold ends at {@code exp} itself. */
    private static final long LEEWAY_MS = 5_000;

    private final Vertx vertx;
    private final TokenPolicy policy;
    private final Revocations revocations;
    private TokenKeys keys;
    private JWTAuth auth;

    /** The header of the last token that passed: most tokens have the same one, which need not be read each time. */
    private String lastHeader = "";

    /**
     * What a good token says.
     *
     * @param subject the client's id
     * @param expiryMs from when it is good no more, epoch ms; {@link Long#MAX_VALUE} if it does not say
     * @param issuedMs when it was issued, epoch ms; 0 if it does not say
     * @param topics what the client may follow, as the token says it
     * @param publish where to it may publish, as the token says it
     * @param mayAskStatus whether it may ask how many follow a topic, and how many sessions there are
     * @param limits what it may cause in Redis, where that is not what the gateway's options say
     */
    public record Claims(
            String subject,
            long expiryMs,
            long issuedMs,
            List<String> topics,
            List<String> publish,
            boolean mayAskStatus,
            LimitClaims limits) {}

    private Tokens(Vertx vertx, TokenPolicy policy, Revocations revocations) {
        this.vertx = vertx;
        this.policy = policy;
        this.revocations = revocations;
    }

    /** No tokens are asked for. */
    public static Tokens open() {
        return new Tokens(null, null, new Revocations());
    }

    /** Makes a checker for these keys, without further demands. */
    public static Tokens with(Vertx vertx, TokenKeys keys) {
        return with(vertx, TokenPolicy.of(keys), new Revocations());
    }

    /** @param revocations of the process */
    public static Tokens with(Vertx vertx, TokenPolicy policy, Revocations revocations) {
        return new Tokens(vertx, policy, revocations);
    }

    /** Whether anybody may say to be any client. */
    public boolean isOpen() {
        return policy == null;
    }

    /**
     * Returns what the token says, or throws a {@link Problem} that does not repeat it.
     *
     * @param token null if the request brought none
     */
    public Claims check(String token) {
        if (token == null || token.isEmpty()) {
            throw Problem.of(ErrorCode.TOKEN_MISSING);
        }
        if (token.length() > MAX_LENGTH) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "It is longer than " + MAX_LENGTH + " characters.");
        }
        User user;
        try {
            // It is checked here and now, and the future is complete.
            user = auth().authenticate(new TokenCredentials(token)).result();
        } catch (RuntimeException notEvenAToken) {
            user = null;
        }
        if (user == null) {
            throw Problem.of(ErrorCode.TOKEN_INVALID);
        }
        demandNothingCritical(token);
        return claims(user.attributes().getJsonObject("accessToken"), System.currentTimeMillis());
    }

    private JWTAuth auth() {
        TokenKeys now = policy.keys().get();
        if (now != keys) {
            auth = JWTAuth.create(vertx, now.options());
            keys = now;
        }
        return auth;
    }

    /** An extension that the issuer calls critical, and that is not understood, makes a token invalid (RFC 7515, section 4.1.11). */
    private void demandNothingCritical(String token) {
        int end = token.indexOf('.');
        if (end == lastHeader.length() && token.startsWith(lastHeader)) {
            return;
        }
        String header = token.substring(0, end);
        byte[] json = Base64.getUrlDecoder().decode(header);
        if (new JsonObject(new String(json, StandardCharsets.UTF_8)).containsKey("crit")) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "Its header has crit, and no extension is understood here.");
        }
        lastHeader = header;
    }

    private Claims claims(JsonObject token, long nowMs) {
        if (!(token.getValue("sub") instanceof String subject) || subject.isEmpty()) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "It has no subject.");
        }
        long expiryMs = timeMs(token, "exp", Long.MAX_VALUE);
        if (expiryMs != Long.MAX_VALUE && nowMs >= expiryMs + LEEWAY_MS) {
            throw Problem.of(ErrorCode.TOKEN_EXPIRED);
        }
        if (nowMs + LEEWAY_MS < timeMs(token, "nbf", 0)) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "It is not valid yet.");
        }
        long issuedMs = timeMs(token, "iat", 0);
        demandLife(expiryMs, Math.min(nowMs, token.containsKey("iat") ? issuedMs : nowMs));
        if (revocations.isRevoked(subject, issuedMs)) {
            throw Problem.of(ErrorCode.TOKEN_REVOKED);
        }
        return new Claims(
                subject,
                expiryMs,
                issuedMs,
                texts(token, "topics"),
                texts(token, "publish"),
                Boolean.TRUE.equals(token.getValue("status")),
                limits(token));
    }

    private static LimitClaims limits(JsonObject token) {
        Object value = token.getValue(LimitClaims.CLAIM);
        if (value != null && !(value instanceof JsonObject)) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "Its limits must be a JSON object.");
        }
        try {
            return LimitClaims.of(value == null ? null : ((JsonObject) value).getMap());
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "Its " + e.getMessage() + ".");
        }
    }

    /** @param sinceMs when the token's life began, at the latest now */
    private void demandLife(long expiryMs, long sinceMs) {
        if (expiryMs == Long.MAX_VALUE && policy.demandsEnd()) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "It has no exp, which is demanded here.");
        }
        if (policy.maxLifeMs() != TokenPolicy.ANY_LIFE && sinceMs < expiryMs - policy.maxLifeMs() - LEEWAY_MS) {
            throw Problem.of(
                    ErrorCode.TOKEN_INVALID,
                    "It lives longer than the " + policy.maxLifeMs() / 1_000 + " s that are allowed here.");
        }
    }

    /** A list of texts, for which one text may stand. */
    private static List<String> texts(JsonObject token, String claim) {
        Object value = token.getValue(claim);
        if (value == null) {
            return List.of();
        }
        if (value instanceof String one) {
            return List.of(one);
        }
        if (value instanceof JsonArray array && array.size() > MAX_NAMES_A_CLAIM) {
            throw Problem.of(
                    ErrorCode.TOKEN_INVALID,
                    "Its " + claim + " has " + array.size() + " texts, " + MAX_NAMES_A_CLAIM + " are allowed.");
        }
        if (value instanceof JsonArray array && array.stream().allMatch(element -> element instanceof String)) {
            return array.stream().map(String.class::cast).toList();
        }
        throw Problem.of(ErrorCode.TOKEN_INVALID, "Its " + claim + " is no list of texts.");
    }

    private static long timeMs(JsonObject token, String claim, long ifAbsent) {
        Object value = token.getValue(claim);
        if (value == null) {
            return ifAbsent;
        }
        if (!(value instanceof Number seconds)) {
            throw Problem.of(ErrorCode.TOKEN_INVALID, "Its " + claim + " is no number.");
        }
        return (long) (seconds.doubleValue() * 1000);
    }
}
