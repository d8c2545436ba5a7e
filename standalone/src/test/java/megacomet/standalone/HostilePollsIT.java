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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is sent to the browsers' entrance by those who are no browsers. Whatever it is, it gets a clear refusal or none, and
 * the gateway goes on: no hold is left, and the next poll is answered.
 */
class HostilePollsIT {

    private static final String POLL = "/v1/poll?client=42&timeoutMs=0";
    private static final int CALLBACKS = 10_000;

    private static Site site;
    private static int port;

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
        port = URI.create(site.gatewayUrl(0)).getPort();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @AfterEach
    void itStillServes() throws IOException {
        Awaitility.with().pollDelay(Duration.ZERO).until(() -> site.holds() == 0);
        Answer answer = RawHttp.exchange(port, get(POLL));
        assertEquals(200, answer.status());
        assertEquals("[]", Http.json(answer.body()).get("messages").toString());
    }

    private static JsonNode assertProblem(int status, String code, Answer answer) {
        assertNotNull(answer, "closed without an answer");
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals("nosniff", answer.header("x-content-type-options"));
        JsonNode problem = Http.json(answer.body());
        assertEquals(code, problem.get("code").asText(), answer.body());
        assertEquals(status, problem.get("status").asInt());
        assertEquals("urn:megacomet:error:" + code, problem.get("type").asText());
        return problem;
    }

    // ---- the head of a request

