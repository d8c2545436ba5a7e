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
 * <p>The process's own time of day is not asked: a node whose clock is a minute off would deliver for a minute what is dead,
 * or drop what is not. A master of which nothing is known yet is taken to agree with one of which something is.
 *
 * <p>May be used from any thread.
 */
public final class MasterClocks {

    private final AtomicLongArray offsetsMs;
    /** The latest of them that was told; 0 while nothing is known. */
    private volatile long likelyOffsetMs;

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
        likelyOffsetMs = masterMs - sentMs + 1;
        offsetsMs.set(partition, likelyOffsetMs);
    }

    /** Does the same, but only if that brings the estimate nearer, or nothing is known yet. */
    public void offer(int partition, long masterMs, long sentMs) {
        long offsetMs = masterMs - sentMs + 1;
        likelyOffsetMs = offsetMs;
        offsetsMs.updateAndGet(partition, known -> known == 0 ? offsetMs : Math.min(known, offsetMs));
    }

    /** Returns the master's time in epoch ms, a little ahead; this process's own before any master has said anything. */
    public long nowMs(int partition) {
        long knownMs = offsetsMs.get(partition);
        long offsetMs = knownMs == 0 ? likelyOffsetMs : knownMs;
        return offsetMs == 0 ? System.currentTimeMillis() : monotonicMs.getAsLong() + offsetMs;
    }
}
