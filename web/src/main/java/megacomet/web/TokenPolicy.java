package megacomet.web;

import java.util.function.Supplier;

/**
 * What browsers' tokens must be like.
 *
 * @param keys with which they may be signed, as they are now: asked at every check, from any thread
 * @param demandsExpiry whether a token without {@code exp} is refused
 * @param maxLifeMs the longest life of a token, from {@code iat} and from now; {@link #ANY_LIFE} for no limit. With a limit a token
 *     without {@code exp} is refused too, because it would live for ever
 */
public record TokenPolicy(Supplier<TokenKeys> keys, boolean demandsExpiry, long maxLifeMs) {

    /** No limit of a token's life. */
    public static final long ANY_LIFE = Long.MAX_VALUE;

    /** Keys that stay as they are, and no demands on a token's life. */
    public static TokenPolicy of(TokenKeys keys) {
        return new TokenPolicy(() -> keys, false, ANY_LIFE);
    }

    /** Returns the same with {@code exp} demanded. */
    public TokenPolicy withExpiry() {
        return new TokenPolicy(keys, true, maxLifeMs);
    }

    /** Returns the same with a longest life. */
    public TokenPolicy withMaxLifeMs(long most) {
        return new TokenPolicy(keys, demandsExpiry, most);
    }

    boolean demandsEnd() {
        return demandsExpiry || maxLifeMs != ANY_LIFE;
    }
}
