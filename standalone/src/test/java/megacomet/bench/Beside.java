package megacomet.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * Compares two runs of the load generator by what the servers' CPU did: {@code Beside NAME WANTED OURS.json PEER
 * PEERS.json}. Prints deliveries a CPU-second of both and their ratio, and exits with 1 if that is below what is wanted, or if of a
 * message to a topic the slowest of our bursts was slower than theirs.
 */
public final class Beside {

    private Beside() {}

    public static void main(String[] arguments) throws IOException {
        double wanted = Double.parseDouble(arguments[1]);
        LoadtestRun ours = LoadtestRun.read(arguments[2]);
        String peer = arguments[3];
        LoadtestRun theirs = LoadtestRun.read(arguments[4]);
        double ratio = ours.deliveriesACpuSecond() / theirs.deliveriesACpuSecond();
        boolean isReached = ratio >= wanted;
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f deliveries a CPU-second (%.1f µs), %s %,.0f (%.1f µs): ratio %.2f, wanted %.2f: %s%n",
                arguments[0],
                ours.deliveriesACpuSecond(),
                1e6 / ours.deliveriesACpuSecond(),
                peer,
                theirs.deliveriesACpuSecond(),
                1e6 / theirs.deliveriesACpuSecond(),
                ratio,
                wanted,
                isReached ? "reached" : "NOT REACHED");
        if (ours.json().path("fanout").has("all")) {
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

    private static double slowestBurstMs(LoadtestRun run) {
        return run.json().get("fanout").get("all").get("maxMs").asDouble();
    }
}
