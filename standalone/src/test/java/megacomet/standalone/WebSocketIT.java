package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WebSockets through two gateways, frame by frame. */
class WebSocketIT {

    private static final int HEARTBEAT_MS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Site site;
    private static Site closed;
    private final String client = "client-" + UUID.randomUUID();

    @BeforeAll
    static void open() {
        RoomOptions room = RoomOptions.DEFAULT.withStreams(HEARTBEAT_MS, 256 << 10);
        site = new Site(RedisFixture.STANDALONE.options(), 2, room);
        closed = new Site(RedisFixture.STANDALONE.options(), 1, RoomOptions.DEFAULT, TestTokens.keys());
    }

    @AfterAll
    static void close() {
        site.close();
        closed.close();
    }

    private RawWebSocket connect(int gateway, String more) throws IOException {
        return new RawWebSocket(site.gatewayUrl(gateway) + "/v1/ws?client=" + client + more, "");
    }

    private RawWebSocket connectWith(String token, String headers) throws IOException {
        return new RawWebSocket(closed.gatewayUrl(0) + "/v1/ws?token=" + token, headers);
    }

    /** One that has been greeted. */
    private RawWebSocket open(int gateway, String more) throws IOException {
        RawWebSocket socket = connect(gateway, more);
        assertEquals(101, socket.status(), socket.head());
        assertEquals(0, socket.nextJson().get("messages").size());
        return socket;
    }

