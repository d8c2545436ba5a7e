package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import megacomet.fixture.Http;
import megacomet.fixture.StandaloneProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load generator against the whole product, each in processes of its own, as users start them. */
class LoadtestIT {

    private static final int BROWSERS = 2_000;

    @TempDir
    Path folder;

    private JsonNode run(StandaloneProcess server, String... arguments) throws IOException {
        Path json = folder.resolve("figures.json");
        List<String> target = List.of(
                "--gateway",
                "http://127.0.0.1:" + server.port(),
                "--publisher",
                "http://127.0.0.1:" + server.publishPort(),
                "--watch",
                "" + server.group().get(0).pid(),
                "--json",
                json.toString(),
                // What takes long on a busy machine is not wrong; all of this ends as soon as it can.
                "--connect-rate",
                "400",
                "--connect-timeout",
                "2m",
                "--drain",
                "1m",
                "--message-ttl",
                "10m");
        int code = Main.run(Stream.concat(Stream.concat(Stream.of("loadtest"), Stream.of(arguments)), target.stream())
                .toArray(String[]::new));
        String figures = Files.exists(json) ? Files.readString(json) : "no figures";
        assertEquals(0, code, figures + server.said());
        return Http.json(figures);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "mega-jsonp"})
    void twoThousandBrowsersGetEveryMessageOnceAndInOrder(String dialect) throws IOException {
        try (StandaloneProcess server = StandaloneProcess.start()) {
            JsonNode outcome = run(
                    server, "deliver", "--dialect", dialect, "-n", "" + BROWSERS, "--rate", "50", "--duration", "4s");
            assertEquals(BROWSERS, outcome.get("heldAtStart").asInt());
            assertEquals(200, outcome.at("/counts/planned").asInt());
            assertEquals(200, outcome.at("/counts/published").asInt());
            assertEquals(200, outcome.at("/counts/deliveries").asInt());
            assertEquals(200, outcome.at("/latency/count").asInt());
            assertEquals(0, outcome.at("/counts/lost").asInt());
            assertTrue(outcome.at("/servers/0/pssMb").asDouble() > 0);
            assertTrue(outcome.at("/servers/0/cpuSeconds").asDouble() > 0);
        }
    }

    @Test
    void afterAStormTwoThousandAreServedAgain() throws IOException {
        try (StandaloneProcess server = StandaloneProcess.start()) {
            JsonNode outcome = run(server, "storm", "-n", "" + BROWSERS);
            assertEquals(BROWSERS, outcome.at("/storms/0/back").asInt());
            assertTrue(outcome.at("/storms/0/allBackS").asDouble() > 0);
        }
    }
}
