package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.SwitchingClient;
import megacomet.model.Transport;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A client that changes transport and gateway all the time, while much is published to it and to what it follows. */
class TransportSwitchIT {

    private static final int MESSAGES = 20_000;
    private static final List<String> STREAMS = List.of("mailbox", "news/sport", "prices", "room/7");
    private static final int EACH = MESSAGES / STREAMS.size();

    /**
     * Of each stream. A mailbox holds 1,000, also those that came and are not confirmed yet: an answer full of these, and
     * what the visit brought before.
     */
    private static final int MOST_UNDER_WAY = 300;

    private static final int LINES_A_REQUEST = 100;

    private final Map<String, Integer> published = new HashMap<>();

    @Test
    void everythingArrivesOnceAndInTheOrderOfItsStream() throws Exception {
        try (Site site = Site.open(RedisFixture.STANDALONE.options(), 3)) {
            SwitchingClient client = new SwitchingClient(site, "42", "news%2Fsport,prices,room%2F*");
            publish(site, STREAMS.get(0), 1, 1); // So that its first visit ends, and topics are followed from there on.
            client.run(1);
            CompletableFuture<Void> all = CompletableFuture.runAsync(() -> publishAll(site, client));
            client.run(MESSAGES);
            assertEquals(List.of(), client.wrong());
            all.get(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS);
            for (String stream : STREAMS) {
                assertEquals(
                        IntStream.rangeClosed(1, EACH).boxed().toList(),
                        client.streams().get(stream),
                        stream);
            }
            assertEquals(
                    Set.of(Transport.JSON, Transport.JSONP, Transport.SSE, Transport.WEBSOCKET),
                    client.byTransport().keySet());
        }
    }

    /** The mailbox and one topic by lines, the other topics message by message, all at once. */
    private void publishAll(Site site, SwitchingClient client) {
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (String stream : STREAMS) {
            publishers.add(CompletableFuture.runAsync(() -> {
                int atOnce = stream.equals("prices") || stream.equals("room/7") ? 1 : LINES_A_REQUEST;
                for (int next = published(stream) + 1; next <= EACH; next = published(stream) + 1) {
                    awaitRoom(client, stream);
                    publish(site, stream, next, Math.min(EACH, next + atOnce - 1));
                }
            }));
        }
        publishers.forEach(CompletableFuture::join);
    }

    private synchronized int published(String stream) {
        return published.getOrDefault(stream, 0);
    }

    private synchronized void hasPublished(String stream, int upTo) {
        published.put(stream, upTo);
    }

    private void awaitRoom(SwitchingClient client, String stream) {
        if (underWay(client, stream) >= MOST_UNDER_WAY) {
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> underWay(client, stream) < MOST_UNDER_WAY);
        }
    }

    private int underWay(SwitchingClient client, String stream) {
        return published(stream) - client.received(stream);
    }

    private void publish(Site site, String stream, int first, int last) {
        String target = stream.equals("mailbox") ? "\"client\":\"42\"" : "\"topic\":\"" + stream + "\"";
        StringBuilder lines = new StringBuilder();
        for (int i = first; i <= last; i++) {
            lines.append("{").append(target).append(",\"data\":").append(i).append("}\n");
        }
        String type = first == last ? "application/json" : "application/x-ndjson";
        var answer = Http.post(site.publisherUrl() + "/v1/messages", type, lines.toString());
        assertEquals(200, answer.statusCode(), answer.body());
        hasPublished(stream, last);
    }
}
