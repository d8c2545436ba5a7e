package megacomet.gateway.hold;

/**
 * What a client should do next, in the sense of Bayeux's advice.
 *
 * @param isToRetry whether it should poll again at all
 * @param intervalMs how long it should wait before that
 * @param timeoutMs how long the next poll may be held
 */
public record Advice(boolean isToRetry, long intervalMs, long timeoutMs) {

    static Advice retry(long intervalMs, long timeoutMs) {
        return new Advice(true, intervalMs, timeoutMs);
    }

    static Advice stayAway(long timeoutMs) {
        return new Advice(false, 0, timeoutMs);
    }
}
