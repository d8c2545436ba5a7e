package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import megacomet.conformance.report.MarkdownTable;
import megacomet.conformance.wire.Json;
import org.junit.jupiter.api.Test;

class MarkdownTableTest {

    private final Map<String, JsonNode> reports = new LinkedHashMap<>();

    MarkdownTableTest() {
        reports.put("one", report("FAIL", "PASS", "FAIL"));
        reports.put("other", report("FAIL", "FAIL", "FAIL"));
    }

    private static JsonNode report(String first, String second, String both) {
        return Json.parse("""
                {"statements":[{"number":28,"level":"must","chapter":"Connect","sentence":"/a/* | is","verdict":"%s",
                  "outcomes":[{"transport":"long-polling","verdict":"%s"},{"transport":"websocket","verdict":"%s"}]}]}
                """.formatted(both, first, second));
    }

    @Test
    void aColumnIsAReport() {
        assertTrue(MarkdownTable.of(reports).contains("| no. | level | statement | one | other |\n"));
    }

    @Test
    void aFailureOnSomeTransportsSaysOnWhich() {
        assertTrue(MarkdownTable.of(reports).contains("| **FAIL** (long-polling) | **FAIL** |\n"));
    }

    @Test
    void aPatternIsNoMarkup() {
        assertTrue(MarkdownTable.of(reports).contains("| 28 | must | /a/\\* \\| is |"));
    }

    @Test
    void levelsAreCounted() {
        assertTrue(MarkdownTable.of(reports).contains("| must | 0, 1, 0 | 0, 1, 0 |\n"));
    }
}
