package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Server-sent events, from an application to a browser, through two gateways. */
class StreamIT {

    private static final int HEARTBEAT_MS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Site site;
    private final String client = "client-" + UUID.randomUUID();

    @BeforeAll
    static void open() {
        RoomOptions room = RoomOptions.DEFAULT.withStreams(HEARTBEAT_MS, 256 << 10);
        site = new Site(RedisFixture.STANDALONE.options(), 2, room);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private String url(int gateway, String more) {
        return site.gatewayUrl(gateway) + "/v1/stream?client=" + client + more;
    }

    private JsonNode publish(String data) {
        return Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}");
    }

    private JsonNode look() {
        return Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client));
    }

    @Test
    void aStreamGreetsAtOnceAndThenBringsEveryMessage() throws IOException {
        try (EventStream stream = new EventStream(url(0, ""))) {
            Map<String, String> greeting = stream.next();
            JsonNode empty = Http.json(greeting.get("data"));
            assertEquals(0, empty.get("messages").size());
            assertEquals(greeting.get("id"), empty.get("cursor").asText());
            long retryMs = Long.parseLong(greeting.get("retry"));
            assertTrue(retryMs >= 1_000 && retryMs < 2_000, "retry: " + retryMs);
            for (int i = 0; i < 5; i++) {
                assertEquals("sent", publish("" + i).get("state").asText());
                assertEquals(i, stream.nextMessage().get("data").asInt());
            }
            assertEquals("sse", look().get("transport").asText());
        }
    }

    @Test
    void itsHeadersKeepProxiesFromHoldingEventsBack() throws IOException {
        try (EventStream stream = new EventStream(url(0, "&padding=1"))) {
            stream.next();
            assertEquals(1, stream.comments(), "the padding that was asked for");
            Map<String, String> expected = Map.of(
                    "content-type",
                    "text/event-stream",
                    "cache-control",
                    "no-store, no-transform",
                    "x-accel-buffering",
                    "no",
                    "x-content-type-options",
                    "nosniff");
            expected.forEach((name, value) -> assertEquals(
                    value, stream.response().headers().firstValue(name).orElse(""), name));
        }
    }

    @Test
    void aBrowserThatComesBackGoesOnWhereItWasOnWhicheverGateway() throws IOException {
        String id;
        try (EventStream stream = new EventStream(url(0, ""))) {
            id = stream.next().get("id");
            publish("1");
            Map<String, String> event = stream.next();
            id = event.get("id");
        }
        publish("2");
        // The address still has what it had at the beginning; what the browser knows counts.
        try (EventStream stream = new EventStream(url(1, "&cursor=nonsense"), "Last-Event-ID", id)) {
            assertEquals(2, stream.nextMessage().get("data").asInt());
        }
    }

    @Test
    void whatAStreamBroughtIsConfirmedAtAnyGateway() throws IOException {
        try (EventStream stream = new EventStream(url(0, ""))) {
            stream.next();
            long seq = publish("1").get("seq").asLong();
            String cursor = stream.next().get("id");
            assertEquals(1, look().get("queued").asInt());
            String url = site.gatewayUrl(1) + "/v1/confirm";
            assertEquals(
                    204,
                    Http.post(url, "application/json", "{\"client\":\"" + client + "\",\"cursor\":\"" + cursor + "\"}")
                            .statusCode());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> look().get("confirmed").asLong() == seq);
            assertEquals(
                    204,
                    Http.post(url + "?client=" + client + "&cursor=" + cursor, "text/plain", "")
                            .statusCode(),
                    "as a beacon");
            assertEquals(
                    "missing_field",
                    Http.json(Http.post(url + "?client=" + client, "text/plain", ""))
                            .get("code")
                            .asText());
        }
    }

    @Test
    void aQuietStreamHasAHeartbeat() throws IOException {
        try (EventStream stream = new EventStream(url(0, ""))) {
            stream.next();
            int before = stream.comments();
            Thread publisher = new Thread(() -> Awaitility.await()
                    .pollDelay(Duration.ofMillis(3 * HEARTBEAT_MS))
                    .until(() -> publish("1") != null));
            publisher.start();
            stream.nextMessage();
            assertTrue(stream.comments() > before);
        }
    }

    @Test
    void whatIsWrongIsSaidWithAStatusBeforeTheFirstEvent() throws IOException {
        for (String[] wrong : new String[][] {
            {"&cursor=nonsense", "invalid_cursor"},
            {"&topics=a//b", "invalid_topic"},
            {"&since=yesterday", "invalid_parameter"},
            {"&topics=user%2F43", "topic_not_allowed"}
        }) {
            try (EventStream stream = new EventStream(url(0, wrong[0]))) {
                String body = new String(stream.response().body().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(wrong[1], Http.json(body).path("code").asText(), body);
            }
        }
    }

    @Test
    void anotherPageEndsTheStreamWithAnEventThatSaysSo() throws IOException {
        try (EventStream first = new EventStream(url(0, "&conn=a&n=1"))) {
            first.next();
            try (EventStream second = new EventStream(url(1, "&conn=b&n=1"))) {
                second.next();
                JsonNode last = first.nextJson();
                assertEquals("superseded", last.get("ended").asText());
                assertEquals("none", last.get("advice").get("reconnect").asText());
                assertNull(first.next(), "the response has ended");
                publish("1");
                assertEquals(1, second.nextMessage().get("data").asInt());
            }
        }
    }

    @Test
    void aTokenThatExpiresEndsTheStream() throws IOException {
        try (Site closed = new Site(RedisFixture.STANDALONE.options(), 1, RoomOptions.DEFAULT, TestTokens.keys())) {
            String token = TestTokens.token(client, 2, "{}");
            try (EventStream stream =
                    new EventStream(closed.gatewayUrl(0) + "/v1/stream", "Authorization", "Bearer " + token)) {
                stream.next();
                JsonNode last = stream.nextJson();
                assertEquals("token_expired", last.get("ended").asText());
                assertEquals("none", last.get("advice").get("reconnect").asText());
                assertNull(stream.next());
            }
        }
    }

    @Test
    void aBrowserThatDoesNotReadIsEndedAndItsConnectionGivenBack() throws Exception {
        URI gateway = URI.create(site.gatewayUrl(0));
        int before = site.connections(0);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
            String request = "GET /v1/stream?client=" + client + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertEquals('H', in.read(), "the stream has begun");
            String large = "\"" + "x".repeat(60_000) + "\"";
            Awaitility.await().atMost(PATIENCE).until(() -> {
                publish(large);
                return site.connections(0) <= before;
            });
        }
        Awaitility.await().atMost(PATIENCE).until(() -> site.holds() == 0);
    }
}
