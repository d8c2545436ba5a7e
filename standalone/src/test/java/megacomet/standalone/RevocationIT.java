package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application revokes a client's tokens: two gateways, and one that comes later. */
class RevocationIT {

    private static Site site;

    private String sub;

    @BeforeAll
    static void open() {
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 2)
                .tokens(TestTokens.keys())
                .open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void name() {
        sub = "thief-" + System.nanoTime();
    }

    private static HttpResponse<String> put(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(site.publisherUrl() + path))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private long revoke() throws IOException, InterruptedException {
        JsonNode answer = Http.json(put("/v1/clients/" + sub + "/revocation"));
        assertEquals(sub, answer.get("client").asText());
        return answer.get("issuedBefore").asLong();
    }

    private static String pollUrl(Site where, int gateway, String token, int timeoutMs) {
        return where.gatewayUrl(gateway) + "/v1/poll?timeoutMs=" + timeoutMs + "&token=" + token;
    }

    private static void assertRevoked(HttpResponse<String> answer) {
        assertEquals(401, answer.statusCode(), answer.body());
        assertEquals("token_revoked", Http.json(answer).get("code").asText());
    }

    @Test
    void aPollThatIsHeldAnywhereEndsAndNeitherGatewayTakesTheTokenAgainButANewOneIsGood() throws Exception {
        String token = TestTokens.token(sub, 600, "{}");
        CompletableFuture<HttpResponse<String>> held = Http.getLater(pollUrl(site, 1, token, 60_000));
        Awaitility.await().until(() -> site.holds() == 1);
        long issuedBefore = revoke();
        JsonNode answer = Http.json(held.join());
        assertEquals("revoked", answer.get("ended").asText());
        assertEquals("retry", answer.get("advice").get("reconnect").asText());
        assertRevoked(Http.get(pollUrl(site, 1, token, 0)));
        Awaitility.await().untilAsserted(() -> assertRevoked(Http.get(pollUrl(site, 0, token, 0))));
        String renewed = TestTokens.token(sub, 600, "{\"iat\":" + issuedBefore + "}");
        String other = TestTokens.token("honest-" + sub, 600, "{}");
        assertEquals(200, Http.get(pollUrl(site, 0, other, 0)).statusCode());
        assertEquals(200, Http.get(pollUrl(site, 0, renewed, 0)).statusCode());
    }

    @Test
    void aWebSocketIsClosed() throws Exception {
        String token = TestTokens.token(sub, 600, "{}");
        try (RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?token=" + token, "")) {
            socket.nextJson();
            revoke();
            assertEquals("revoked", socket.nextJson().get("ended").asText());
            assertEquals(4005, socket.awaitClose());
        }
    }

    @Test
    void aBayeuxSessionOfTheSubjectIsOver() throws Exception {
        String token = TestTokens.token(sub, 600, "{\"topics\":[\"a/**\"]}");
        BayeuxClient client = new BayeuxClient(() -> site.gatewayUrl(1))
                .begin(JsonNodeFactory.instance.objectNode().put("token", token));
        assertTrue(client.subscribe("/a/b").get("successful").asBoolean());
        CompletableFuture<HttpResponse<String>> held = client.connectLater();
        Awaitility.await().until(() -> site.holds() == 1);
        revoke();
        JsonNode ended = client.taken(Http.json(held.join())).get(0);
        assertEquals("retry", ended.get("advice").get("reconnect").asText(), ended::toString);
        JsonNode refused = client.connect().get(0);
        assertFalse(refused.get("successful").asBoolean(), refused::toString);
        assertTrue(refused.get("error").asText().startsWith("402:"), refused::toString);
        assertEquals("handshake", refused.get("advice").get("reconnect").asText());
        JsonNode denied = client.handshake(JsonNodeFactory.instance.objectNode().put("token", token));
        assertTrue(denied.get("error").asText().startsWith("403:"), denied::toString);
    }

    @Test
    void aGatewayThatIsStartedLaterKnowsIt() throws Exception {
        String token = TestTokens.token(sub, 600, "{}");
        revoke();
        try (Site later =
                new Site.Plan(site.options(), 1).tokens(TestTokens.keys()).open()) {
            assertRevoked(Http.get(pollUrl(later, 0, token, 0)));
        }
    }

    @Test
    void tokensIssuedSinceATimeOfTheApplicationsChoiceStayGood() throws Exception {
        long longAgoS = System.currentTimeMillis() / 1_000 - 3_600;
        JsonNode answer = Http.json(put("/v1/clients/" + sub + "/revocation?issuedBefore=" + longAgoS));
        assertEquals(longAgoS, answer.get("issuedBefore").asLong());
        long before = Http.json(put("/v1/clients/other-" + sub + "/revocation?issuedBefore=2147483647"))
                .get("issuedBefore")
                .asLong();
        assertTrue(before <= System.currentTimeMillis() / 1_000 + 2, "nobody is kept out for years: " + before);
        assertEquals(
                400, put("/v1/clients/" + sub + "/revocation?issuedBefore=x").statusCode());
        // The later one was read, so the earlier one was.
        String other = TestTokens.token("other-" + sub, 600, "{\"iat\":1}");
        Awaitility.await().untilAsserted(() -> assertRevoked(Http.get(pollUrl(site, 0, other, 0))));
        String token = TestTokens.token(sub, 600, "{}");
        assertEquals(200, Http.get(pollUrl(site, 0, token, 0)).statusCode());
    }
}