    @Test
    void anOverlongRequestLineIsRefusedAndItsConnectionClosed() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(get(POLL + "&x=" + "y".repeat(9_000)));
            assertProblem(414, "uri_too_long", http.read());
            http.awaitClosed();
        }
    }

    @Test
    void overlongHeadersAreRefusedAndTheirConnectionClosed() throws IOException {
        String[] many = new String[400];
        for (int i = 0; i < many.length; i++) {
            many[i] = "x-" + i + ": " + "y".repeat(20);
        }
        for (String request : new String[] {get(POLL, "x: " + "y".repeat(9_000)), get(POLL, many)}) {
            try (RawHttp http = RawHttp.connect(port)) {
                http.send(request);
                assertProblem(431, "headers_too_large", http.read());
                http.awaitClosed();
            }
        }
    }

    @Test
    void aHeadThatNeverEndsIsRefusedWhenItIsTooLong() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            for (int i = 0; i < 20; i++) {
                http.send("G".repeat(1_000));
            }
            assertProblem(414, "uri_too_long", http.read());
            http.awaitClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\nhost : localhost\r\n\r\n",
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\n: x\r\n\r\n",
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\nx\0y: z\r\n\r\n",
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\nx: a\0b\r\n\r\n",
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\nx: a\u000bb\r\n\r\n",
                "GET /v1/poll?client=42&timeoutMs=0 HTTP/x.y\r\nhost: localhost\r\n\r\n",
                "GET\r\nhost: localhost\r\n\r\n",
                "\u0016\u0003\1\2\0\1\0\1\u00fc\3\3\r\n\r\n", // a TLS handshake
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
            })
    void aHeadThatIsNoHttpIsRefusedAndItsConnectionClosed(String request) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(request);
            Answer answer = http.read();
            if (answer != null) {
                boolean isOfAnotherVersion = request.startsWith("PRI") && answer.status() == 501;
                assertTrue(answer.status() >= 400 && answer.status() < 500 || isOfAnotherVersion, answer.toString());
            }
            assertNull(http.read());
        }
    }

    @Test
    void aNulInTheTargetIsRefused() throws IOException {
        assertProblem(400, "invalid_client", RawHttp.exchange(port, get("/v1/poll?client=4\u00002&timeoutMs=0")));
    }

    @Test
    void bytesThatBeginNoRequestAreRefusedAndTheirConnectionClosed() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            Answer answer = http.send("\0\1\2\3\r\n\r\n").sendNoMore().read();
            assertProblem(400, "invalid_request", answer);
            assertNull(http.read());
        }
    }

    @Test
    void aHeaderThatGoesOnInTheNextLineAddsNoHeader() throws IOException {
        Answer answer = RawHttp.exchange(
                port, get(POLL, "x-folded: a\r\n origin: https://evil.example\r\n\tauthorization: Bearer x"));
        assertTrue(answer.status() == 200 || answer.status() == 400, answer.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "TRACE", "HEAD", "FOO", "get", "CONNECT"})
    void anotherMethodIsRefusedAndToldWhichThereAre(String method) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(get("/v1/poll?client=42").replaceFirst("GET", method));
            Answer answer = http.readAfter(method);
            assertEquals(405, answer.status());
            assertEquals("GET, OPTIONS, POST", answer.header("allow"));
            if (!method.equals("HEAD")) {
                assertProblem(405, "method_not_allowed", answer);
            }
            assertEquals(200, http.send(get(POLL)).read().status(), "on the same connection");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/poll/x",
        "/v1",
        "/v1/poll%00",
        "/V1/poll",
        "/v1/polls",
        "/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "*",
        "/v1/%ff"
    })
    void anotherPathIsNotFound(String path) throws IOException {
        Answer answer = RawHttp.exchange(port, get(path));
        assertTrue(answer.status() == 404 || answer.status() == 400, answer.toString());
        assertEquals("application/problem+json", answer.header("content-type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: Upgrade|upgrade: websocket|sec-websocket-version: 13|sec-websocket-key: dGhlIHNhbXBsZQ==",
                "connection: Upgrade, HTTP2-Settings|upgrade: h2c|http2-settings: AAMAAABkAAQAAP__",
                "connection: Upgrade|upgrade: TLS/1.0",
                "connection: Upgrade|upgrade: x\ty"
            })
    void aPollThatAsksForAnotherProtocolIsAnsweredInThisOne(String headers) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            Answer answer = http.send(get(POLL, headers.split("\\|"))).read();
            assertEquals(200, answer.status());
            assertNull(answer.header("upgrade"));
            assertEquals(200, http.send(get(POLL)).read().status(), "on the same connection");
        }
    }

    // ---- where a request ends

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 4|content-length: 5",
                "content-length: 4, 5",
                "content-length: -1",
                "content-length: +4",
                "content-length: 0x4",
                "content-length: 4 4",
                "content-length: 99999999999999999999",
                "transfer-encoding: chunked|content-length: -1"
            })
    void aLengthThatIsNoneOrTwoIsRefusedAndNothingOfTheBodyIsTakenForARequest(String headers) throws IOException {
        assertNoSecondAnswer("POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + headers.replace("|", "\r\n") + "\r\n\r\n" + get(POLL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transfer-encoding: xchunked",
                "transfer-encoding: chunked, identity",
                "transfer-encoding: identity",
                "transfer-encoding: chunked|transfer-encoding: identity",
                "transfer-encoding:\u000bchunked"
            })
    void aTransferCodingThatIsNotKnownIsRefusedAndNothingOfTheBodyIsTakenForARequest(String headers)
            throws IOException {
        assertNoSecondAnswer("POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + headers.replace("|", "\r\n") + "\r\n\r\n" + get(POLL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "-1\r\n",
                "\r\n",
                "ffffffffffffffffff\r\n",
                "0x4\r\n",
                " 4 4\r\n",
                "4\r\n{}\r\n\r\nxx\r\n"
            })
    void aChunkOfNoSizeIsRefusedAndNothingOfTheBodyIsTakenForARequest(String chunk) throws IOException {
        assertNoSecondAnswer("POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\n\r\n" + chunk + "\r\n" + get(POLL));
    }

    private static void assertNoSecondAnswer(String request) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(request);
            Answer answer = http.read();
            if (answer != null) {
                assertTrue(answer.status() >= 400 && answer.status() < 500, answer.toString());
                assertNull(http.read(), "a second answer");
            }
        }
    }

    @Test
    void ofTwoWaysToEndABodyTheChunksCount() throws IOException {
        String body = "{\"client\":\"42\",\"timeoutMs\":0}";
        String chunked = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        try (RawHttp http = RawHttp.connect(port)) {
            http.send("POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                    + "content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n" + chunked);
            Answer answer = http.read();
            assertTrue(answer.status() == 200 || answer.status() == 400, answer.toString());
            http.sendNoMore();
            assertNull(http.read(), "what is behind three bytes was taken for a request");
        }
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInTheirOrder() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(get(POLL + "&callback=a") + get("/nothing") + get(POLL + "&callback=b"));
            assertTrue(http.read().body().startsWith("/**/a("));
            assertProblem(404, "not_found", http.read());
            assertTrue(http.read().body().startsWith("/**/b("));
        }
    }

    // ---- parameters

    @ParameterizedTest
    @CsvSource({
        "'', missing_client",
        "client=, missing_client",
        "client=a&client=b, invalid_parameter",
        "client=a;client=b, invalid_parameter",
        "client=a&cursor=&cursor=, invalid_parameter",
        "client=%, invalid_parameter",
        "client=%4, invalid_parameter",
        "client=%zz, invalid_parameter",
        "client=%ff, invalid_client",
        "client=%c0%af, invalid_client",
        "client=%ed%a0%80, invalid_client",
        "client=%00, invalid_client",
        "client=a%0d%0aset-cookie:x=1, invalid_client",
        "client=a%c2%85, invalid_client",
        "client=a&timeoutMs=-1, invalid_parameter",
        "client=a&timeoutMs=1e3, invalid_parameter",
        "client=a&timeoutMs=%20 1, invalid_parameter",
        "client=a&timeoutMs=%ef%bc%91, invalid_parameter",
        "client=a&timeoutMs=NaN, invalid_parameter",
        "client=a&conn=b&n=x, invalid_parameter",
        "client=a&cursor=x, invalid_cursor",
        "client=a&cursor=AAAA, invalid_cursor",
        "client=a&cursor=%0d%0a, invalid_cursor"
    })
    void aParameterThatCannotBeIsNamed(String query, String code) throws IOException {
        Answer answer = RawHttp.exchange(port, get("/v1/poll?" + query.replace(" ", "")));
        assertProblem(400, code, answer);
        assertFalse(answer.headers().containsKey("set-cookie"));
    }

    @Test
    void overlongParametersAreRefused() throws IOException {
        assertProblem(400, "invalid_client", RawHttp.exchange(port, get("/v1/poll?client=" + "a".repeat(129))));
        assertProblem(400, "invalid_cursor", RawHttp.exchange(port, get(POLL + "&cursor=" + "A".repeat(5_000))));
        assertProblem(400, "invalid_parameter", RawHttp.exchange(port, get(POLL + "&conn=" + "a".repeat(65))));
    }

    @Test
    void numbersThatAreTooLargeAreTakenAsTheLargest() throws IOException {
        String digits = "9".repeat(3_000);
        Answer answer = RawHttp.exchange(port, get("/v1/poll?client=42&timeoutMs=0&conn=a&n=" + digits));
        assertEquals(200, answer.status());
    }

    @Test
    void manyUnknownParametersAreIgnored() throws IOException {
        assertEquals(200, RawHttp.exchange(port, get(POLL + "&a".repeat(3_000))).status());
    }

    // ---- bodies

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | invalid_json",
                "null | invalid_json",
                "[] | invalid_json",
                "1 | invalid_json",
                "{ | invalid_json",
                "{\"client\":\"42\" | invalid_json",
                "{\"client\":\"42\",} | invalid_json",
                "{client:\"42\"} | invalid_json",
                "{\"client\":\"42\",\"n\":NaN} | invalid_json",
                "{\"client\":\"42\"} {} | invalid_json",
                "{\"client\":\"42\"}} | invalid_json",
                "{\"client\":\"41\",\"client\":\"42\"} | invalid_json",
                "{\"client\":\"\u00ff\"} | invalid_utf8",
                "{\"client\":\"\u00ed\u00a0\u0080\"} | invalid_utf8",
                "\u00ff\u00fe{\0}\0 | invalid_utf8",
                "{\"client\":\"\\ud800\"} | invalid_client",
                "{\"client\":\"\\u0000\"} | invalid_client",
                "{} | missing_client",
                "{\"client\":null} | missing_client",
                "{\"client\":{}} | invalid_parameter",
                "{\"client\":true} | invalid_parameter",
                "{\"client\":4.2} | invalid_parameter",
                "{\"client\":\"42\",\"timeoutMs\":-1} | invalid_parameter",
                "{\"client\":\"42\",\"timeoutMs\":1e400} | invalid_parameter",
                "{\"client\":\"42\",\"timeoutMs\":[0]} | invalid_parameter",
                "{\"client\":\"42\",\"cursor\":\"x\"} | invalid_cursor"
            })
    void aBodyThatCannotBeIsRefusedAndItsConnectionGoesOn(String body, String code) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            Answer answer =
                    http.send(post("/v1/poll", "application/json", body)).read();
            JsonNode problem = assertProblem(400, code, answer);
            if (code.equals("invalid_json") && body.startsWith("{") && !body.contains("client\":\"41")) {
                assertEquals(1, problem.path("line").asInt(), answer.body());
                assertTrue(problem.path("column").asInt() > 1, answer.body());
            }
            assertEquals(200, http.send(get(POLL)).read().status());
        }
    }

    @Test
    void deepNestingAndLongNumbersAreRefused() throws IOException {
        String deep = "{\"client\":\"42\",\"x\":" + "[".repeat(8_000) + "]".repeat(8_000) + "}";
        assertProblem(400, "invalid_json", RawHttp.exchange(port, post("/v1/poll", "application/json", deep)));
        String large = "{\"client\":\"42\",\"timeoutMs\":" + "9".repeat(16_000) + "}";
        assertProblem(400, "invalid_json", RawHttp.exchange(port, post("/v1/poll", "application/json", large)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "",
                ";",
                "multipart/form-data"
            })
    void anotherMediaTypeIsRefused(String type) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(post("/v1/poll", type, "{\"client\":\"42\",\"timeoutMs\":0}"));
            assertProblem(415, "unsupported_media_type", http.read());
            assertEquals(200, http.send(get(POLL)).read().status(), "the body was not taken for a request");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedHoweverItsLengthIsTold() throws IOException {
        String large = "{\"client\":\"42\",\"x\":\"" + "y".repeat(20_000) + "\"}";
        assertProblem(413, "body_too_large", RawHttp.exchange(port, post("/v1/poll", "application/json", large)));
        String head = "POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
        Answer chunked = RawHttp.exchange(
                port,
                head + "transfer-encoding: chunked\r\n\r\n" + Integer.toHexString(large.length()) + "\r\n" + large
                        + "\r\n0\r\n\r\n");
        assertProblem(413, "body_too_large", chunked);
        assertProblem(
                413, "body_too_large", RawHttp.exchange(port, head + "content-length: 9000000000000000000\r\n\r\n"));
    }

    @Test
    void aBodyThatIsCutOffLeavesNothing() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send("POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                    + "content-length: 100\r\n\r\n{\"client\":\"42\"");
            http.reset();
        }
    }

    @Test
    void whoAsksBeforeSendingABodyIsToldToGoOn() throws IOException {
        String body = "{\"client\":\"42\",\"timeoutMs\":0}";
        try (RawHttp http = RawHttp.connect(port)) {
            String[] parts = post("/v1/poll", "application/json", body, "expect: 100-continue")
                    .split("\r\n\r\n");
            http.send(parts[0] + "\r\n\r\n");
            assertEquals(100, http.read().status());
            assertEquals(200, http.send(parts[1]).read().status());
        }
    }

    // ---- callbacks

    @Test
    void tenThousandRandomCallbacksAreEachRefusedWithoutEchoOrExactlyGuarded() throws IOException {
        Random random = new Random(20_261_124);
        int taken = 0;
        try (RawHttp http = RawHttp.connect(port)) {
            for (int i = 0; i < CALLBACKS; i++) {
                String callback = randomCallback(random);
                String query = "&callback=" + URLEncoder.encode(callback, StandardCharsets.UTF_8);
                Answer answer = http.send(get("/v1/poll?timeoutMs=0&client=" + i + query))
                        .read(); // each a client of its own
                if (isName(callback)) {
                    assertGuarded(callback, answer);
                    taken++;
                } else {
                    assertCallbackRefused(answer);
                }
            }
        }
        assertTrue(taken > CALLBACKS / 10 && taken < CALLBACKS * 9 / 10, taken + " were taken");
    }

    private static String randomCallback(Random random) {
        String names = "abzAZ_$09.";
        String others = "()[]{}<>/*-+;:,'\"\\`=&|!?# \t\r\n\0\u0085\u00aa\u00e9\u0660\u2028\u2029\u200b\ufeff\uff41";
        double oddness = random.nextInt(3) / 8.0;
        int length = random.nextInt(12) == 0 ? 60 + random.nextInt(10) : 1 + random.nextInt(12);
        StringBuilder callback = new StringBuilder();
        for (int i = 0; i < length; i++) {
            String from = random.nextDouble() < oddness ? others : names;
            callback.append(from.charAt(random.nextInt(from.length())));
        }
        return callback.toString();
    }

    /** What docs/protocol.md says a callback is, once more and in another way. */
    private static boolean isName(String callback) {
        String[] parts = callback.split("\\.", -1);
        if (callback.length() > 64 || parts.length > 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.charAt(0) >= '0' && part.charAt(0) <= '9') {
                return false;
            }
            for (char c : part.toCharArray()) {
                if ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$".indexOf(c) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void assertGuarded(String callback, Answer answer) {
        assertEquals(200, answer.status());
        assertEquals("text/javascript; charset=utf-8", answer.header("content-type"));
        String before = "/**/" + callback + "(";
        assertTrue(answer.body().startsWith(before) && answer.body().endsWith(");"), answer.body());
        String json = answer.body().substring(before.length(), answer.body().length() - 2);
        assertEquals("[]", Http.json(json).get("messages").toString());
        assertEquals(json, Http.json(json).toString(), "nothing but the JSON");
    }

    private static void assertCallbackRefused(Answer answer) {
        assertEquals(400, answer.status());
        assertEquals("text/plain; charset=utf-8", answer.header("content-type"));
        assertEquals("nosniff", answer.header("x-content-type-options"));
        assertEquals("invalid_callback: That cannot be the name of a JSONP callback.\n", answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "callback=cb&callback=cb",
                "callback=cb&callback=",
                "callback=&callback=cb",
                "callback=cb;callback=alert",
                "callback=a%0d%0aset-cookie:%20x=1",
                "callback=a%0d%0a%0d%0a<script>alert(1)</script>",
                "callback=%3Cscript%3Ealert(1)%3C/script%3E",
                "callback=alert(1)//",
                "callback=a.b.c.d.e",
                "callback=%ff",
                "callback=%00",
                "callback=cb%00"
            })
    void aCallbackThatIsNoneOrTwoIsRefusedWithoutEcho(String query) throws IOException {
        Answer answer = RawHttp.exchange(port, get(POLL + "&" + query));
        assertCallbackRefused(answer);
        assertFalse(answer.headers().containsKey("set-cookie"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"alert(1)\"", "[\"cb\"]", "{}", "1", "true"})
    void aCallbackInABodyIsCheckedAlike(String callback) throws IOException {
        String body = "{\"client\":\"42\",\"timeoutMs\":0,\"callback\":" + callback + "}";
        assertCallbackRefused(RawHttp.exchange(port, post("/v1/poll", "application/json", body)));
    }
}
