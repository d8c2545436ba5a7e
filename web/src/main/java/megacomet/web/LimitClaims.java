package megacomet.web;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The claim {@code limits} of a token: what its client may cause, where that is not what the gateway's options say. Each part
 * is null if the token does not say it.
 *
 * @param publishRate messages a second
 * @param publishBytes bytes of data a second
 * @param newTopics topics begun a minute
 * @param maxTtlMs longest life of a message
 * @param maxBytes bytes kept in Redis
 */
public record LimitClaims(Long publishRate, Long publishBytes, Long newTopics, Long maxTtlMs, Long maxBytes) {

    /** The token says nothing of limits. */
    public static final LimitClaims NONE = new LimitClaims(null, null, null, null, null);

    /** The claim's name. */
    public static final String CLAIM = "limits";

    private static final long MAX_TTL_MS = 604_800_000;
    private static final long MAX_PER_SECOND = 1_000_000;
    private static final long MAX_BYTES = 1L << 40;

    /**
     * Reads the claim. An unknown part is refused, because a misspelt limit must not mean none.
     *
     * @param claim a JSON object as a map, or null
     * @throws IllegalArgumentException with a sentence
     */
    public static LimitClaims of(Map<String, Object> claim) {
        if (claim == null || claim.isEmpty()) {
            return NONE;
        }
        Map<String, Object> left = new LinkedHashMap<>(claim);
        LimitClaims claims = new LimitClaims(
                number(left, "publishRate", 1, MAX_PER_SECOND),
                number(left, "publishBytes", 1, MAX_BYTES),
                number(left, "newTopics", 0, MAX_PER_SECOND),
                number(left, "maxTtlMs", 1, MAX_TTL_MS),
                number(left, "maxBytes", 0, MAX_BYTES));
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "limits has only publishRate, publishBytes, newTopics, maxTtlMs and maxBytes");
        }
        return claims;
    }

    private static Long number(Map<String, Object> left, String name, long least, long most) {
        Object value = left.remove(name);
        if (value == null) {
            return null;
        }
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number) value).longValue() < least || ((Number) value).longValue() > most) {
            throw new IllegalArgumentException("limits." + name + " must be an integer from " + least + " to " + most);
        }
        return ((Number) value).longValue();
    }

    /** Returns what {@link #of} reads, without what is not said. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        put(map, "publishRate", publishRate);
        put(map, "publishBytes", publishBytes);
        put(map, "newTopics", newTopics);
        put(map, "maxTtlMs", maxTtlMs);
        put(map, "maxBytes", maxBytes);
        return map;
    }

    private static void put(Map<String, Object> map, String name, Long value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
