package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import megacomet.model.ClientId;
import megacomet.model.Transport;
import megacomet.redis.Event;
import megacomet.redis.EventLog;
import megacomet.redis.NodeId;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How applications learn what happens to clients: by a stream and by a webhook. */
@Timeout(120)
class EventsApiIT {

    private static final NodeId NODE = NodeId.random();
    private static final byte[] SECRET = "a secret of the application".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    final Deployed redis = new Deployed(RedisFixture.STANDALONE.options());

    private PublisherFixture publisher;
    private EventLog log;

    /** What a webhook was posted. */
    private record Posted(String signature, String body) {}

    @BeforeEach
    void open() throws Exception {
        publisher = PublisherFixture.open(redis);
        log = redis.thread().make(() -> redis.loop().eventLog(EventLog.Observer.NONE));
    }

    private void tell(Event event) {
        redis.thread().await(() -> {
            log.append(List.of(event));
            return log.whenTold();
        });
    }

    private void connected(String client) {
        tell(Event.connected(new ClientId(client), NODE, Transport.JSON, 1));
    }

    private void gone(String client) {
        tell(Event.gone(new ClientId(client), NODE, Transport.JSON, "left", 1));
    }

    private static String clientOf(String json) {
        return new JsonObject(json).getString("client");
    }

    @Test
    void aReaderGetsWhatHappensFromNowOnAndGoesOnWhereItStopped() throws Exception {
        connected("before");
        String third;
        try (Stream<String> stream = publisher.lines("/v1/events", null)) {
            Iterator<String> lines = stream.iterator();
            assertTrue(lines.next().startsWith(": events after "));
            IntStream.range(0, 5).forEach(i -> connected("c" + i));
            assertEquals("c0", clientOf(PublisherFixture.next(lines, "data")));
            PublisherFixture.next(lines, "data");
            third = PublisherFixture.next(lines, "id");
        }
        try (Stream<String> stream = publisher.lines("/v1/events?after=0", third)) {
            Iterator<String> lines = stream.iterator();
            assertEquals("c3", clientOf(PublisherFixture.next(lines, "data")));
            assertEquals("c4", clientOf(PublisherFixture.next(lines, "data")));
            connected("later");
            assertEquals("later", clientOf(PublisherFixture.next(lines, "data")));
        }
    }

    @Test
    void aReaderGetsTheTypesThatItAsksFor() throws Exception {
        connected("a");
        gone("a");
        connected("b");
        gone("b");
        try (Stream<String> stream = publisher.lines("/v1/events?after=0&types=gone,expired", null)) {
            Iterator<String> lines = stream.iterator();
            assertEquals(
                    "{\"event\":\"gone\",\"client\":\"a\",\"node\":\"" + NODE
                            + "\",\"transport\":\"json\",\"reason\":\"left\",\"at\":1}",
                    PublisherFixture.next(lines, "data"));
            assertEquals("b", clientOf(PublisherFixture.next(lines, "data")));
        }
    }

    @Test
    void aReaderWhoseEventsAreNotKeptAnyMoreIsToldSo() throws Exception {
        connected("a");
        try (Stream<String> stream = publisher.lines("/v1/events", "1000-0")) {
            Iterator<String> lines = stream.iterator();
            assertTrue(PublisherFixture.next(lines, "data").startsWith("{\"event\":\"lost\""));
            assertEquals("a", clientOf(PublisherFixture.next(lines, "data")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?after=x", "?after=1", "?types=connected,nonsense", "?after=1-1&after=2-2"})
    void aWrongParameterIsRefused(String query) throws Exception {
        var answer = publisher.send("GET", "/v1/events" + query, null);
        assertEquals(400, answer.statusCode());
        assertEquals("invalid_parameter", new JsonObject(answer.body()).getString("code"));
    }

    @Test
    void aWebhookGetsSignedBatchesAgainUntilItTakesThem() throws Exception {
        BlockingQueue<Posted> posted = new LinkedBlockingQueue<>();
        AtomicInteger refusals = new AtomicInteger(1);
        HttpServer application = PublisherFixture.await(redis.vertx()
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    posted.add(new Posted(request.getHeader("X-MegaComet-Signature"), body.toString()));
                    request.response()
                            .setStatusCode(refusals.getAndDecrement() > 0 ? 503 : 204)
                            .end();
                }))
                .listen(0, "127.0.0.1"));
        WebhookOptions webhook =
                new WebhookOptions(URI.create("http://127.0.0.1:" + application.actualPort() + "/hook"), SECRET);
        publisher.tell(webhook);
        publisher.tell(webhook);
        awaitWebhookAtTheEndOfTheLog();
        redis.thread().await(() -> {
            log.append(IntStream.range(0, 250)
                    .mapToObj(i -> Event.connected(new ClientId("c" + i), NODE, Transport.JSON, i))
                    .toList());
            return log.whenTold();
        });
        Posted refused = next(posted);
        int got = 0;
        while (got < 250) {
            Posted taken = next(posted);
            assertSigned(taken);
            if (got == 0) {
                // It comes again, with all that it had; by then there may be more.
                assertTrue(taken.body.startsWith(refused.body.substring(0, refused.body.length() - 2)));
            }
            JsonArray events = new JsonObject(taken.body).getJsonArray("events");
            assertTrue(events.size() <= 100, events.size() + " events");
            for (int i = 0; i < events.size(); i++) {
                assertEquals("c" + got++, events.getJsonObject(i).getString("client"));
            }
        }
        assertEquals(250, got);
    }

    /** A webhook's first process begins with what happens after it has begun, so it must have. */
    private void awaitWebhookAtTheEndOfTheLog() {
        var post = redis.thread().make(() -> redis.loop().post("webhook"));
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            var held = redis.thread().await(() -> post.hold(0));
            return !held.isMine() && !held.position().isEmpty();
        });
    }

    private static Posted next(BlockingQueue<Posted> posted) throws InterruptedException {
        Posted next = posted.poll(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS);
        assertTrue(next != null, "nothing was posted");
        return next;
    }

    private static void assertSigned(Posted posted) throws Exception {
        String[] parts = posted.signature.split("[=,]");
        assertEquals("t", parts[0]);
        assertEquals("v1", parts[2]);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] expected = mac.doFinal((parts[1] + "." + posted.body).getBytes(StandardCharsets.UTF_8));
        assertEquals(HexFormat.of().formatHex(expected), parts[3]);
    }
}
