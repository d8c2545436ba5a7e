package megacomet.loadtest.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.rest.Footprint;

/** Says what came of a soak. */
public final class SoakReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int BREACHES_SHOWN = 5;
    private static final String ROUND = "%5s %11s %9s %8s";
    private static final String GATEWAY = " | %5s %8s %8s %6s %5s";
    private static final String KEYS = " | %7s %7s %8s%n";

    private SoakReport() {}

    /** What is said while it goes on. */
    static String line(Round round, int rounds) {
        return String.format(
                Locale.ROOT,
                "round %d of %d: %,d connections, %,d messages, %,d drops, failures: %s; nobody there after %.1f s; %s",
                round.number(),
                rounds,
                round.connections(),
                round.delivered(),
                round.drops(),
                round.failures(),
                round.emptyMs() / 1_000.0,
                round.gateways().stream()
                        .map(gateway -> gateway.name() + " " + gateway.footprint())
                        .collect(Collectors.joining("; ")));
    }

    /** A row for each round, and a line for each verdict with the first of its breaches. */
    public static void print(SoakOutcome outcome, PrintWriter out) {
        out.println();
        printHead(outcome.rounds().get(0), out);
        outcome.rounds().forEach(round -> printRow(round, out));
        out.println();
        for (Verdict verdict : outcome.verdicts()) {
            out.printf("%-38s %-5s %s%n", verdict.promise(), verdict.isKept() ? "good" : "BAD", verdict.figures());
            verdict.breaches().stream().limit(BREACHES_SHOWN).forEach(breach -> out.printf("   %s%n", breach));
            if (verdict.breaches().size() > BREACHES_SHOWN) {
                out.printf("   … %,d in all%n", verdict.breaches().size());
            }
        }
        out.printf("seed %d: %s%n", outcome.seed(), outcome.isGood() ? "good" : "BAD");
        out.flush();
    }

    public static void writeJson(SoakOutcome outcome, Path file) throws IOException {
        JSON.writeValue(file.toFile(), outcome);
    }

    private static void printHead(Round round, PrintWriter out) {
        out.printf(ROUND, "", "", "", "");
        round.gateways().forEach(gateway -> out.printf(" | %-36s", gateway.name()));
        out.printf(KEYS, "Redis", "", "");
        out.printf(ROUND, "round", "connections", "delivered", "drops");
        round.gateways().forEach(gateway -> out.printf(GATEWAY, "files", "heap KB", "direct", "RSS MB", "seats"));
        out.printf(KEYS, "passing", "indexes", "lasting");
    }

    private static void printRow(Round round, PrintWriter out) {
        out.printf(
                ROUND,
                round.number(),
                grouped(round.connections()),
                grouped(round.delivered()),
                grouped(round.drops()));
        for (Round.Gateway gateway : round.gateways()) {
            Footprint takes = gateway.footprint();
            out.printf(
                    GATEWAY,
                    takes.files(),
                    grouped(takes.heapKb()),
                    grouped(takes.directKb()),
                    takes.rssKb() >> 10,
                    gateway.occupancy().seats());
        }
        out.printf(
                KEYS,
                grouped(round.keys().passing()),
                grouped(round.keys().indexes()),
                grouped(round.keys().lasting()));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
