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
}
