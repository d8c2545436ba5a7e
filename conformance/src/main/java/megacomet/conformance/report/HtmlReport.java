package megacomet.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import megacomet.conformance.judge.Level;
import megacomet.conformance.judge.Outcome;
import megacomet.conformance.judge.Run;
import megacomet.conformance.judge.Statement;
import megacomet.conformance.judge.Verdict;
import megacomet.conformance.wire.Exchange;

/** A run as one page that needs nothing else: statements, and folded away under each what went over the wire. */
public final class HtmlReport {

    private HtmlReport() {}

    public static String of(Run run) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Bayeux conformance of ")
                .append(escaped(urls(run)))
                .append("</title>\n<style>\n")
                .append(style())
                .append("</style>\n<h1>Bayeux conformance</h1>\n<p>")
                .append(escaped(urls(run)))
                .append(", ")
                .append(run.began())
                .append(", in ")
                .append(run.tookMs())
                .append(" ms. timeout ")
                .append(run.settings().timeoutMs())
                .append(" ms.</p>\n");
        totals(page, run);
        String chapter = "";
        for (Statement statement : run.statements()) {
            if (!statement.chapter().equals(chapter)) {
                chapter = statement.chapter();
                page.append("<h2>").append(escaped(chapter)).append("</h2>\n");
            }
            statement(page, run, statement);
        }
        return page.append("</html>\n").toString();
    }

    private static String urls(Run run) {
        return run.settings().urls().stream().map(Object::toString).collect(Collectors.joining(" and "));
    }

    private static void totals(StringBuilder page, Run run) {
        page.append("<table>\n<tr><th>level<th>pass<th>fail<th>skipped\n");
        for (Level level : Level.values()) {
            page.append("<tr><td>").append(level.word());
            for (Verdict verdict : Verdict.values()) {
                page.append("<td>").append(run.count(level, verdict));
            }
            page.append('\n');
        }
        page.append("</table>\n");
    }

    private static void statement(StringBuilder page, Run run, Statement statement) {
        Verdict verdict = run.verdict(statement);
        page.append("<details class=\"")
                .append(verdict.name())
                .append("\">\n<summary><b>")
                .append(statement.number())
                .append("</b> <i>")
                .append(statement.level().word())
                .append("</i> <em>")
                .append(verdict.name())
                .append("</em> ")
                .append(escaped(statement.sentence()))
                .append("</summary>\n<p class=\"source\">")
                .append(escaped(statement.source()))
                .append("</p>\n");
        for (Outcome outcome : run.outcomes(statement)) {
            outcome(page, outcome);
        }
        page.append("</details>\n");
    }

    private static void outcome(StringBuilder page, Outcome outcome) {
        page.append("<details class=\"")
                .append(outcome.verdict().name())
                .append("\">\n<summary>")
                .append(outcome.transport().type())
                .append(": <em>")
                .append(outcome.verdict().name())
                .append("</em> ")
                .append(escaped(outcome.reason()))
                .append(" (")
                .append(outcome.tookMs())
                .append(" ms)");
        if (outcome.verdict() == Verdict.FAIL) {
            page.append("<br>expected ")
                    .append(escaped(outcome.expected()))
                    .append("<br>came ")
                    .append(escaped(outcome.came()));
        }
        page.append("</summary>\n");
        for (Exchange exchange : outcome.exchanges()) {
            page.append("<h4>")
                    .append(exchange.atMs())
                    .append(" ms: ")
                    .append(escaped(exchange.title()))
                    .append("</h4>\n");
            block(page, exchange.sent());
            block(page, exchange.received());
        }
        page.append("</details>\n");
    }

    private static void block(StringBuilder page, String text) {
        if (!text.isBlank()) {
            page.append("<pre>").append(escaped(text)).append("</pre>\n");
        }
    }

    private static String style() {
        try (InputStream style = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
