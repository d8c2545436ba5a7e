package megacomet.conformance.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import megacomet.conformance.judge.Level;
import megacomet.conformance.judge.Outcome;
import megacomet.conformance.judge.Run;
import megacomet.conformance.judge.Statement;
import megacomet.conformance.judge.Verdict;

/** A run as lines of text: every statement, what failed, and the totals. */
public final class TerminalTable {

    private static final int DETAIL_MAX_LENGTH = 240;
    private static final String INDENT = " ".repeat(25);

    private TerminalTable() {}

    public static void print(Run run, PrintWriter out) {
        String chapter = "";
        for (Statement statement : run.statements()) {
            if (!statement.chapter().equals(chapter)) {
                chapter = statement.chapter();
                out.printf("%n%s%n", chapter);
            }
            printStatement(run, statement, out);
        }
        printTotals(run, out);
    }

    private static void printStatement(Run run, Statement statement, PrintWriter out) {
        Verdict verdict = run.verdict(statement);
        out.printf(
                "  %3d  %-9s  %-7s  %s%n", statement.number(), statement.level().word(), verdict, statement.sentence());
        List<Outcome> outcomes = run.outcomes(statement);
        for (Outcome outcome : outcomes) {
            if (outcome.verdict() == Verdict.FAIL) {
                String came = shortened(outcome.came());
                out.printf("%s%s: expected %s%n", INDENT, outcome.transport().type(), shortened(outcome.expected()));
                out.printf(
                        "%s%s  came %s%n",
                        INDENT, " ".repeat(outcome.transport().type().length()), came);
            }
        }
        if (verdict == Verdict.SKIPPED) {
            outcomes.stream()
                    .filter(outcome -> outcome.verdict() == Verdict.SKIPPED)
                    .collect(Collectors.groupingBy(Outcome::reason))
                    .forEach((reason, skipped) -> out.printf("%s%s: %s%n", INDENT, names(skipped), shortened(reason)));
        }
    }

    private static String names(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> outcome.transport().type()).collect(Collectors.joining(", "));
    }

    private static void printTotals(Run run, PrintWriter out) {
        out.printf("%n             pass  fail  skipped%n");
        for (Level level : Level.values()) {
            out.printf(
                    "  %-9s  %4d  %4d  %7d%n",
                    level.word(),
                    run.count(level, Verdict.PASS),
                    run.count(level, Verdict.FAIL),
                    run.count(level, Verdict.SKIPPED));
        }
        out.printf("  in %.1f s%n", run.tookMs() / 1_000.0);
        out.flush();
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= DETAIL_MAX_LENGTH ? line : line.substring(0, DETAIL_MAX_LENGTH) + "…";
    }
}
