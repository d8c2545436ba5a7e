package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What browsers and applications see of a Redis that is away, and of its return. */
class RedisOutageIT {

    /** The documented bound within which a lost wake is noticed and made good: two comparisons. */
    private static final long NOTICED_MS = 4_000;

    @Test
    void parkedPollsStayParkedNewOnesAreSentAwayAndAllGoesOnWhenRedisIsBack() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 1)) {
            String poll = site.gatewayUrl(0) + "/v1/poll?timeoutMs=120000&client=";
            CompletableFuture<HttpResponse<String>> parked = Http.getLater(poll + "parked");
            Awaitility.await().until(() -> site.holds() == 1);

            redis.kill();
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> !site.isReady(0));
            HttpResponse<String> turnedAway = Http.get(poll + "new");
            assertEquals(503, turnedAway.statusCode());
            assertEquals("redis_unavailable", Http.json(turnedAway).get("code").asText());
            int retryAfterS = Integer.parseInt(
                    turnedAway.headers().firstValue("retry-after").orElseThrow());
            assertTrue(retryAfterS >= 1 && retryAfterS <= 5, "" + retryAfterS);
            String script = Http.get(poll + "new&callback=cb").body();
            assertTrue(script.startsWith("/**/cb({\"error\":{\"code\":\"redis_unavailable\""), script);
            HttpResponse<String> publishing = Http.post(
                    site.publisherUrl() + "/v1/messages", "application/json", "{\"client\":\"parked\",\"data\":1}");
            assertEquals(503, publishing.statusCode());
            assertFalse(parked.isDone(), () -> parked.join().body());

            redis.restart();
            site.awaitReady();
            assertEquals(
                    "parked",
                    Http.publish(site, "{\"client\":\"parked\",\"data\":2}")
                            .get("client")
                            .asText());
            JsonNode answer = Http.json(parked.get(4 * NOTICED_MS, TimeUnit.MILLISECONDS));
            assertEquals("2", answer.get("messages").get(0).get("data").toString());
        }
    }

    @Test
    void aPausedRedisIsWaitedForAndItsTimeoutIsSaid() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 1)) {
            String poll = site.gatewayUrl(0) + "/v1/poll?timeoutMs=120000&client=";
            CompletableFuture<HttpResponse<String>> parked = Http.getLater(poll + "parked");
            Awaitility.await().until(() -> site.holds() == 1);
            Http.publish(site, "{\"client\":\"other\",\"data\":1}"); // The publisher's connection is open.
            redis.pause();
            HttpResponse<String> publishing = Http.post(
                    site.publisherUrl() + "/v1/messages", "application/json", "{\"client\":\"parked\",\"data\":1}");
            assertEquals(503, publishing.statusCode());
            assertEquals("outcome_unknown", Http.json(publishing).get("code").asText());
            assertEquals(503, Http.get(poll + "new").statusCode());
            redis.resume();
            // It was sent before Redis stopped, so Redis may execute it now; if it does, the poll gets it.
            site.awaitReady();
            Http.publish(site, "{\"client\":\"parked\",\"data\":2}");
            JsonNode answer = Http.json(parked.get(4 * NOTICED_MS, TimeUnit.MILLISECONDS));
            assertTrue(answer.get("messages").size() >= 1);
        }
    }
}
