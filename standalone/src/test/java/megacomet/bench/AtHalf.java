package megacomet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
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
        JsonNode run = new ObjectMapper().readTree(new File(arguments[1]));
        double rate = run.get("counts").get("deliveries").asLong()
                / run.get("measuredS").asDouble();
        if (arguments[0].equals("rate")) {
            System.out.printf(Locale.ROOT, "%.0f%n", rate / 2);
            return;
        }
        double wantedMs = Double.parseDouble(arguments[2]);
        double p99Ms = run.get("latency").get("p99Ms").asDouble();
        boolean isReached = p99Ms <= wantedMs && run.get("breaches").isEmpty();
        System.out.printf(
                Locale.ROOT,
                "latency: %,.0f messages a second, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; p99 wanted %.0f ms: %s%n",
                rate,
                run.get("latency").get("p50Ms").asDouble(),
                p99Ms,
                run.get("latency").get("p999Ms").asDouble(),
                wantedMs,
                isReached ? "reached" : "NOT REACHED");
        if (!isReached) {
            System.exit(1);
        }
    }
}
