package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications ask about topics. */
class TopicsApiIT {

    @RegisterExtension
    final Deployed redis = new Deployed(RedisFixture.STANDALONE.options());

    private PublisherFixture publisher;

    @BeforeEach
    void open() throws Exception {
        publisher = PublisherFixture.open(redis);
    }

    private void assertRefused(String code, HttpResponse<String> answer) {
        assertEquals(400, answer.statusCode(), answer.body());
        assertEquals(code, new JsonObject(answer.body()).getString("code"));
    }

    @Test
    void aSlashInATopicIsPercentEncodedInAPath() throws Exception {
        HttpResponse<String> answer = publisher.send("GET", "/v1/topics/meta%2Fconnect", null);
        assertRefused("invalid_topic", answer);
        assertTrue(answer.body().contains("Bayeux"), answer.body());
        assertEquals(404, publisher.send("GET", "/v1/topics/a/b", null).statusCode());
    }

    @Test
    void aClientIsNotMadeToFollowAnothersPrivateAddress() throws Exception {
        assertRefused("invalid_topic", publisher.send("PUT", "/v1/clients/42/topics/user%2F7", null));
        assertRefused("invalid_topic", publisher.send("PUT", "/v1/clients/42/topics/user%2F*", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/topics?limit=0",
                "/v1/topics?limit=1001",
                "/v1/topics?limit=x",
                "/v1/topics?limit=1&limit=2",
                "/v1/topics/news?followers=yes",
                "/v1/topics/news?followers=true&limit=-1"
            })
    void aWrongParameterIsRefused(String path) throws Exception {
        assertRefused("invalid_parameter", publisher.send("GET", path, null));
    }

    @Test
    void aTopicIsPublishedToAndLookedAt() throws Exception {
        assertEquals(
                "{\"topic\":\"news/sport\",\"mode\":\"log\",\"followers\":0,\"first\":null,\"last\":null,\"messages\":0}",
                publisher.send("GET", "/v1/topics/news%2Fsport", null).body());
        JsonObject published = new JsonObject(publisher
                .send("POST", "/v1/messages", "{\"topic\":\"news\",\"data\":1}")
                .body());
        assertEquals("queued", published.getString("state"));
        JsonObject seen =
                new JsonObject(publisher.send("GET", "/v1/topics/news", null).body());
        assertEquals(published.getLong("seq"), seen.getLong("first"));
        assertEquals(published.getLong("seq"), seen.getLong("last"));
        assertEquals(1, seen.getInteger("messages"));
        assertEquals(
                "{\"topics\":[\"news\"]}",
                publisher.send("GET", "/v1/topics?pattern=*", null).body());
    }

    @Test
    void aClientFollowsUntilItIsTakenBack() throws Exception {
        String path = "/v1/clients/42/topics/news%2F*";
        for (int twice = 0; twice < 2; twice++) {
            assertEquals(
                    "{\"client\":\"42\",\"topic\":\"news/*\",\"following\":true}",
                    publisher.send("PUT", path, null).body());
        }
        assertEquals("[\"news/*\"]", topicsOf42());
        assertEquals(
                "{\"client\":\"42\",\"topic\":\"news/*\",\"following\":false}",
                publisher.send("DELETE", path, null).body());
        assertEquals("[]", topicsOf42());
    }

    private String topicsOf42() throws Exception {
        return new JsonObject(publisher.send("GET", "/v1/clients/42", null).body())
                .getJsonArray("topics")
                .encode();
    }

    @Test
    void aClientFollowsNoMoreThanItMay() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    200,
                    publisher.send("PUT", "/v1/clients/42/topics/t" + i, null).statusCode());
        }
        HttpResponse<String> refused = publisher.send("PUT", "/v1/clients/42/topics/t50", null);
        assertEquals(409, refused.statusCode());
        assertEquals("too_many_follows", new JsonObject(refused.body()).getString("code"));
    }
}
