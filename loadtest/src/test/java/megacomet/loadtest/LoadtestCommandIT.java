package megacomet.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import megacomet.loadtest.fixture.FakePushServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whole runs, with processes of their own, against a small server. */
class LoadtestCommandIT {

    @TempDir
    Path folder;

    private final StringWriter said = new StringWriter();
    private String failure;

    private int execute(String... arguments) {
        CommandLine command = new CommandLine(new LoadtestCommand());
        command.setOut(new PrintWriter(said));
        command.setExecutionExceptionHandler((e, line, parsed) -> {
            failure = e.getMessage();
            return 2;
        });
        command.setParameterExceptionHandler((e, parsed) -> {
            failure = e.getMessage();
            return 2;
        });
        return command.execute(arguments);
    }

    private JsonNode run(int expectedCode, String... arguments) throws IOException {
        return runDraining("30s", expectedCode, arguments);
    }

    /** @param drain how long what was published may take to come; a run ends at once when all has */
    private JsonNode runDraining(String drain, int expectedCode, String... arguments) throws IOException {
        Path json = folder.resolve("figures.json");
        List<String> quick = List.of("--settle", "10ms", "--drain", drain, "--json", json.toString());
        int code = execute(Stream.concat(Stream.of(arguments), quick.stream()).toArray(String[]::new));
        assertEquals(expectedCode, code, failure + "\n" + said);
        return new ObjectMapper().readTree(json.toFile());
    }

    @Test
    void severalProcessesPublishAndFanOutAsIfTheyWereOne() throws IOException {
        Path profile = folder.resolve("profile.json");
        Files.writeString(profile, """
                {"groups":[
                  {"dialect":"mega-json","browsers":90,"topic":"news","topicRate":4},
                  {"dialect":"nchan-longpoll","browsers":30,"rate":50},
                  {"dialect":"mega-sse","browsers":60,"rate":25,"bytes":1000}
                ]}""");
        try (FakePushServer server = FakePushServer.good()) {
            String[] arguments = {"mixed", profile.toString(), "--gateway", server.url(), "--publisher", server.url()};
            JsonNode outcome = run(
                    0,
                    Stream.concat(Stream.of(arguments), Stream.of("--files-per-process", "600", "--duration", "2s"))
                            .toArray(String[]::new));
            assertEquals(2, outcome.get("workers").asInt());
            assertEquals(180, outcome.get("heldAtStart").asInt());
            assertEquals(158, outcome.at("/counts/published").asInt());
            assertEquals(150 + 8 * 90, outcome.at("/counts/deliveries").asInt());
            assertEquals(150, outcome.at("/latency/count").asInt());
            assertEquals(8, outcome.at("/fanout/all/count").asInt());
            assertTrue(outcome.at("/fanout/first/p50Ms").asDouble()
                    <= outcome.at("/fanout/all/p50Ms").asDouble());
            assertTrue(said.toString().contains("verdict           good"), said.toString());
        }
    }

    @Test
    void aLossIsABreach() throws IOException {
        try (FakePushServer server = FakePushServer.losing()) {
            String[] publishing = {"--publisher", server.url(), "--rate", "100", "--duration", "1s"};
            JsonNode outcome = runDraining(
                    "2s",
                    1,
                    Stream.concat(Stream.of("deliver", "-n", "10", "--gateway", server.url()), Stream.of(publishing))
                            .toArray(String[]::new));
            // The message that tries the publisher is one of ten, too.
            assertEquals(10, outcome.at("/counts/lost").asInt(), 1);
            assertTrue(outcome.get("breaches").get(0).asText().endsWith(" lost"));
        }
    }

    @Test
    void aStormIsTimedUntilTheLastIsBack() throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            JsonNode outcome =
                    run(0, "storm", "-n", "50", "--gateway", server.url(), "--storms", "2", "--pause", "10ms");
            assertEquals(2, outcome.get("storms").size());
            for (JsonNode storm : outcome.get("storms")) {
                assertEquals(50, storm.get("back").asInt());
                assertEquals(
                        storm.at("/away/maxMs").asDouble() / 1_000,
                        storm.get("allBackS").asDouble());
            }
        }
    }

    @Test
    void thePageNeedsNothingButItself() throws IOException {
        Path page = folder.resolve("report.html");
        try (FakePushServer server = FakePushServer.good()) {
            String watched = "" + ProcessHandle.current().pid();
            JsonNode outcome = run(
                    0,
                    "hold",
                    "--dialect",
                    "plain-http",
                    "--gateway",
                    server.url() + "/held",
                    "-n",
                    "10",
                    "--duration",
                    "2s",
                    "--watch",
                    watched,
                    "--report",
                    page.toString());
            assertTrue(outcome.at("/counts/answers").asInt() > 10);
            assertTrue(outcome.at("/servers/0/pssMb").asDouble() > 0);
            String html = Files.readString(page);
            assertTrue(html.contains("<svg") && html.contains("CPU of the servers"), html);
            assertFalse(html.contains("src=") || html.contains("href=") || html.contains("{{"), html);
        }
    }

    @Test
    void nobodyListening() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertEquals(2, execute("hold", "--gateway", "http://127.0.0.1:" + port));
        assertEquals("http://127.0.0.1:" + port + ": Connection refused (mega-json)", failure);
    }

    @Test
    void aTargetThatDoesNotSpeakTheDialectIsSaid() throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            assertEquals(2, execute("hold", "--gateway", server.url() + "/wrong"));
            assertEquals(server.url() + "/wrong: answered 404 not_found (mega-json)", failure);
            assertEquals(2, execute("deliver", "--gateway", server.url(), "--publisher", server.url() + "/wrong"));
            assertEquals(server.url() + "/wrong: answered 404 not_found (publisher)", failure);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "hold",
                "hold --gateway ftp://x",
                "hold --gateway https://127.0.0.1",
                "hold --gateway http://",
                "hold --gateway http://127.0.0.1:1 --dialect telnet",
                "hold --gateway http://127.0.0.1:1 -n 0",
                "hold --gateway http://127.0.0.1:1 --duration 5",
                "hold --gateway http://127.0.0.1:1 --watch 999999999",
                "deliver --gateway http://127.0.0.1:1",
                "deliver --gateway http://127.0.0.1:1 --dialect plain-http",
                "deliver --gateway http://127.0.0.1:1 --bytes 3",
                "fanout --gateway http://127.0.0.1:1 --topic *",
                "storm --gateway http://127.0.0.1:1 --storms 0",
                "mixed /nonexistent --gateway http://127.0.0.1:1"
            })
    void aWrongQuestionIsExitCode2(String arguments) {
        assertEquals(2, execute(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertEquals(1, failure.lines().count(), failure);
    }
}
