package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A message's way from an application to a browser, through two gateways and a publisher, by HTTP alone. */
class DeliveryIT {

    private static Site site;
    private final String client = "client-" + java.util.UUID.randomUUID();

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 2);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private CompletableFuture<HttpResponse<String>> pollLater(int gateway, String more) {
        return Http.getLater(site.gatewayUrl(gateway) + "/v1/poll?client=" + client + more);
    }

    private JsonNode poll(int gateway, String more) {
        return Http.json(pollLater(gateway, more).join());
    }

    private JsonNode publish(String data) {
        return Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}");
    }

    private JsonNode look() {
        return Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client));
    }

    private void awaitOnline() {
        Awaitility.await().until(() -> look().get("online").asBoolean());
    }

    @Test
    void aMessageWakesThePollThatWaits() {
        CompletableFuture<HttpResponse<String>> waiting = pollLater(0, "&timeoutMs=20000");
        awaitOnline();
        assertEquals("sent", publish("{\"hi\":1}").get("state").asText());
        JsonNode answer = Http.json(waiting.join());
        assertEquals("{\"hi\":1}", answer.get("messages").get(0).get("data").toString());
        assertEquals("retry", answer.get("advice").get("reconnect").asText());
        assertEquals("json", look().get("transport").asText());
    }

    @Test
    void aMessageWaitsForTheClientThatIsAwayAndIsGoneAfterItsLife() {
        assertEquals("queued", publish("1").get("state").asText());
        Http.publish(site, "{\"client\":\"" + client + "\",\"data\":2,\"ttlMs\":3000}");
        assertEquals(2, look().get("queued").asInt());
        Awaitility.await().until(() -> look().get("queued").asInt() == 1);
        JsonNode answer = poll(1, "&timeoutMs=0");
        assertEquals(1, answer.get("messages").size());
        assertEquals(
                "{\"missed\":1,\"reason\":\"expired\"}",
                answer.get("gaps").get(0).toString());
    }

    @Test
    void anyPollMayGoToAnyGateway() {
        String cursor = "";
        for (int i = 0; i < 20; i++) {
            publish("" + i);
            JsonNode answer = poll(i % 2, "&timeoutMs=20000" + cursor);
            assertEquals("" + i, answer.get("messages").get(0).get("data").toString());
            assertEquals(1, answer.get("messages").size());
            cursor = "&cursor=" + answer.get("cursor").asText();
        }
    }

    @Test
    void theLatestPollWinsAlsoOnAnotherGateway() {
        CompletableFuture<HttpResponse<String>> first = pollLater(0, "&timeoutMs=60000&conn=a&n=1");
        awaitOnline();
        CompletableFuture<HttpResponse<String>> second = pollLater(1, "&timeoutMs=60000&conn=b&n=1");
        JsonNode ended = Http.json(first.join());
        assertEquals("superseded", ended.get("ended").asText());
        assertEquals("none", ended.get("advice").get("reconnect").asText());
        publish("1");
        assertEquals(1, Http.json(second.join()).get("messages").size());
    }

    @Test
    void deletingAClientEndsItsHoldAndEmptiesItsMailbox() {
        CompletableFuture<HttpResponse<String>> waiting = pollLater(0, "&timeoutMs=60000");
        awaitOnline();
        java.net.http.HttpRequest delete = java.net.http.HttpRequest.newBuilder(
                        URI.create(site.publisherUrl() + "/v1/clients/" + client))
                .DELETE()
                .build();
        java.net.http.HttpClient.newHttpClient()
                .sendAsync(delete, HttpResponse.BodyHandlers.ofString())
                .join();
        assertEquals("deleted", Http.json(waiting.join()).get("ended").asText());
        assertTrue(look().get("node").isNull());
    }

    @Test
    void aClientThatBringsItsCursorIsSeenToHaveReceived() {
        long seq = publish("1").get("seq").asLong();
        assertTrue(look().get("confirmed").isNull());
        JsonNode answer = poll(0, "&timeoutMs=0");
        poll(0, "&timeoutMs=0&cursor=" + answer.get("cursor").asText());
        Awaitility.await()
                .until(() -> look().get("confirmed").asLong() == seq
                        && look().get("queued").asInt() == 0);
    }

    @Test
    void anAnswerCutOffOnItsWayIsDeliveredAgainAndNothingTwice() throws Exception {
        // More than the sockets' buffers take, so that the gateway is still writing when the browser goes.
        String large = "\"" + "x".repeat(60_000) + "\"";
        for (int i = 0; i < 15; i++) {
            publish(large);
        }
        publish("\"last\"");
        URI gateway = URI.create(site.gatewayUrl(0));
        for (int round = 0; round < 3; round++) {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4_096);
                socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
                socket.setSoLinger(true, 0);
                String request =
                        "GET /v1/poll?client=" + client + "&timeoutMs=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                assertEquals('H', in.read(), "the answer has begun");
                in.readNBytes(2_000);
            } // and closed with a reset, in the middle of the body
        }
        int got = 0;
        String cursor = "";
        String last = "";
        while (!last.equals("\"last\"")) {
            JsonNode answer = poll(got % 2, "&timeoutMs=20000" + cursor);
            for (JsonNode message : answer.get("messages")) {
                last = message.get("data").toString();
                got++;
            }
            cursor = "&cursor=" + answer.get("cursor").asText();
        }
        assertEquals(16, got);
        assertEquals(0, poll(0, "&timeoutMs=0" + cursor).get("messages").size());
        assertEquals(0, poll(1, "&timeoutMs=0" + cursor).get("messages").size());
    }

    @Test
    void aBrowserThatGoesAwayLeavesNoHold() throws Exception {
        Awaitility.await().until(() -> site.holds() == 0); // also what other tests have left behind
        URI gateway = URI.create(site.gatewayUrl(0));
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            String request = "GET /v1/poll?client=" + client + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> site.holds() == 1);
        }
        Awaitility.await().until(() -> site.holds() == 0);
        assertNotNull(look());
    }
}
