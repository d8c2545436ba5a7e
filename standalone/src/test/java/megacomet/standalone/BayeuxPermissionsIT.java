package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a token in the handshake's {@code ext} allows a Bayeux session. */
class BayeuxPermissionsIT {

    private Site site;

    @BeforeEach
    void open() {
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .tokens(TestTokens.keys())
                .open();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private BayeuxClient client(String sub, String claims) {
        String token = TestTokens.token(sub, 60, claims);
        return new BayeuxClient(() -> site.gatewayUrl(0))
                .begin(JsonNodeFactory.instance.objectNode().put("token", token));
    }

    @Test
    void everyUserHasAPrivateAddressThatApplicationsAlonePublishTo() {
        String sub = "u" + System.nanoTime();
        BayeuxClient user = client(sub, "{\"topics\":[],\"publish\":[]}");
        BayeuxClient greedy = client("greedy", "{\"topics\":[\"**\"],\"publish\":[\"**\"]}");
        assertTrue(user.subscribe("/user/" + sub).get("successful").asBoolean());
        assertRefused(greedy.subscribe("/user/" + sub));
        assertRefused(greedy.publish("/user/" + sub, "forged"));
        assertRefused(user.publish("/user/" + sub, "forged by itself"));
        Http.publish(site, "{\"topic\":\"user/" + sub + "\",\"data\":\"for you alone\"}");
        assertEquals(List.of("for you alone"), user.receive(1));
    }

    @Test
    void onlyWhatTheTokenNamesIsFollowedAndPublished() {
        String room = "room/" + System.nanoTime();
        BayeuxClient user = client("42", "{\"topics\":[\"" + room + "\"],\"publish\":[\"" + room + "\"]}");
        assertRefused(user.subscribe("/**"));
        assertRefused(user.subscribe("/room/other"));
        assertRefused(user.publish("/room/other", "no"));
        assertTrue(user.subscribe("/" + room).get("successful").asBoolean());
        assertTrue(user.publish("/" + room, "yes").get("successful").asBoolean());
        assertEquals(List.of("yes"), user.receive(1));
    }

    private static void assertRefused(JsonNode reply) {
        assertFalse(reply.get("successful").asBoolean(), reply::toString);
        assertTrue(reply.get("error").asText().startsWith("403:"), reply::toString);
    }
}
