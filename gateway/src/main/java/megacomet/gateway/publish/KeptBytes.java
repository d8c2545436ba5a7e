package megacomet.gateway.publish;

import java.util.Map;
import java.util.TreeMap;

/**
 * The sum of bytes that are kept for a time each. Times are rounded up by at most an eighth of what is left of them, and at
 * least to {@value #LEAST_STEP_MS} ms, so that some hundred sums say it whatever their number: it errs towards keeping longer.
 * Not thread-safe.
 */
final class KeptBytes {

    private static final long LEAST_STEP_MS = 1_024;
    private static final int STEPS_A_LIFE = 8;

    /** By when they go, epoch ms or any other clock. */
    private final TreeMap<Long, Long> byEnd = new TreeMap<>();

    private long sum;

    /** Returns when bytes count as gone that go after {@code lifeMs}. */
    static long endOf(long nowMs, long lifeMs) {
        long step = Math.max(LEAST_STEP_MS, Long.highestOneBit(Math.max(1, lifeMs / STEPS_A_LIFE)));
        return (nowMs + lifeMs + step - 1) / step * step;
    }

    /** @param endMs an {@link #endOf} */
    void add(long endMs, long bytes) {
        if (bytes > 0) {
            byEnd.merge(endMs, bytes, Long::sum);
            sum += bytes;
        }
    }

    /** Takes back what was added, unless it has gone by itself. */
    void remove(long endMs, long bytes) {
        Long there = byEnd.get(endMs);
        if (there == null || bytes <= 0) {
            return;
        }
        sum -= bytes;
        if (there == bytes) {
            byEnd.remove(endMs);
        } else {
            byEnd.put(endMs, there - bytes);
        }
    }

    /** Returns how long until there is room for so many more, in ms; {@link Long#MAX_VALUE} if there never is. */
    long waitMs(long more, long most, long nowMs) {
        dropGone(nowMs);
        if (more > most) {
            return Long.MAX_VALUE;
        }
        long tooMany = sum + more - most;
        for (Map.Entry<Long, Long> next : byEnd.entrySet()) {
            if (tooMany <= 0) {
                return 0;
            }
            tooMany -= next.getValue();
            if (tooMany <= 0) {
                return next.getKey() - nowMs;
            }
        }
        return 0;
    }

    long sum(long nowMs) {
        dropGone(nowMs);
        return sum;
    }

    /** How many times are told apart. */
    int size() {
        return byEnd.size();
    }

    private void dropGone(long nowMs) {
        while (!byEnd.isEmpty() && byEnd.firstKey() <= nowMs) {
            sum -= byEnd.pollFirstEntry().getValue();
        }
    }
}
