package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisSentinels;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A master that is paused, replaced by its replica and resumed, seen by a browser that polls two gateways in turn. */
class GatewayFailoverIT {

    private final Map<Long, String> meaningOf = new HashMap<>();
    private String cursor = "";
    private boolean wasToldOfFailover;
    private int polls;

    @Test
    void noNumberMeansTwoMessagesAndTheGapIsSaid() throws Exception {
        try (RedisSentinels redis = RedisSentinels.start();
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 2)) {
            publishUntilTaken(site, "before");
            assertTrue(pollUntil(site, "before"));
            // What only the old master knows is delivered, and lost with it.
            redis.replica().pause();
            redis.master().command("CLIENT", "KILL", "TYPE", "replica");
            publishUntilTaken(site, "lost");
            assertTrue(pollUntil(site, "lost"));
            redis.master().pause();
            redis.replica().resume();
            publishUntilTaken(site, "after");
            assertTrue(pollUntil(site, "after"));
            assertTrue(wasToldOfFailover, "the gap is said");
            redis.master().resume();
            for (int i = 0; i < 30; i++) {
                publishUntilTaken(site, "resumed " + i);
                assertTrue(pollUntil(site, "resumed " + i));
            }
            site.awaitReady();
        }
    }

    private void publishUntilTaken(Site site, String data) {
        Awaitility.await()
                .atMost(2 * LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .until(() -> Http.publish(site, "{\"client\":\"42\",\"data\":\"" + data + "\",\"id\":\"" + data + "\"}")
                        .hasNonNull("seq"));
    }

    private boolean pollUntil(Site site, String data) {
        for (int tries = 0; tries < 20; tries++) {
            String url = site.gatewayUrl(polls++ % 2) + "/v1/poll?client=42&timeoutMs=5000" + cursor;
            JsonNode answer = Http.json(Http.get(url));
            if (!answer.has("messages")) {
                continue; // Redis was away; the page would try again, too
            }
            answer.path("gaps")
                    .forEach(gap ->
                            wasToldOfFailover |= gap.get("reason").asText().equals("failover"));
            boolean hasIt = false;
            for (JsonNode message : answer.get("messages")) {
                String got = message.get("data").asText();
                assertEquals(got, meaningOf.computeIfAbsent(message.get("seq").asLong(), none -> got));
                hasIt |= got.equals(data);
            }
            cursor = "&cursor=" + answer.get("cursor").asText();
            if (hasIt) {
                return true;
            }
        }
        return false;
    }
}
