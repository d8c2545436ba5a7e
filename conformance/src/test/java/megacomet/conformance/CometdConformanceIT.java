package megacomet.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CometD 7.0.11 is known: what it keeps and what not is written down, and each failure of it was understood. A change of the
 * tool that judges it otherwise is a mistake until it is explained.
 */
class CometdConformanceIT {

    @TempDir
    Path folder;

    @Test
    void cometdIsJudgedAsWasFoundOutByHand() throws Exception {
        Path page = folder.resolve("report.html");
        Tool tool;
        try (CometdServer server = new CometdServer(0)) {
            tool = Tool.run(
                    "--url", server.url(),
                    "--max-interval-ms", String.valueOf(CometdServer.MAX_INTERVAL_MS),
                    "--rejected-token", CometdServer.REJECTED_TOKEN,
                    "--token", "accepted",
                    "--report", page.toString());
        }
        Map<String, String> expected = ExpectedVerdicts.read("cometd-7.0.11.txt");
        assertEquals(lines(expected), lines(tool.verdicts()), tool::said);
        assertEquals(1, tool.exitCode(), "CometD fails statements that the specification needs");
        String html = Files.readString(page);
        assertTrue(html.contains("Bayeux conformance"), html);
        assertTrue(
                !html.contains("<script") && !html.contains("<link") && !html.contains("src="),
                "the page needs nothing from elsewhere, and runs nothing that a server sent");
    }

    private static String lines(Map<String, String> verdicts) {
        StringBuilder lines = new StringBuilder();
        verdicts.forEach((statement, verdict) ->
                lines.append(statement).append(' ').append(verdict).append('\n'));
        return lines.toString();
    }
}
