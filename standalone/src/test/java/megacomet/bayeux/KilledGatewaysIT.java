package megacomet.bayeux;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Gateways are killed in turn, without a chance to say anything, while an application publishes. Clients that acknowledge
 * get every message, in order and once, in the session that they began with, whatever node they come to.
 *
 * <p>{@code make test-bayeux-long} has ten thousand messages and a kill every ten seconds; {@code make test} fewer of both.
 */
@Isolated("gateways start again and again")
class KilledGatewaysIT {

    private static final int MESSAGES = Integer.getInteger("megacomet.bayeux.messages", 1_000);
    private static final long KILL_EVERY_MS = Long.getLong("megacomet.bayeux.killEveryMs", 4_000);
    private static final long PUBLISH_EVERY_MS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOPIC = "killed/gateways";

    private final Map<String, StockClient> clients = new LinkedHashMap<>();
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES) // for make test-bayeux-long
    void nothingThatIsAcknowledgedIsLostOrRepeatedOrReordered() throws Exception {
        for (String transport : List.of("long-polling", "websocket")) {
            clients.put("CometD 9 by " + transport, new ScriptedClient(NodeScript.start("cometd-9", transport, true)));
            clients.put("CometD 4 by " + transport, new ScriptedClient(NodeScript.start("cometd-4", transport, true)));
            clients.put("CometD in Java by " + transport, new CometdJavaClient(transport, true));
        }
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
        try (Gateways gateways = new Gateways(2, 1, "--bayeux-timeout", "5s")) {
            for (StockClient client : clients.values()) {
                client.start(gateways.url());
                client.subscribe("/" + TOPIC);
            }
            ScheduledFuture<?> publishing =
                    timers.scheduleAtFixedRate(() -> publishOne(gateways), 0, PUBLISH_EVERY_MS, TimeUnit.MILLISECONDS);
            ScheduledFuture<?> killing = timers.scheduleAtFixedRate(
                    () -> killOne(gateways), KILL_EVERY_MS / 2, KILL_EVERY_MS, TimeUnit.MILLISECONDS);
            Awaitility.await()
                    .atMost(PATIENCE.plusMillis(4 * MESSAGES * PUBLISH_EVERY_MS))
                    .until(() -> published.get() == MESSAGES || publishing.isDone() || killing.isDone());
            killing.cancel(false);
            assertEquals(MESSAGES, published.get(), "published");
            assertTrue(kills.get() > 1, "gateways were killed");
            assertAll(
                    clients.entrySet().stream().map(client -> () -> assertGotAll(client.getKey(), client.getValue())));
        } finally {
            timers.shutdown();
            clients.values().forEach(StockClient::close);
        }
    }

    private void publishOne(Gateways gateways) {
        // The second half waits for a second kill, however long it takes to start a gateway here.
        if (published.get() < MESSAGES && (published.get() < MESSAGES / 2 || kills.get() > 1)) {
            assertTrue(gateways.publish(TOPIC, published.get()), "published");
            published.incrementAndGet();
        }
    }

    private void killOne(Gateways gateways) {
        try {
            gateways.kill(kills.getAndIncrement() % 2);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertGotAll(String name, StockClient client) {
        List<Integer> all = IntStream.range(0, MESSAGES).boxed().toList();
        Awaitility.await(name)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertTrue(
                        client.heard().stream().map(Heard::data).distinct().count() == MESSAGES,
                        () -> name + " lacks " + missing(client)));
        assertEquals(
                all,
                client.heard().stream().map(one -> Integer.valueOf(one.data())).toList(),
                name);
        assertEquals(1, client.handshakes(), name + ": sessions");
    }

    private static List<Integer> missing(StockClient client) {
        List<Integer> missing =
                new ArrayList<>(IntStream.range(0, MESSAGES).boxed().toList());
        missing.removeAll(
                client.heard().stream().map(one -> Integer.valueOf(one.data())).toList());
        return missing;
    }
}
