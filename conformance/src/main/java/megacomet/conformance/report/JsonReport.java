package megacomet.conformance.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import megacomet.conformance.judge.Outcome;
import megacomet.conformance.judge.Run;
import megacomet.conformance.judge.Statement;
import megacomet.conformance.wire.Exchange;
import megacomet.conformance.wire.Json;

/** A run as JSON, for programs and for {@link MarkdownTable}. */
public final class JsonReport {

    private JsonReport() {}

    public static String of(Run run) {
        ObjectNode report = Json.object();
        run.settings().urls().forEach(url -> report.withArrayProperty("urls").add(url.toString()));
        report.put("began", run.began().toString());
        report.put("tookMs", run.tookMs());
        report.put("timeoutMs", run.settings().timeoutMs());
        report.put("intervalMs", run.settings().intervalMs());
        run.settings().maxIntervalMs().ifPresent(ms -> report.put("maxIntervalMs", ms));
        run.offered().forEach(transport -> report.withArrayProperty("offered").add(transport.type()));
        report.put("good", run.isGood());
        ArrayNode statements = report.putArray("statements");
        for (Statement statement : run.statements()) {
            statements.add(statement(run, statement));
        }
        return Json.pretty(report);
    }

    private static ObjectNode statement(Run run, Statement statement) {
        ObjectNode node = Json.object(
                "number", statement.number(),
                "level", statement.level().word(),
                "chapter", statement.chapter(),
                "sentence", statement.sentence(),
                "source", statement.source(),
                "verdict", run.verdict(statement).name());
        for (Outcome outcome : run.outcomes(statement)) {
            node.withArrayProperty("outcomes").add(outcome(outcome));
        }
        return node;
    }

    private static ObjectNode outcome(Outcome outcome) {
        ObjectNode node = Json.object(
                "transport", outcome.transport().type(),
                "verdict", outcome.verdict().name(),
                "tookMs", outcome.tookMs());
        put(node, "reason", outcome.reason());
        put(node, "expected", outcome.expected());
        put(node, "came", outcome.came());
        ArrayNode exchanges = node.putArray("exchanges");
        for (Exchange exchange : outcome.exchanges()) {
            ObjectNode shown = Json.object("atMs", exchange.atMs(), "title", exchange.title());
            put(shown, "sent", exchange.sent());
            put(shown, "received", exchange.received());
            exchanges.add(shown);
        }
        return node;
    }

    private static void put(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }
}
