package megacomet.loadtest.measure;

/**
 * The time by which everything is planned and measured: microseconds of the machine's monotonic clock. On Linux it is one
 * clock for all processes ({@code CLOCK_MONOTONIC}), so that one may stamp a message and another take its age; nothing that
 * sets the wall clock touches a measurement.
 */
public final class Clock {

    private Clock() {}

    public static long nowUs() {
        return System.nanoTime() / 1_000;
    }
}
