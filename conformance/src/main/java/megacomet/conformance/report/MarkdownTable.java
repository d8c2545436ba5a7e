package megacomet.conformance.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Several runs side by side: a row a statement, a column a server, as a table for a document. */
public final class MarkdownTable {

    private MarkdownTable() {}

    /** @param reports what {@link JsonReport} wrote, under the columns' names */
    public static String of(Map<String, JsonNode> reports) {
        StringBuilder table = new StringBuilder();
        Map<Integer, JsonNode> statements = new LinkedHashMap<>();
        reports.values()
                .forEach(report -> report.path("statements")
                        .forEach(statement ->
                                statements.putIfAbsent(statement.path("number").asInt(), statement)));
        String chapter = "";
        for (JsonNode statement : statements.values()) {
            if (!statement.path("chapter").asText().equals(chapter)) {
                chapter = statement.path("chapter").asText();
                table.append("\n### ").append(chapter).append("\n\n");
                row(table, head(reports));
                row(table, reports.keySet().stream().map(name -> "---").toList(), "--:", "---", "---");
            }
            row(table, statement, reports);
        }
        return table.append('\n').append(totals(reports)).toString().stripLeading();
    }

    private static List<String> head(Map<String, JsonNode> reports) {
        List<String> head = new ArrayList<>(List.of("no.", "level", "statement"));
        head.addAll(reports.keySet());
        return head;
    }

    private static void row(StringBuilder table, JsonNode statement, Map<String, JsonNode> reports) {
        List<String> cells = new ArrayList<>(List.of(
                statement.path("number").asText(),
                statement.path("level").asText(),
                escaped(statement.path("sentence").asText())));
        for (JsonNode report : reports.values()) {
            cells.add(verdict(report, statement.path("number").asInt()));
        }
        row(table, cells);
    }

    /** The verdict; where a statement fails on some transports only, which those are. */
    private static String verdict(JsonNode report, int number) {
        for (JsonNode statement : report.path("statements")) {
            if (statement.path("number").asInt() == number) {
                String verdict = statement.path("verdict").asText();
                if (!verdict.equals("FAIL")) {
                    return verdict.equals("PASS") ? "pass" : "skipped";
                }
                TreeSet<String> failed = new TreeSet<>();
                boolean everywhere = true;
                for (JsonNode outcome : statement.path("outcomes")) {
                    if (outcome.path("verdict").asText().equals("FAIL")) {
                        failed.add(outcome.path("transport").asText());
                    } else if (outcome.path("verdict").asText().equals("PASS")) {
                        everywhere = false;
                    }
                }
                return everywhere ? "**FAIL**" : "**FAIL** (" + String.join(", ", failed) + ")";
            }
        }
        return "";
    }

    private static String totals(Map<String, JsonNode> reports) {
        StringBuilder table = new StringBuilder("### Totals: pass, fail, skipped\n\n");
        List<String> head = new ArrayList<>(List.of("level"));
        head.addAll(reports.keySet());
        row(table, head);
        row(table, head.stream().map(name -> "---").toList());
        for (String level : List.of("must", "should", "client", "hardening")) {
            List<String> cells = new ArrayList<>(List.of(level));
            for (JsonNode report : reports.values()) {
                cells.add(count(report, level, "PASS") + ", " + count(report, level, "FAIL") + ", "
                        + count(report, level, "SKIPPED"));
            }
            row(table, cells);
        }
        return table.toString();
    }

    private static int count(JsonNode report, String level, String verdict) {
        int count = 0;
        for (JsonNode statement : report.path("statements")) {
            if (statement.path("level").asText().equals(level)
                    && statement.path("verdict").asText().equals(verdict)) {
                count++;
            }
        }
        return count;
    }

    private static void row(StringBuilder table, List<String> last, String... first) {
        List<String> cells = new ArrayList<>(List.of(first));
        cells.addAll(last);
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Stars and bars of channel patterns are no markup. */
    private static String escaped(String sentence) {
        return sentence.replaceAll("([*_|<>\\[\\]])", "\\\\$1");
    }
}
