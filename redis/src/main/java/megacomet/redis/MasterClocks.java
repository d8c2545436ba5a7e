package megacomet.redis;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * What time it is on the Redis master of each partition, as this process can tell without asking: its own monotonic clock
 * plus an offset.
 *
 * <p>The offset is counted from the instant at which the question was <em>sent</em>, so the estimate runs ahead of the
 * master by at most one answer's time, and never behind: a message is held dead a little early, never delivered late. It
 * is renewed with every comparison of counters, so drift and steps of either clock show after two seconds.
 *
 * <p>May be used from any thread.
 */
public final class MasterClocks {

    private final AtomicLongArray offsetsMs;
    private final LongSupplier monotonicMs;

    /** @param monotonicMs a clock in ms that never goes back */
    public MasterClocks(int partitions, LongSupplier monotonicMs) {
        this.offsetsMs = new AtomicLongArray(partitions);
        this.monotonicMs = monotonicMs;
    }

    /** Returns this process's own clock in ms, for {@link #set}. */
    public long monotonicMs() {
        return monotonicMs.getAsLong();
    }

    /** Notes that the master of {@code partition} said {@code masterMs} to a question that was sent at {@code sentMs}. */
    public void set(int partition, long masterMs, long sentMs) {
        // Both clocks are cut to whole milliseconds, so the difference may be one too low.
        offsetsMs.set(partition, masterMs - sentMs + 1);
    }

    /** Does the same, but only if that brings the estimate nearer, or nothing is known yet. */
    public void offer(int partition, long masterMs, long sentMs) {
        long offsetMs = masterMs - sentMs + 1;
        offsetsMs.updateAndGet(partition, known -> known == 0 ? offsetMs : Math.min(known, offsetMs));
    }

    /** Returns the master's time in epoch ms, a little ahead; this process's own while nothing is known. */
    public long nowMs(int partition) {
        long offsetMs = offsetsMs.get(partition);
        return offsetMs == 0 ? System.currentTimeMillis() : monotonicMs.getAsLong() + offsetMs;
    }
}
