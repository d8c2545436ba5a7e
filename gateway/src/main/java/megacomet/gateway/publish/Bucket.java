package megacomet.gateway.publish;

/** A token bucket whose rate is said with each use, because a client's next token may say another. Not thread-safe. */
final class Bucket {

    /** What sums of doubles may be wrong by. */
    private static final double ROUNDING = 1e-9;

    private double left;
    private long atMs;
    private boolean isUsed;

    /**
     * Fills it up to now.
     *
     * @return how long until there are {@code need}, in ms: 0 if there are; {@link Long#MAX_VALUE} for never
     */
    long waitMs(double need, double perSecond, double burst, long nowMs) {
        left = isUsed ? Math.min(burst, left + (nowMs - atMs) / 1e3 * perSecond) : burst;
        atMs = nowMs;
        isUsed = true;
        if (left >= need - ROUNDING) {
            return 0;
        }
        return need > burst ? Long.MAX_VALUE : (long) Math.ceil((need - left - ROUNDING) / perSecond * 1e3);
    }

    /** Takes so many, also those that are not there: a debt to be waited off. */
    void take(double count) {
        left -= count;
    }

    /** Whether it was full at its last use, or must be by now. */
    boolean isRested(double perSecond, double burst, long nowMs) {
        return !isUsed || left + (nowMs - atMs) / 1e3 * perSecond >= burst;
    }
}