    private JsonNode publish(String data) {
        return Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}");
    }

    private JsonNode look() {
        return Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client));
    }

    private static void assertRefused(String code, RawWebSocket socket, String frame) throws IOException {
        socket.send(frame);
        assertEquals(code, socket.nextJson().path("error").path("code").asText());
    }

    @Test
    void messagesComeAsFramesAndAreAcknowledgedInBand() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            long seq = publish("{\"hi\":1}").get("seq").asLong();
            JsonNode answer = socket.nextJson();
            assertEquals("{\"hi\":1}", answer.get("messages").get(0).get("data").toString());
            assertEquals("websocket", look().get("transport").asText());
            socket.send("{\"ack\":\"" + answer.get("cursor").asText() + "\"}");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> look().get("confirmed").asLong() == seq);
        }
    }

    @Test
    void aWebSocketIsAConnectionUntilItIsClosed() throws IOException {
        int open;
        try (RawWebSocket one = open(0, "");
                RawWebSocket other = open(0, "")) {
            open = site.connections(0);
            assertTrue(open >= 2, "those of earlier tests may still be closing");
        }
        Awaitility.await().atMost(PATIENCE).until(() -> site.connections(0) <= open - 2);
        Awaitility.await().atMost(PATIENCE).until(() -> site.holds() == 0);
    }

    @Test
    void aPageOfAnotherOriginIsRefusedBeforeTheUpgrade() throws IOException {
        try (RawWebSocket socket =
                new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?client=" + client, "Origin: https://evil.example\r\n")) {
            assertEquals(403, socket.status());
        }
        try (RawWebSocket socket = new RawWebSocket(
                site.gatewayUrl(0) + "/v1/ws?client=" + client, "Origin: " + site.gatewayUrl(0) + "\r\n")) {
            assertEquals(101, socket.status());
        }
    }

    @Test
    void aRequestThatIsNoUpgradeIsToldSo() {
        assertEquals(426, Http.get(site.gatewayUrl(0) + "/v1/ws?client=1").statusCode());
    }

    @Test
    void whatElseIsWrongIsSaidOnTheSocket() throws IOException {
        String[][] wrong = {
            {"&cursor=nonsense", "invalid_cursor", "4400"},
            {"&topics=user%2F43", "topic_not_allowed", "4403"},
        };
        for (String[] one : wrong) {
            try (RawWebSocket socket = connect(0, one[0])) {
                assertEquals(one[1], socket.nextJson().get("error").get("code").asText());
                assertEquals(Integer.parseInt(one[2]), socket.awaitClose());
            }
        }
        try (RawWebSocket socket = connectWith("nonsense", "")) {
            assertEquals(
                    "token_invalid", socket.nextJson().get("error").get("code").asText());
            assertEquals(4401, socket.awaitClose());
        }
    }

    @Test
    void theTokenMayComeInTheAddressAHeaderOrASubprotocol() throws IOException {
        String token = TestTokens.token(client, 60, "{}");
        try (RawWebSocket socket = connectWith(token, "")) {
            assertEquals(0, socket.nextJson().get("messages").size());
        }
        try (RawWebSocket socket = connectWith("", "Authorization: Bearer " + token + "\r\n")) {
            assertEquals(0, socket.nextJson().get("messages").size());
        }
        try (RawWebSocket socket = connectWith("", "Sec-WebSocket-Protocol: megacomet, bearer." + token + "\r\n")) {
            assertTrue(socket.head().contains("sec-websocket-protocol: megacomet\r\n"), socket.head());
            assertEquals(0, socket.nextJson().get("messages").size());
        }
    }

    @Test
    void aTokenIsRefreshedInBandAndOneOfAnotherClientEndsIt() throws IOException {
        try (RawWebSocket socket = connectWith(TestTokens.token(client, 3, "{\"topics\":\"a\"}"), "")) {
            socket.nextJson();
            socket.send("{\"token\":\"nonsense\"}");
            assertEquals(
                    "token_invalid", socket.nextJson().get("error").get("code").asText());
            socket.send("{\"token\":\"" + TestTokens.token(client, 600, "{}") + "\"}");
            JsonNode refreshed = socket.nextJson();
            assertEquals("ok", refreshed.get("token").asText());
            long expiresInMs = refreshed.get("expiresInMs").asLong();
            assertTrue(expiresInMs > 590_000 && expiresInMs <= 600_000, "" + expiresInMs);
            socket.send("{\"token\":\"" + TestTokens.token("somebody else", 600, "{}") + "\"}");
            assertEquals(
                    "client_not_allowed",
                    socket.nextJson().get("error").get("code").asText());
            assertEquals(4003, socket.awaitClose());
        }
    }

    @Test
    void aTokenThatExpiresEndsIt() throws IOException {
        try (RawWebSocket socket = connectWith(TestTokens.token(client, 2, "{}"), "")) {
            socket.nextJson();
            assertEquals("token_expired", socket.nextJson().get("ended").asText());
            assertEquals(4003, socket.awaitClose());
        }
    }

    @Test
    void anotherPageTakesOver() throws IOException {
        try (RawWebSocket first = open(0, "&conn=a");
                RawWebSocket second = open(1, "&conn=b")) {
            assertEquals("superseded", first.nextJson().get("ended").asText());
            assertEquals(4001, first.awaitClose());
            publish("1");
            assertEquals(1, second.nextMessage().get("data").asInt());
        }
    }

    @Test
    void whatIsWrongInAFrameIsSaidAndTooMuchOfItEndsIt() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            assertRefused("invalid_json", socket, "{");
            assertRefused("unknown_field", socket, "{\"folow\":[\"a\"]}");
            assertRefused("invalid_topic", socket, "{\"follow\":[\"a//b\"]}");
            assertRefused("topic_not_allowed", socket, "{\"follow\":[\"user/43\"]}");
            assertRefused("invalid_cursor", socket, "{\"ack\":\"nonsense\"}");
            publish("1");
            assertEquals(1, socket.nextMessage().get("data").asInt(), "it goes on");
            for (int i = 5; i < 11; i++) {
                assertRefused("invalid_json", socket, "{");
            }
            assertEquals(1008, socket.awaitClose());
        }
    }

    @Test
    void whatIsNoTextInUtf8EndsIt() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            socket.send(RawWebSocket.BINARY, true, new byte[1]);
            assertEquals(1003, socket.awaitClose());
        }
        try (RawWebSocket socket = open(0, "")) {
            socket.send(RawWebSocket.TEXT, true, new byte[] {'"', (byte) 0xff, '"'});
            assertEquals(1007, socket.awaitClose());
        }
    }

    @Test
    void whatIsTooLargeEndsItInOneFrameOrInMany() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            socket.send(RawWebSocket.TEXT, true, new byte[100_000]);
            assertEquals(1009, socket.awaitClose());
        }
        try (RawWebSocket socket = open(0, "")) {
            socket.send(RawWebSocket.TEXT, false, new byte[50_000]);
            socket.send(RawWebSocket.CONTINUATION, true, new byte[50_000]);
            assertEquals(1009, socket.awaitClose());
        }
    }

    @Test
    void aMessageInSeveralFramesIsOne() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            socket.send(RawWebSocket.TEXT, false, "{\"ack\":".getBytes(StandardCharsets.UTF_8));
            socket.send(RawWebSocket.PING, true, new byte[] {7});
            socket.send(RawWebSocket.CONTINUATION, true, "\"nonsense\"}".getBytes(StandardCharsets.UTF_8));
            assertEquals(RawWebSocket.PONG, socket.nextButPings().opcode());
            assertEquals(
                    "invalid_cursor", socket.nextJson().get("error").get("code").asText());
        }
    }

    @Test
    void aBrowserThatAnswersNoPingsIsGivenUp() throws IOException {
        try (RawWebSocket socket = open(0, "")) {
            for (int i = 0; i < 6; i++) {
                assertEquals(RawWebSocket.PING, socket.next().opcode());
                socket.send(RawWebSocket.PONG, true, new byte[0]);
            }
            // And now no more.
            assertEquals(-1, socket.awaitClose());
        }
    }

    @Test
    void aBrowserThatDoesNotReadIsCutOffAndLeavesNothing() throws IOException {
        int before = site.connections(0);
        try (RawWebSocket socket = open(0, "")) {
            String large = "\"" + "x".repeat(60_000) + "\"";
            Awaitility.await().atMost(PATIENCE).until(() -> {
                publish(large);
                return site.connections(0) <= before;
            });
        }
        Awaitility.await().atMost(PATIENCE).until(() -> site.holds() == 0);
    }

    @Test
    void publishingNeedsThePermissionForTheTopic() throws IOException {
        String token = TestTokens.token(client, 60, "{\"publish\":[\"chat/*\"]}");
        try (RawWebSocket socket = connectWith(token, "")) {
            socket.nextJson();
            socket.send("{\"publish\":{\"topic\":\"news\",\"data\":1,\"id\":\"x\"}}");
            JsonNode refused = socket.nextJson().get("error");
            assertEquals("topic_not_allowed", refused.get("code").asText());
            assertEquals("x", refused.get("id").asText());
            assertRefused("topic_not_allowed", socket, "{\"follow\":[\"news\"]}");
        }
        try (RawWebSocket socket = open(0, "")) {
            assertRefused("topic_not_allowed", socket, "{\"publish\":{\"topic\":\"user/1\",\"data\":1}}");
        }
    }
}
