package megacomet.web;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.util.List;

/**
 * Checks the tokens that browsers bring: JWTs (RFC 7519) signed with one of the configured keys. No one is asked; a token
 * is good until it expires.
 *
 * <p>One instance an event loop.
 */
public final class Tokens {

    private static final int MAX_LENGTH = 8 << 10;

    /** The most topics and patterns of one claim: each is compared with each topic that a client wants to follow. */
    public static final int MAX_NAMES_A_CLAIM = 500;

    /** How far clocks may be apart. */
    private static final long LEEWAY_MS = 5_000;

    private final JWTAuth auth;

    /**
     * What a good token says.
     *
     * @param subject the client's id
     * @param expiryMs from when it is good no more, epoch ms; {@link Long#MAX_VALUE} if it does not say
     * @param topics what the client may follow, as the token says it
     * @param publish where to it may publish, as the token says it
     * @param mayAskStatus whether it may ask how many follow a topic, and how many sessions there are
     * @param limits what it may cause in Redis, where that is not what the gateway's options say
     */
    public record Claims(
            String subject,
            long expiryMs,
            List<String> topics,
            List<String> publish,
            boolean mayAskStatus,
            LimitClaims limits) {}

    private Tokens(JWTAuth auth) {
        this.auth = auth;
    }

    /** No tokens are asked for. */
    public static Tokens open() {
        return new Tokens(null);
    }

    /** Makes a checker for these keys. */
    public static Tokens with(Vertx vertx, TokenKeys keys) {
        return new Tokens(JWTAuth.create(vertx, keys.options()));
    }

    /** Whether anybody may say to be any client. */
    public boolean isOpen() {
        return auth == null;
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
            user = auth.authenticate(new TokenCredentials(token)).result();
        } catch (RuntimeException notEvenAToken) {
            user = null;
        }
        if (user == null) {
            throw Problem.of(ErrorCode.TOKEN_INVALID);
        }
        return claims(user.attributes().getJsonObject("accessToken"), System.currentTimeMillis());
    }

    private static Claims claims(JsonObject token, long nowMs) {
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
        return new Claims(
                subject,
                expiryMs,
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
