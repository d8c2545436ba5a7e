package megacomet.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many: API keys, clients. Whoever has anything left may go on, and what that takes beyond it is a
 * debt to wait off; so one large request is not refused for ever.
 *
 * <p>A bucket that is full is forgotten, so that only those cost memory who were busy a moment ago; and no more than
 * {@value #MAX_KNOWN} are known, beyond which the one that was busy least lately is taken for rested. May be used from any
 * thread.
 */
public final class RateLimit<K> {

    /** How many are known at a time. */
    public static final int MAX_KNOWN = 100_000;

    /** What one must have left to go on. */
    private static final double NEXT = 1e-3;

    /** How many of the eldest are looked at with each call, to forget those that are rested. */
    private static final int LOOKED_AT = 2;

    private final Rate rate;
    private final LongSupplier clockNanos;
    /** In the order in which they were busy. */
    private final Map<K, Bucket> buckets = new LinkedHashMap<>();

    private record Bucket(double tokens, long atNanos) {}

    /** @param rate of each, or null or {@link Rate#OFF} for no limit */
    public RateLimit(Rate rate) {
        this(rate, System::nanoTime);
    }

    RateLimit(Rate rate, LongSupplier clockNanos) {
        this.rate = Rate.OFF.equals(rate) ? null : rate;
        this.clockNanos = clockNanos;
    }

    /**
     * Lets one of them do something that counts for {@code count}, if it has anything left.
     *
     * @return 0 if it may; else after how many ms it may, and nothing was taken
     */
    public long take(K who, int count) {
        return take(who, count, false);
    }

    /**
     * Lets one of them do something, whatever it has left.
     *
     * @return how many ms it should pause after that
     */
    public long takeAnyway(K who, int count) {
        return take(who, count, true);
    }

    private synchronized long take(K who, int count, boolean isAnyway) {
        if (rate == null) {
            return 0;
        }
        long nowNanos = clockNanos.getAsLong();
        double left = left(buckets.remove(who), nowNanos);
        boolean mayGoOn = isAnyway || left > 0;
        double after = mayGoOn ? left - count : left;
        forgetRested(nowNanos);
        buckets.put(who, new Bucket(after, nowNanos));
        double has = isAnyway ? after : left;
        boolean mustWait = has <= 0;
        return mustWait ? (long) Math.ceil((NEXT - has) / rate.perSecond() * 1e3) : 0;
    }

    private double left(Bucket bucket, long nowNanos) {
        return bucket == null
                ? rate.burst()
                : Math.min(rate.burst(), bucket.tokens + (nowNanos - bucket.atNanos) / 1e9 * rate.perSecond());
    }

    private void forgetRested(long nowNanos) {
        var eldestFirst = buckets.values().iterator();
        for (int i = 0; i < LOOKED_AT && eldestFirst.hasNext(); i++) {
            boolean isRested = left(eldestFirst.next(), nowNanos) >= rate.burst();
            if (isRested || buckets.size() >= MAX_KNOWN) {
                eldestFirst.remove();
            }
        }
    }

    /** How many are known now. */
    synchronized int known() {
        return buckets.size();
    }
}
