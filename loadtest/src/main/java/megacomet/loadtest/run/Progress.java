package megacomet.loadtest.run;

import java.io.PrintStream;
import java.util.Locale;

/** The live line: on a terminal it is written over every second, elsewhere a new one stands every ten. */
public final class Progress {

    private static final int LINE_EVERY_S = 10;

    private final PrintStream out;
    private final boolean isTerminal;
    private String phase = "";
    private int shown;
    private int width;

    public Progress(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    void phase(String name) {
        phase = name;
    }

    void show(Sample sample, int browsers, long errors) {
        String line = String.format(
                Locale.ROOT,
                "%-8s %4.0f s  connected %,d/%,d  held %,d  published %,.0f/s  delivered %,.0f/s"
                        + "  p50 %.1f  p99 %.1f  p99.9 %.1f ms  errors %,d",
                phase,
                sample.atS(),
                sample.connected(),
                browsers,
                sample.held(),
                sample.publishedPerS(),
                sample.deliveriesPerS(),
                sample.p50Ms(),
                sample.p99Ms(),
                sample.p999Ms(),
                errors);
        if (isTerminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else if (shown % LINE_EVERY_S == 0) {
            out.println(line);
        }
        shown++;
    }

    void end() {
        if (isTerminal && width > 0) {
            out.println();
            width = 0;
        }
    }
}
