package megacomet.standalone;

import static megacomet.web.fixture.RawHttp.get;
import static megacomet.web.fixture.RawHttp.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is sent to the applications' entrance by applications that are broken, and by those who are none. Whatever it is, it
 * gets a clear refusal, nothing of it is stored, and the next message is.
 */
class HostilePublishingIT {

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String GOOD = "{\"client\":\"CLIENT\",\"data\":1}";

    private static Site site;
    private static int port;
    private static int clients;
    private String client;

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
        port = URI.create(site.publisherUrl()).getPort();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void chooseClient() {
        client = "client-" + ++clients;
    }

    /** Soon, at least: after an attack that keeps the machine busy Redis may for a moment seem not to answer. */
    @AfterEach
    void itStillServes() {
        String request = post("/v1/messages", JSON, "{\"client\":\"other\",\"data\":1}");
        Awaitility.with()
                .pollDelay(Duration.ZERO)
                .until(() -> RawHttp.exchange(port, request).status() == 200);
    }

    private int queued() throws IOException {
        return Http.json(RawHttp.exchange(port, get("/v1/clients/" + client)).body())
                .get("queued")
                .asInt();
    }

    private Answer publish(String type, String body) throws IOException {
        return RawHttp.exchange(port, post("/v1/messages", type, body.replace("CLIENT", client)));
    }

    private JsonNode assertProblem(int status, String code, Answer answer) throws IOException {
        assertNotNull(answer, "closed without an answer");
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type"));
        JsonNode problem = Http.json(answer.body());
        assertEquals(code, problem.get("code").asText(), answer.body());
        assertEquals(status, problem.get("status").asInt());
        assertEquals(0, queued(), "something was stored");
        return problem;
    }

