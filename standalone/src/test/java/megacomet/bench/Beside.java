package megacomet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.Locale;

/**
 * Compares two runs of the load generator by what the servers' CPU did: {@code Beside NAME WANTED OURS.json PEER
 * PEERS.json}. Prints deliveries a CPU-second of both and their ratio, and exits with 1 if that is below what is wanted, or if of a
 * message to a topic the slowest of our bursts was slower than theirs.
 */
public final class Beside {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Beside() {}

    public static void main(String[] arguments) throws IOException {
        double wanted = Double.parseDouble(arguments[1]);
        JsonNode ours = JSON.readTree(new File(arguments[2]));
        String peer = arguments[3];
        JsonNode theirs = JSON.readTree(new File(arguments[4]));
        double ratio = perCpuSecond(ours) / perCpuSecond(theirs);
        boolean isReached = ratio >= wanted;
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f deliveries a CPU-second (%.1f µs), %s %,.0f (%.1f µs): ratio %.2f, wanted %.2f: %s%n",
                arguments[0],
                perCpuSecond(ours),
                1e6 / perCpuSecond(ours),
                peer,
                perCpuSecond(theirs),
                1e6 / perCpuSecond(theirs),
                ratio,
                wanted,
                isReached ? "reached" : "NOT REACHED");
        if (ours.path("fanout").has("all")) {
            double oursMs = slowestBurstMs(ours);
            double theirsMs = slowestBurstMs(theirs);
            boolean isAsFast = oursMs <= theirsMs;
            System.out.printf(
                    Locale.ROOT,
                    "%s: the slowest burst took %.0f ms, of %s %.0f ms: %s%n",
                    arguments[0],
                    oursMs,
                    peer,
                    theirsMs,
                    isAsFast ? "reached" : "NOT REACHED");
            isReached &= isAsFast;
        }
        if (!isReached) {
            System.exit(1);
        }
    }

    /** Deliveries a second of all the servers' CPU together. */
    private static double perCpuSecond(JsonNode run) {
        double cpuSeconds = 0;
        for (JsonNode servers : run.get("servers")) {
            cpuSeconds += servers.get("cpuSeconds").asDouble();
        }
        return run.get("counts").get("deliveries").asLong() / cpuSeconds;
    }

    private static double slowestBurstMs(JsonNode run) {
        return run.get("fanout").get("all").get("maxMs").asDouble();
    }
}
