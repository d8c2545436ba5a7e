package megacomet.loadtest.chaos.history;

import megacomet.loadtest.measure.Clock;

/** A run's one clock: the wall's when the process began, and monotonic from there. */
public final class RunClock {

    private static final long OFFSET_MS = System.currentTimeMillis() - Clock.nowUs() / 1_000;

    private RunClock() {}

    public static long nowMs() {
        return OFFSET_MS + Clock.nowUs() / 1_000;
    }
}
