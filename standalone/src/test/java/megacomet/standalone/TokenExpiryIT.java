package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever waits ends when its token expires, and does not last for as long as it was to be held. */
class TokenExpiryIT {

    /** Long enough for a session to begin. */
    private static final int LIFE_S = 5;

    /** Four times what a token may last: its life, and a tick. Holds would last for 30 s and more. */
    private static final long PATIENCE_MS = 4 * (LIFE_S * 1_000 + 250);

    private static Site site;

    private final String client = "c" + System.nanoTime();

    @BeforeAll
    static void open() {
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .tokens(TestTokens.keys())
                .open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static String await(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(PATIENCE_MS, TimeUnit.MILLISECONDS).body();
    }

    private CompletableFuture<HttpResponse<String>> poll(String more) {
        String token = TestTokens.token(client, LIFE_S, "{}");
        return Http.getLater(site.gatewayUrl(0) + "/v1/poll?timeoutMs=600000&token=" + token + more);
    }

    @Test
    void aHeldPollIsToldThatItsTokenExpiredAndToStayAway() throws Exception {
        JsonNode answer = Http.json(await(poll("")));
        assertEquals("token_expired", answer.get("ended").asText());
        assertEquals("none", answer.get("advice").get("reconnect").asText());
        assertEquals(0, answer.get("messages").size());
    }

    @Test
    void aPollThatIsHeldByAScriptElementIsToldTheSame() throws Exception {
        String script = await(poll("&callback=cb"));
        assertTrue(script.startsWith("/**/cb({"), script);
        assertTrue(script.contains("\"ended\":\"token_expired\""), script);
    }

    @Test
    void aBayeuxConnectIsToldToHandshakeAgain() throws Exception {
        BayeuxClient bayeux = new BayeuxClient(() -> site.gatewayUrl(0))
                .begin(JsonNodeFactory.instance
                        .objectNode()
                        .put("token", TestTokens.token(client, LIFE_S, "{\"topics\":[\"a/*\"]}")));
        bayeux.subscribe("/a/b");
        JsonNode messages = Http.json(await(bayeux.connectLater()));
        assertEquals(List.of(), BayeuxClient.dataIn(messages));
        JsonNode reply = messages.get(0);
        assertFalse(reply.get("successful").asBoolean(), reply::toString);
        assertTrue(reply.get("error").asText().startsWith("402:"), reply::toString);
        assertEquals("handshake", reply.get("advice").get("reconnect").asText());
    }
}
