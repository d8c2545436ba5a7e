package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import megacomet.fixture.GatewayProcess;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What strangers send to a gateway in a small JVM is bounded, and leaves it serving everybody else. */
class InboundIT {

    private static final int HEAP_MIB = 256;
    private static final String JSON = "application/json";
    private static final int RSV1 = 0x40;

    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws IOException {
        gateway = GatewayProcess.small(
                HEAP_MIB, RedisFixture.STANDALONE.options().url().toString(), "--ws-deflate");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
    }

    @AfterEach
    void itStillServes() throws IOException {
        assertTrue(gateway.isAlive(), gateway::said);
        assertEquals(
                200,
                RawHttp.exchange(gateway.port(), RawHttp.get("/v1/poll?client=42&timeoutMs=0"))
                        .status());
        handshake();
    }

    /** Returns the clientId and the cookie of a new session. */
    private static String[] handshake() throws IOException {
        Answer answer = bayeux("[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\","
                + "\"supportedConnectionTypes\":[\"long-polling\"]}]");
        assertEquals(200, answer.status(), answer.body());
        String cookie = answer.header("set-cookie");
        return new String[] {Http.json(answer.body()).get(0).get("clientId").asText(), cookie.split(";")[0]};
    }

    private static Answer bayeux(String body, String... headers) throws IOException {
        return RawHttp.exchange(gateway.port(), RawHttp.post("/bayeux", JSON, body, headers));
    }

    // ---- bodies

    @Test
    void bodiesThatStrangersAllButEndLeaveTheGatewayServing() throws IOException {
        List<RawHttp> attackers = new ArrayList<>();
        byte[] allButOne = new byte[(512 << 10) - 1];
        Arrays.fill(allButOne, (byte) ' ');
        try {
            for (int i = 0; i < 450; i++) {
                attackers.add(RawHttp.connect(gateway.port())
                        .send("POST /bayeux HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                                + "content-length: 524288\r\n\r\n")
                        .send(allButOne));
            }
            itStillServes();
        } finally {
            for (RawHttp attacker : attackers) {
                attacker.close();
            }
        }
    }

    @Test
    void aStrangerIsToldHowLittleItMaySend() throws IOException {
        Answer answer = bayeux("[" + " ".repeat(20_000) + "]");
        assertNotNull(answer);
        assertEquals(413, answer.status());
        assertEquals("body_too_large", Http.json(answer.body()).get("code").asText());
    }

    @Test
    void aLargeMessageIsTakenIfWhatCameOfItNamesASession() throws IOException {
        String[] session = handshake();
        Answer answer = bayeux("[{\"channel\":\"/large\",\"clientId\":\"" + session[0] + "\",\"data\":\""
                + "x".repeat(60_000) + "\"}]");
        assertEquals(200, answer.status(), answer.body());
        assertTrue(Http.json(answer.body()).get(0).get("successful").asBoolean(), answer.body());
    }

    /** Stock clients name the session behind the data. */
    @Test
    void aLargeMessageOfAStockClientIsTakenForItsCookie() throws IOException {
        String[] session = handshake();
        String cookie = "cookie: " + session[1];
        String large = "[{\"channel\":\"/large\",\"data\":\"" + "x".repeat(60_000) + "\",\"clientId\":\"" + session[0]
                + "\"}]";
        assertEquals(413, bayeux(large, cookie).status(), "it has only shaken hands");
        Answer connected = bayeux(
                "[{\"channel\":\"/meta/connect\",\"connectionType\":\"long-polling\",\"clientId\":\"" + session[0]
                        + "\"}]",
                cookie);
        assertTrue(Http.json(connected.body()).get(0).get("successful").asBoolean(), connected.body());
        Answer answer = bayeux(large, cookie);
        assertEquals(200, answer.status(), answer.body());
        assertTrue(Http.json(answer.body()).get(0).get("successful").asBoolean(), answer.body());
    }

    @Test
    void whoWaitsToBeAskedForABodyIsAskedAtBayeuxToo() throws IOException {
        try (RawHttp http = RawHttp.connect(gateway.port())) {
            http.send("POST /bayeux HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                    + "expect: 100-continue\r\ncontent-length: 2\r\n\r\n");
            assertEquals(100, http.read().status());
            assertEquals(200, http.send("[]").read().status());
        }
    }

    // ---- frames that inflate

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8_192];
        int length;
        do {
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, length);
        } while (length == buffer.length);
        deflater.end();
        return Arrays.copyOf(out.toByteArray(), out.size() - 4); // RFC 7692, section 7.2.1
    }

    private static RawWebSocket open(String path) throws IOException {
        RawWebSocket socket =
                new RawWebSocket(gateway.url() + path, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        assertEquals(101, socket.status());
        assertTrue(socket.head().contains("permessage-deflate"), socket.head());
        return socket;
    }

    @Test
    void framesThatInflateToMuchEndTheirSocketsAndNothingElse() throws IOException {
        byte[] bomb = deflated(new byte[70 << 20]);
        assertTrue(bomb.length < 72 << 10, "it passes for a frame: " + bomb.length);
        for (String path : new String[] {"/bayeux?", "/v1/ws?client="}) {
            List<RawWebSocket> attackers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                attackers.add(open(path + i)); // of a client each
            }
            for (RawWebSocket attacker : attackers) {
                attacker.send(RawWebSocket.TEXT | RSV1, true, bomb);
            }
            for (RawWebSocket attacker : attackers) {
                assertEquals(1009, attacker.awaitClose(), path);
                attacker.close();
            }
        }
    }

    @Test
    void fragmentsThatInflateToMuchTogetherEndTheirSocket() throws IOException {
        byte[] whole = deflated(new byte[80 << 10]);
        int half = whole.length / 2;
        try (RawWebSocket socket = open("/bayeux?")) {
            socket.send(RawWebSocket.TEXT | RSV1, false, Arrays.copyOf(whole, half));
            socket.send(RawWebSocket.CONTINUATION, false, Arrays.copyOfRange(whole, half, whole.length));
            assertEquals(1009, socket.awaitClose());
        }
    }

    @Test
    void whatDoesNotInflateEndsItsSocket() throws IOException {
        try (RawWebSocket socket = open("/bayeux?")) {
            socket.send(RawWebSocket.TEXT | RSV1, true, new byte[] {7, -1, -1, -1});
            assertEquals(1007, socket.awaitClose());
        }
    }

    @Test
    void whatInflatesToAMessageIsAnswered() throws IOException {
        try (RawWebSocket socket = open("/bayeux?")) {
            String handshake = "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\","
                    + "\"supportedConnectionTypes\":[\"websocket\"]}]";
            socket.send(RawWebSocket.TEXT | RSV1, true, deflated(handshake.getBytes(StandardCharsets.UTF_8)));
            assertEquals(RawWebSocket.TEXT, socket.next().opcode() & 0xf);
        }
    }
}