    // ---- one message

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | invalid_json | 0 | 0",
                "nonsense | invalid_json | 1 | 1",
                "{\"client\":\"CLIENT\",\"data\":1 | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":NaN} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":-Infinity} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":01} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":.5} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":+1} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":'x'} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":\"\t\"} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":\"\\x\"} | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":1}/**/ | invalid_json | 1 | 0",
                "{\"client\":\"CLIENT\",\"data\":1}{} | invalid_json | 1 | 0",
                "`{\"client\":\"CLIENT\",\n\"data\":[1,\n2,,3]}` | invalid_json | 3 | 3",
                "{\"client\":\"CLIENT\",\"data\":\"\u00ff\"} | invalid_utf8 | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":\"\u00ed\u00a0\u0080\"} | invalid_utf8 | 0 | 0",
                "1 | invalid_field | 0 | 0",
                "\"x\" | invalid_field | 0 | 0",
                "null | invalid_field | 0 | 0",
                "{} | missing_field | 0 | 0",
                "{\"client\":\"CLIENT\"} | missing_field | 0 | 0",
                "{\"data\":1} | missing_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlms\":5} | unknown_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"\":5} | unknown_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"data\":2} | duplicate_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"client\":\"CLIENT\",\"data\":2} | duplicate_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"clients\":[\"CLIENT\"],\"data\":2} | invalid_field | 0 | 0",
                "{\"clients\":[],\"data\":2} | invalid_field | 0 | 0",
                "{\"clients\":\"CLIENT\",\"data\":2} | invalid_field | 0 | 0",
                "{\"clients\":[\"CLIENT\",1],\"data\":2} | invalid_field | 0 | 0",
                "{\"clients\":[\"CLIENT\",\"\"],\"data\":2} | invalid_client | 0 | 0",
                "{\"client\":1,\"data\":2} | invalid_field | 0 | 0",
                "{\"client\":null,\"data\":2} | invalid_field | 0 | 0",
                "{\"client\":\"\",\"data\":2} | invalid_client | 0 | 0",
                "{\"client\":\"a\\nb\",\"data\":2} | invalid_client | 0 | 0",
                "{\"client\":\"\\udc00\",\"data\":2} | invalid_client | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":0} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":-1} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":604800001} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":18446744073709551617} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":1.5} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":1e3} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":\"1000\"} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"ttlMs\":null} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"id\":\"\"} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"id\":7} | invalid_field | 0 | 0",
                "{\"client\":\"CLIENT\",\"data\":1,\"id\":\"\\ud800\"} | invalid_field | 0 | 0"
            })
    void aMessageThatCannotBeIsRefusedWithItsCodeAndPlace(String body, String code, int line, int column)
            throws IOException {
        JsonNode problem = assertProblem(400, code, publish(JSON, body));
        assertEquals(line, problem.path("line").asInt(), problem.toString());
        if (column > 0) {
            assertEquals(column, problem.path("column").asInt(), problem.toString());
        }
    }

    @Test
    void overlongFieldsAreRefusedAndNotRepeated() throws IOException {
        assertProblem(400, "invalid_client", publish(JSON, "{\"client\":\"" + "c".repeat(129) + "\",\"data\":1}"));
        String more = ",\"data\":1}";
        assertProblem(
                400,
                "invalid_field",
                publish(JSON, "{\"client\":\"CLIENT\",\"id\":\"" + "i".repeat(129) + "\"" + more));
        Answer unknown = publish(JSON, "{\"client\":\"CLIENT\",\"" + "u".repeat(40_000) + "\":1" + more);
        assertProblem(400, "unknown_field", unknown);
        assertTrue(unknown.body().length() < 500, unknown.body());
        String many =
                IntStream.range(0, 1_000).mapToObj(i -> "\"CLIENT-" + i + "\",").collect(Collectors.joining());
        assertProblem(400, "invalid_field", publish(JSON, "{\"clients\":[" + many + "\"CLIENT\"]" + more));
    }

    @Test
    void deepNestingIsRefusedAndNotFollowedToTheEndOfTheStack() throws IOException {
        for (int depth : new int[] {1_001, 30_000}) {
            String deep = "{\"client\":\"CLIENT\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
            assertProblem(400, "invalid_json", publish(JSON, deep));
            String unknown = "{\"client\":\"CLIENT\",\"x\":" + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth) + "}";
            assertProblem(400, "invalid_json", publish(JSON, unknown));
        }
        assertProblem(400, "invalid_json", publish(JSON, "[".repeat(1 << 20)));
    }

    @Test
    void numbersOfAnySizeThatIsSaneAreKeptAndOthersRefused() throws IOException {
        String number = "-1" + "234567890".repeat(100) + ".5e-99999999";
        assertEquals(
                200,
                publish(JSON, "{\"client\":\"CLIENT\",\"data\":" + number + "}").status());
        Answer polled = RawHttp.exchange(
                URI.create(site.gatewayUrl(0)).getPort(), get("/v1/poll?timeoutMs=0&client=" + client));
        assertTrue(polled.body().contains("\"data\":" + number + "}"), polled.body());
        chooseClient();
        assertProblem(
                400, "invalid_json", publish(JSON, "{\"client\":\"CLIENT\",\"data\":" + "9".repeat(60_000) + "}"));
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() throws IOException {
        String large = "{\"client\":\"CLIENT\",\"data\":\"" + "x".repeat(65_535) + "\"}";
        assertProblem(413, "message_too_large", publish(JSON, large));
        assertEquals(200, publish(JSON, large.replace("xxx\"", "\"")).status());
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedHoweverItsLengthIsTold() throws IOException {
        String head = "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
        assertProblem(
                413, "body_too_large", RawHttp.exchange(port, head + "content-length: 9000000000000000000\r\n\r\n"));
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(head + "transfer-encoding: chunked\r\n\r\n");
            String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
            for (int i = 0; i < 9; i++) {
                http.send(chunk);
            }
            assertProblem(413, "body_too_large", http.read());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "text/json", "", "application/jsonx"})
    void anotherMediaTypeIsRefused(String type) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(post("/v1/messages", type, GOOD.replace("CLIENT", client)));
            assertProblem(415, "unsupported_media_type", http.read());
            assertEquals(200, http.send(get("/v1/stats")).read().status(), "on the same connection");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/messages, 405, POST",
        "PUT, /v1/messages, 405, POST",
        "POST, /v1/clients/x, 405, 'DELETE, GET'",
        "DELETE, /v1/stats, 405, GET",
        "HEAD, /v1/stats, 405, GET",
        "GET, /v1/client, 404, "
    })
    void anotherMethodOrPathIsRefused(String method, String path, int status, String allow) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            Answer answer = http.send(method + " " + path + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n")
                    .readAfter(method);
            assertEquals(status, answer.status(), answer.body());
            assertEquals(allow, answer.header("allow"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "a%0d%0ab", "%ff", "%ed%a0%80", "%zz", "%"})
    void aClientInThePathThatCannotBeIsRefused(String id) throws IOException {
        Answer answer = RawHttp.exchange(port, get("/v1/clients/" + id));
        assertEquals(400, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: evil.example",
                "host: localhost|origin: https://evil.example",
                "host: localhost|origin: null",
                "host: localhost.evil.example"
            })
    void aWebsiteCannotPublishToAnOpenServer(String headers) throws IOException {
        String body = GOOD.replace("CLIENT", client);
        Answer answer = RawHttp.exchange(
                port,
                "POST /v1/messages HTTP/1.1\r\n" + headers.replace("|", "\r\n")
                        + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
        assertEquals(403, answer.status());
        assertFalse(answer.headers().containsKey("access-control-allow-origin"));
        assertEquals(0, queued());
    }

    // ---- arrays

    @Test
    void anArrayThatIsNoJsonStoresNothing() throws IOException {
        for (String rest : new String[] {"", ",", ",]", ",{]", "]]", ",NaN]"}) {
            JsonNode problem = assertProblem(400, "invalid_json", publish(JSON, "[" + GOOD + rest));
            assertEquals(1, problem.get("line").asInt());
        }
    }

    @Test
    void whatIsWrongInAnArrayStandsInItsPlaceAndTheRestIsStored() throws IOException {
        Answer answer = publish(JSON, "[" + GOOD + ",1,[],{\"x\":{\"y\":[]}}," + GOOD + "]");
        assertEquals(200, answer.status());
        JsonNode results = Http.json(answer.body());
        assertEquals(5, results.size());
        for (int i = 1; i < 4; i++) {
            assertTrue(results.get(i).has("error"), answer.body());
        }
        assertEquals(2, queued());
    }

    // ---- NDJSON

    @Test
    void linesThatAreWrongAreAnsweredWithTheirNumbersAndTheRestIsStored() throws IOException {
        String tooLong = "{\"client\":\"CLIENT\",\"data\":\"" + "x".repeat(1 << 20) + "\"}";
        String lines = String.join(
                "\n",
                GOOD,
                "",
                "nonsense",
                " \t\r",
                "{\"client\":\"CLIENT\",\"data\":\"\u00ff\"}",
                tooLong,
                "[" + GOOD + "]",
                GOOD + GOOD,
                GOOD + "\r",
                "{\"client\":\"CLIENT\",\"data\":1}"); // and no line end at the end
        Answer answer = publish(NDJSON, lines);
        assertEquals(200, answer.status());
        assertEquals(NDJSON, answer.header("content-type"));
        List<JsonNode> answers = answer.body().lines().map(Http::json).toList();
        assertEquals(8, answers.size(), answer.body());
        assertEquals(
                "[0, 3, 5, 6, 7, 8, 0, 0]",
                answers.stream()
                        .map(one -> one.path("error").path("line").asInt())
                        .toList()
                        .toString());
        assertEquals(
                "[, invalid_json, invalid_utf8, body_too_large, invalid_field, invalid_json, , ]",
                answers.stream()
                        .map(one -> one.path("error").path("code").asText())
                        .toList()
                        .toString());
        assertEquals(3, queued());
    }

    @Test
    void aLineThatNeverEndsIsNotKept() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(ndjsonHead());
            String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
            for (int i = 0; i < 32; i++) {
                http.send(chunk);
            }
            http.send("0\r\n\r\n");
            Answer answer = http.read();
            assertEquals(200, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":{\"code\":\"body_too_large\""), answer.body());
        }
    }

    private static String ndjsonHead() {
        return "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n"
                + "transfer-encoding: chunked\r\n\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @Test
    void ofAnApplicationThatGoesAwayWholeLinesAreStoredAndTheHalfOneIsNot() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(ndjsonHead())
                    .send(chunk(GOOD.replace("CLIENT", client) + "\n{\"client\":\"" + client + "\",\"da"));
            Awaitility.await().until(() -> queued() == 1);
            http.send("2\r\n{}\r\n").reset();
        }
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(ndjsonHead()).send(chunk(GOOD.replace("CLIENT", client)));
            http.sendNoMore(); // a whole message, and no sign that it is one
            assertNull(http.read());
        }
        assertEquals(1, queued());
    }

    @Test
    void anApplicationThatReadsNothingIsReadFromNoMoreAndOthersAreServed() throws Exception {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(ndjsonHead());
            String lines = chunk("{\"x\":1}\n".repeat(8_192)); // 64 KiB, answered by ten times as much
            Flood flood = new Flood(http, lines);
            flood.start();
            // It takes a while until all buffers are full; then its thread is seen to wait in a write for good.
            Awaitility.await().until(flood::isStuck);
            itStillServes();
            flood.isOver = true;
            http.reset();
            flood.join(30_000);
            assertFalse(flood.isAlive());
        }
    }

    /** Sends, and reads nothing. */
    private static final class Flood extends Thread {
        private final RawHttp http;
        private final String lines;
        private volatile long sent;
        private volatile boolean isOver;

        Flood(RawHttp http, String lines) {
            this.http = http;
            this.lines = lines;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (!isOver) {
                    http.send(lines);
                    sent++;
                }
            } catch (IOException closed) {
                // as it should be
            }
        }

        /** Whether nothing more was taken for a second; fails if there seems to be no end to it. */
        boolean isStuck() throws InterruptedException {
            long before = sent;
            assertTrue(before < 4_096, "256 MiB were taken of an application that reads no answers");
            join(1_000);
            return isAlive() && sent == before;
        }
    }
}
