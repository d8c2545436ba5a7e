package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of an application that publishes faster than it may. */
class PublishRateIT {

    private static final int BURST = 10;

    /** The most that one read of a connection gives. */
    private static final int CHUNK_BYTES = 64 << 10;

    @RegisterExtension
    final Deployed redis = new Deployed(RedisFixture.STANDALONE.options());

    private HttpResponse<String> publish(PublisherFixture publisher, int clients) throws Exception {
        String names =
                IntStream.range(0, clients).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(","));
        return publisher.send("POST", "/v1/messages", "{\"clients\":[" + names + "],\"data\":1}");
    }

    @Test
    void itIsRefusedAndToldWhenToComeBack() throws Exception {
        PublisherFixture publisher = PublisherFixture.open(redis, new Rate(1, BURST));
        int clients = PublishLimits.DEFAULT.clientsMaxAMessage();
        assertEquals(200, publish(publisher, clients).statusCode());
        HttpResponse<String> refused = publish(publisher, 1);
        assertEquals(429, refused.statusCode());
        JsonObject problem = new JsonObject(refused.body());
        assertEquals("rate_limited", problem.getString("code"));
        long retryAfterMs = problem.getLong("retryAfterMs");
        assertTrue(retryAfterMs > 0 && retryAfterMs <= (clients - BURST) * 1_000L + 1, refused.body());
        assertEquals(
                (retryAfterMs + 999) / 1_000,
                Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow()));
    }

    @Test
    void itsNdjsonIsReadMoreSlowlyInstead() throws Exception {
        int perSecond = 10_000;
        PublisherFixture publisher = PublisherFixture.open(redis, new Rate(perSecond, BURST));
        String line = "{\"client\":\"42\",\"data\":\"" + "x".repeat(60) + "\"}\n";
        int lines = 2 * perSecond;
        long startNanos = System.nanoTime();
        HttpResponse<String> answer = publisher.sendNdjson("/v1/messages", line.repeat(lines));
        long tookMs = (System.nanoTime() - startNanos) / 1_000_000;
        assertEquals(
                lines,
                answer.body().lines().filter(said -> said.contains("queued")).count());
        // Whatever came with the last read is taken at once.
        long paced = lines - BURST - CHUNK_BYTES / line.length();
        assertTrue(tookMs >= paced * 1_000 / perSecond, tookMs + " ms");
    }
}
