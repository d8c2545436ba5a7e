package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.VirtualBrowser;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A hundred thousand messages in one request, to clients that wait, at whichever gateway, and to clients that are away. */
class ManyMessagesIT {

    private static final int MESSAGES = 100_000;
    private static final int CLIENTS = 1_000;
    private static final int WAITING = 200;

    @Test
    void allArriveCompletelyAndInOrderOnAStandaloneRedis() {
        allArrive(RedisFixture.STANDALONE);
    }

    @Test
    void allArriveCompletelyAndInOrderOnACluster() {
        allArrive(RedisFixture.CLUSTER);
    }

    private void allArrive(RedisFixture redis) {
        Vertx vertx = Vertx.vertx();
        try (Site site = Site.open(redis.options(), 2)) {
            HttpClient http = vertx.createHttpClient(
                    new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(2 * WAITING));
            List<VirtualBrowser> waiting = IntStream.range(0, WAITING)
                    .mapToObj(i -> new VirtualBrowser(vertx, http, "client-" + i, site::anyGatewayUrl))
                    .toList();
            vertx.runOnContext(start -> waiting.forEach(VirtualBrowser::start));
            Awaitility.await().until(() -> site.holds() == WAITING);

            Map<String, List<String>> expected = publish(site);

            awaitAll(waiting, expected);
            for (int i = 0; i < WAITING; i++) {
                assertEquals(expected.get("client-" + i), waiting.get(i).messages());
                assertEquals(List.of(), waiting.get(i).gaps());
            }
            List<VirtualBrowser> late = IntStream.range(WAITING, CLIENTS)
                    .mapToObj(i -> new VirtualBrowser(vertx, http, "client-" + i, site::anyGatewayUrl))
                    .toList();
            vertx.runOnContext(start -> late.forEach(VirtualBrowser::start));
            awaitAll(late, expected);
            for (int i = WAITING; i < CLIENTS; i++) {
                assertEquals(expected.get("client-" + i), late.get(i - WAITING).messages());
            }
            vertx.runOnContext(stop -> {
                waiting.forEach(VirtualBrowser::stop);
                late.forEach(VirtualBrowser::stop);
            });
        } finally {
            Site.await(vertx.close());
        }
    }

    private static void awaitAll(List<VirtualBrowser> browsers, Map<String, List<String>> expected) {
        long all = MESSAGES / CLIENTS * (long) browsers.size();
        Awaitility.await()
                .atMost(4 * LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .until(() -> {
                    browsers.forEach(browser -> assertEquals(null, browser.wrong()));
                    return browsers.stream().mapToLong(VirtualBrowser::received).sum() >= all;
                });
        assertTrue(expected.size() >= browsers.size());
    }

    /** Publishes them all, to the clients in turn but shuffled, and returns what each must get. */
    private static Map<String, List<String>> publish(Site site) {
        Map<String, List<String>> expected = new HashMap<>();
        List<Integer> clients = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            clients.add(i % CLIENTS);
        }
        java.util.Collections.shuffle(clients, new Random(1));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < MESSAGES; i++) {
            String client = "client-" + clients.get(i);
            expected.computeIfAbsent(client, none -> new ArrayList<>()).add("" + i);
            lines.append("{\"client\":\"")
                    .append(client)
                    .append("\",\"data\":")
                    .append(i)
                    .append(",\"ttlMs\":600000}\n");
        }
        String answers = Http.post(site.publisherUrl() + "/v1/messages", "application/x-ndjson", lines.toString())
                .body();
        List<String> each = answers.lines().toList();
        assertEquals(MESSAGES, each.size());
        for (int i = 0; i < MESSAGES; i++) {
            JsonNode answer = Http.json(each.get(i));
            assertEquals("client-" + clients.get(i), answer.path("client").asText(), "the answers' order");
            assertTrue(answer.path("seq").asLong() > 0, each.get(i));
        }
        return expected;
    }
}
