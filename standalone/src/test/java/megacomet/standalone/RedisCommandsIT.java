package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Http;
import megacomet.fixture.RedisMonitor;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What messages to a client that polls again on its connection cost Redis: {@code make bench-redis-commands}, with few. */
class RedisCommandsIT {

    private static final int MESSAGES = 50;

    /** How often the gateway tells Redis what clients have confirmed. */
    private static final long CONFIRMING_MS = 250;

    private String cursor = "";

    @Test
    void aMessageThatAPollWaitsForCostsOneCommandFromOutsideAndASmallPart() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 1);
                RedisMonitor monitor = new RedisMonitor(redis)) {
            // The client is claimed, and Redis knows the scripts.
            deliver(site, "first");
            monitor.sinceLast();
            long begunNanos = System.nanoTime();
            for (int i = 0; i < MESSAGES; i++) {
                deliver(site, "message-" + i);
            }
            long periods = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos) / CONFIRMING_MS;
            // Comparisons and leases, which run anyway, have no key of a client. A script that Redis has yet to learn
            // is sent anew.
            List<String> commands = monitor.sinceLast().lines().stream()
                    .filter(line -> line.contains(":client-1\"") && line.contains("] \"evalsha\""))
                    .toList();
            long publishes =
                    commands.stream().filter(line -> line.contains("message-")).count();
            assertEquals(MESSAGES, publishes, "one for each message");
            long others = commands.size() - publishes;
            assertTrue(others <= periods + 2, others + " confirmations, of all in 250 ms together, in " + periods);
        }
    }

    private void deliver(Site site, String text) {
        CompletableFuture<HttpResponse<String>> poll =
                Http.getLater(site.gatewayUrl(0) + "/v1/poll?client=client-1&timeoutMs=20000" + cursor);
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> site.holds() == 1);
        Http.publish(site, "{\"client\":\"client-1\",\"data\":\"" + text + "\"}");
        JsonNode answer = Http.json(poll.join());
        assertEquals(text, answer.get("messages").get(0).get("data").asText(), answer.toString());
        cursor = "&cursor=" + answer.get("cursor").asText();
    }
}
