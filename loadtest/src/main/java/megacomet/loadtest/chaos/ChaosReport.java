package megacomet.loadtest.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.chaos.judge.Verdict;

/** Says what came of a run. */
public final class ChaosReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** On the terminal; the file has them all. */
    private static final int BREACHES_SHOWN = 3;

    private ChaosReport() {}

    /** A line for each promise, with the first of its breaches. */
    public static void print(Outcome outcome, PrintWriter out) {
        out.printf(
                "%,d messages published, %,d acknowledged; tries that failed: %s%n",
                outcome.published(), outcome.acked(), outcome.refusals());
        out.printf(
                "the longest waits: %,d ms for an acknowledgement, %,d ms from there to a browser that did not go away%n",
                outcome.waits().publishMs(), outcome.waits().deliveryMs());
        out.printf("browsers' failures: %s%n", outcome.failures());
        int number = 0;
        for (Verdict verdict : outcome.verdicts()) {
            out.printf(
                    "%2d %-46s %-5s %s%n",
                    ++number, verdict.promise(), verdict.isKept() ? "kept" : "BROKEN", verdict.figures());
            verdict.excused().forEach((why, count) -> out.printf("   excused: %,d %s%n", count, why));
            verdict.breaches().stream().limit(BREACHES_SHOWN).forEach(breach -> out.printf("   %s%n", breach));
            if (verdict.breaches().size() > BREACHES_SHOWN) {
                out.printf("   … %,d breaches in all%n", verdict.breaches().size());
            }
        }
        out.printf("seed %d: %s%n", outcome.seed(), outcome.isGood() ? "good" : "BROKEN");
        out.flush();
    }

    public static void writeJson(Outcome outcome, Path file) throws IOException {
        JSON.writeValue(file.toFile(), outcome);
    }

    /** Every breach, beneath its promise, and the faults beside which they came. */
    public static void writeBreaches(Outcome outcome, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("seed " + outcome.seed() + ", --redis " + outcome.redis());
        outcome.faults()
                .forEach(fault ->
                        lines.add("%d to %d %s: %s".formatted(fault.fromMs(), fault.toMs(), fault.what(), fault.on())));
        for (Verdict verdict : outcome.verdicts()) {
            if (!verdict.isKept()) {
                lines.add("");
                lines.add(verdict.promise());
                lines.addAll(verdict.breaches());
            }
        }
        Files.write(file, lines);
    }
}
