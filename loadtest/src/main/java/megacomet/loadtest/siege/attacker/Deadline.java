package megacomet.loadtest.siege.attacker;

import java.util.concurrent.TimeUnit;

/** When something must be over, on this process's monotonic clock. */
public final class Deadline {

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    public static Deadline in(long ms) {
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** The same, or so much from now if that is sooner. */
    public Deadline orIn(long ms) {
        return in(Math.min(ms, leftMs()));
    }

    public boolean isOver() {
        return System.nanoTime() >= endNanos;
    }

    public long leftMs() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }

    /** Waits so long, or until it is over. */
    public void pause(long ms) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.min(ms, leftMs()));
    }
}
