package megacomet.loadtest.siege;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.judge.Verdict;

/** Says what came of a run. */
public final class SiegeReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String ROW = "%-20s %9s %9s %8s %8s %8s %8s  %-6s %s%n";
    private static final int BREACHES_SHOWN = 3;
    private static final double BYTES_A_MB = 1 << 20;

    private SiegeReport() {}

    /** What is said while it goes on. */
    static String line(Row row, List<String> breaches) {
        return "%-20s %5.1f s  %s".formatted(row.attack(), row.ms() / 1_000.0, breaches.isEmpty() ? "stood" : breaches);
    }

    /** A row for each attack, its breaches beneath it, and a line for each promise to honest browsers. */
    public static void print(SiegeOutcome outcome, PrintWriter out) {
        out.println();
        out.printf(ROW, "", "sent", "sent", "gateway", "direct", "Redis", "honest", "", "");
        out.printf(ROW, "attack", "", "MB", "RSS MB", "MB", "+MB", "p99 ms", "", "how it ended; what was counted");
        for (int i = 0; i < outcome.rows().size(); i++) {
            Row row = outcome.rows().get(i);
            List<String> breaches = outcome.breaches().get(i);
            Peaks peaks = row.peaks();
            out.printf(
                    ROW,
                    row.attack(),
                    grouped(row.outcome().requests()),
                    "%.1f".formatted(row.outcome().bytes() / BYTES_A_MB),
                    grouped(Math.round(peaks.gatewayRssMb())),
                    grouped(Math.round(peaks.directMb())),
                    grouped(Math.round(peaks.redisMb())),
                    grouped(row.delays().p99Ms()),
                    breaches.isEmpty() ? "stood" : "FELL",
                    counts(row.outcome().ends()) + "; " + counts(row.counted()));
            breaches.forEach(breach -> out.printf("   %s%n", breach));
        }
        out.println();
        out.printf(
                "%,d honest messages published, %,d acknowledged; tries that failed: %s; browsers' failures: %s%n",
                outcome.published(), outcome.acked(), outcome.refusals(), outcome.failures());
        for (Verdict verdict : outcome.verdicts()) {
            out.printf("%-38s %-6s %s%n", verdict.promise(), verdict.isKept() ? "kept" : "BROKEN", verdict.figures());
            verdict.breaches().stream().limit(BREACHES_SHOWN).forEach(breach -> out.printf("   %s%n", breach));
            if (verdict.breaches().size() > BREACHES_SHOWN) {
                out.printf("   … %,d in all%n", verdict.breaches().size());
            }
        }
        long stood = outcome.breaches().stream().filter(List::isEmpty).count();
        out.printf(
                "seed %d: %d of %d attacks stood, %s%n",
                outcome.seed(), stood, outcome.rows().size(), outcome.isGood() ? "good" : "BAD");
        out.flush();
    }

    public static void writeJson(SiegeOutcome outcome, Path file) throws IOException {
        JSON.writeValue(file.toFile(), outcome);
    }

    private static String counts(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "nothing"
                : counts.entrySet().stream()
                        .map(entry -> "%s %s".formatted(brief(entry.getKey()), grouped(entry.getValue())))
                        .collect(Collectors.joining(", "));
    }

    /** A metric's labels say enough. */
    private static String brief(String name) {
        return name.replace("megacomet_connections_cut_total", "cut").replace("megacomet_refused_total", "refused");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
