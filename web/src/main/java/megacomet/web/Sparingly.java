package megacomet.web;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes log lines that a crowd could cause, at most {@value #LINES_A_SECOND} a second, so that the crowd does not fill a disk.
 * The next line that is written says how many were not, as {@code unsaid}. Whatever is logged sparingly is counted by a metric as
 * well, which misses nothing.
 *
 * <p>May be used from any thread. A line that is not written is not built.
 */
public final class Sparingly {

    /** How many lines one instance writes in a second. */
    public static final int LINES_A_SECOND = 10;

    private final LongSupplier clockMs;
    private long secondSinceMs;
    private int lines;
    private long unsaid;

    /** One that goes by the process's clock. */
    public Sparingly() {
        this(() -> System.nanoTime() / 1_000_000);
    }

    /** @param clockMs a clock in ms that never goes back */
    Sparingly(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.secondSinceMs = clockMs.getAsLong();
    }

    /**
     * Writes a line, if one may be written now.
     *
     * @param line makes it, with all its values
     * @param what what it says
     */
    public synchronized void log(Supplier<LoggingEventBuilder> line, String what) {
        long nowMs = clockMs.getAsLong();
        if (nowMs - secondSinceMs >= 1_000) {
            secondSinceMs = nowMs;
            lines = 0;
        }
        if (lines == LINES_A_SECOND) {
            unsaid++;
            return;
        }
        lines++;
        LoggingEventBuilder made = line.get();
        (unsaid > 0 ? made.addKeyValue("unsaid", unsaid) : made).log(what);
        unsaid = 0;
    }
}
