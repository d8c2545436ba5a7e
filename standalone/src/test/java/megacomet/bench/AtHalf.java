package megacomet.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * Two steps of {@code scripts/bench-latency}: {@code AtHalf rate GREATEST.json} prints half of the rate that a run of closed loops
 * has reached; {@code AtHalf judge DELIVER.json WANTED_MS} compares the 99th percentile of a run with what is wanted, and exits
 * with 1 if that is exceeded or the run was not good.
 */
public final class AtHalf {

    private AtHalf() {}

    public static void main(String[] arguments) throws IOException {
        LoadtestRun run = LoadtestRun.read(arguments[1]);
        double rate = run.deliveriesASecond();
        if (arguments[0].equals("rate")) {
            System.out.printf(Locale.ROOT, "%.0f%n", rate / 2);
            return;
        }
        double wantedMs = Double.parseDouble(arguments[2]);
        double p99Ms = run.latencyMs("p99Ms");
        boolean isReached = p99Ms <= wantedMs && run.isGood();
        System.out.printf(
                Locale.ROOT,
                "latency: %,.0f messages a second, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; p99 wanted %.0f ms: %s%n",
                rate,
                run.latencyMs("p50Ms"),
                p99Ms,
                run.latencyMs("p999Ms"),
                wantedMs,
                isReached ? "reached" : "NOT REACHED");
        if (!isReached) {
            System.exit(1);
        }
    }
}
