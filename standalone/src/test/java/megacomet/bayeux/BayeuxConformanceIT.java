package megacomet.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import megacomet.conformance.ConformanceCommand;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.BrowserLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

/**
 * The conformance tool finds nothing to say against the gateway: on one node, and on two between which chance chooses. Its
 * reports stay in {@code target/conformance}, from where {@code scripts/conformance-peers --write} takes the column of
 * docs/bayeux-conformance.md.
 */
@Isolated("its clients have time limits")
class BayeuxConformanceIT {

    private static final int TIMEOUT_MS = 2_000;
    private static final long MAX_INTERVAL_MS = 3_000;

    /** Shorter than maxInterval, as a session that waits must not expire. */
    private static final int MULTI_SESSION_INTERVAL_MS = 1_000;

    private static final String ORIGIN = "https://www.example.com";
    private static final String HOST = "gateway.example.com";
    private static final Path REPORTS = Path.of("target", "conformance");

    /** What fails although it is known, by "number transport", and why that is right. */
    private static final Map<String, String> KNOWN = Map.of(
            "107 long-polling", "events come with replies to connects alone, so that their order holds across nodes");

    private static final BayeuxOptions BAYEUX = new BayeuxOptions(
            List.of("/bayeux"),
            TIMEOUT_MS,
            0,
            MAX_INTERVAL_MS,
            1,
            MULTI_SESSION_INTERVAL_MS,
            false,
            List.of(HOST),
            0,
            false,
            null);

    /** All statements are about one client, which begins a thousand sessions for one of them. */
    private static final BrowserLimits BEGINS_MANY_SESSIONS =
            new BrowserLimits(50, 256 << 10, 60, 3_600_000, 4 << 20, 1_000, 1);

    @Test
    void everyStatementHoldsOnOneNode() throws IOException {
        assertConforms(1, "one-node");
    }

    @Test
    void everyStatementHoldsOnTwoNodesBetweenWhichChanceChooses() throws IOException {
        assertConforms(2, "two-nodes");
    }

    private void assertConforms(int nodes, String name) throws IOException {
        Files.createDirectories(REPORTS);
        Path json = REPORTS.resolve(name + ".json");
        StringWriter said = new StringWriter();
        try (Site site = new Site.Plan(RedisFixture.STANDALONE.options(), nodes)
                .tokens(TestTokens.keys())
                .bayeux(BAYEUX)
                .browserLimits(BEGINS_MANY_SESSIONS)
                .origins(ORIGIN)
                .open()) {
            String token = TestTokens.token(
                    "conformance",
                    3_600,
                    "{\"topics\":[\"**\"],\"publish\":[\"**\"],\"status\":true,"
                            + "\"limits\":{\"publishRate\":1000,\"newTopics\":10000,\"maxBytes\":1000000000}}");
            List<String> arguments = new ArrayList<>(List.of("--url", site.gatewayUrl(0) + "/bayeux"));
            if (nodes == 2) {
                arguments.addAll(List.of("--second-url", site.gatewayUrl(1) + "/bayeux"));
            }
            arguments.addAll(List.of("--max-interval-ms", "" + MAX_INTERVAL_MS));
            arguments.addAll(List.of("--token", token, "--rejected-token", token + "x"));
            arguments.addAll(List.of("--origin-allowed", ORIGIN, "--hosts", HOST));
            arguments.addAll(List.of("--service-channel", "/service/status", "--seed", "1"));
            arguments.addAll(List.of("--json", json.toString()));
            arguments.addAll(List.of("--report", REPORTS.resolve(name + ".html").toString()));
            CommandLine command = new CommandLine(new ConformanceCommand());
            command.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
            command.execute(arguments.toArray(String[]::new));
        }
        assertEquals(new TreeSet<>(KNOWN.keySet()), failures(json), said::toString);
    }

    private static Set<String> failures(Path json) throws IOException {
        Set<String> failures = new TreeSet<>();
        for (JsonNode statement : new ObjectMapper().readTree(json.toFile()).path("statements")) {
            for (JsonNode outcome : statement.path("outcomes")) {
                if (outcome.path("verdict").asText().equals("FAIL")) {
                    failures.add(statement.path("number").asText() + " "
                            + outcome.path("transport").asText());
                }
            }
        }
        return failures;
    }
}
