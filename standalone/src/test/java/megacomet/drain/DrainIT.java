package megacomet.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.fixture.GatewayProcess;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.link.RedisUrl;
import megacomet.web.fixture.PemFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway is told to stop while hundreds of clients of every kind wait there and messages come. */
@Isolated("hundreds of browsers with time limits")
class DrainIT {

    private static final int POLLS = 150;
    /** A connection of HTTP/2 takes 100 requests at a time. */
    private static final int POLLS_OVER_HTTP2 = 80;

    private static final int OF_EACH_OTHER = 40;
    private static final long LEAD_MS = 4_000;
    private static final long DRAIN_MS = 4_000;
    /** How long stopping may take besides: docs/operations.md. */
    private static final long REST_MS = 10_000;

    private static final long PUBLISH_EVERY_MS = 50;
    private static final int BOUND_FACTOR = 4;

    private final Vertx vertx = Vertx.vertx();
    private final List<Roamer> roamers = new ArrayList<>();
    private Roaming roaming;

    @Test
    void clientsAreSentAwayOneAfterAnotherAndLoseNothing() throws Exception {
        try (RedisServer redis = RedisServer.start();
                GatewayProcess leaving = new GatewayProcess(
                        redis.url(), "--drain-lead", LEAD_MS + "ms", "--drain-time", DRAIN_MS + "ms");
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 1)) {
            roaming = new Roaming(vertx, leaving.url(), site.gatewayUrl(0));
            come(leaving);
            publish(site);
            leaving.terminate();
            for (boolean wasReleased = roaming.wasAnyReleased();
                    leaving.isReady();
                    wasReleased = roaming.wasAnyReleased()) {
                assertFalse(wasReleased, "it is not ready before it sends anybody away");
            }
            String poll =
                    Http.get(leaving.url() + "/v1/poll?client=new&timeoutMs=0").body();
            assertTrue(poll.contains("\"messages\":[]") && !poll.contains("ended"), poll);
            // While it is sending clients away, whatever it takes.
            while (leaving.isAlive()) {
                publish(site);
                TimeUnit.MILLISECONDS.sleep(PUBLISH_EVERY_MS);
            }
            assertEquals(0, leaving.awaitExit(BOUND_FACTOR * (LEAD_MS + DRAIN_MS + REST_MS)), leaving::said);
            publish(site);
            assertEverybodyHasAll();
            assertWereSentAwayOneAfterAnother();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Over one connection, which may be closed only when all are answered. */
    @Test
    void pollsOverHttp2AreSentAwayAsWell(@TempDir Path folder) throws Exception {
        PemFiles pem = PemFiles.make(folder).writeTo(folder);
        try (RedisServer redis = RedisServer.start();
                GatewayProcess leaving = new GatewayProcess(
                        redis.url(),
                        "--tls-cert=" + folder.resolve("cert.pem"),
                        "--tls-key=" + folder.resolve("key.pem"),
                        "--drain-lead=0s",
                        "--drain-time=" + DRAIN_MS + "ms")) {
            HttpClient browser = vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setUseAlpn(true)
                            .setSsl(true)
                            .setTrustAll(true)
                            .setVerifyHost(false),
                    new PoolOptions().setHttp2MaxSize(1));
            List<Future<Buffer>> polls = new ArrayList<>();
            for (int i = 0; i < POLLS_OVER_HTTP2; i++) {
                polls.add(browser.request(HttpMethod.GET, leaving.port(), "localhost", "/v1/poll?client=" + i)
                        .compose(HttpClientRequest::send)
                        .compose(HttpClientResponse::body));
            }
            Awaitility.await().until(() -> leaving.holds() == POLLS_OVER_HTTP2);
            leaving.terminate();
            for (Future<Buffer> poll : polls) {
                String answer = poll.toCompletionStage()
                        .toCompletableFuture()
                        .get(BOUND_FACTOR * (DRAIN_MS + REST_MS), TimeUnit.MILLISECONDS)
                        .toString();
                assertTrue(answer.contains("\"ended\":\"draining\""), answer);
            }
            assertEquals(0, leaving.awaitExit(BOUND_FACTOR * (DRAIN_MS + REST_MS)), leaving::said);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Everybody comes, and waits. */
    private void come(GatewayProcess gateway) {
        for (int i = 0; i < POLLS; i++) {
            roamers.add(new PollRoamer(roaming, "poll-" + i));
        }
        for (int i = 0; i < OF_EACH_OTHER; i++) {
            roamers.add(new EventRoamer(roaming, "events-" + i));
            roamers.add(new SocketRoamer(roaming, "socket-" + i));
            roamers.add(new BayeuxRoamer(roaming, "bayeux-" + i, false));
            roamers.add(new BayeuxRoamer(roaming, "bayeux-socket-" + i, true));
        }
        vertx.runOnContext(run -> roamers.forEach(Roamer::visit));
        Awaitility.await()
                .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .until(() -> gateway.holds() == roamers.size() || firstWrong() != null);
        assertEquals(null, firstWrong());
    }

    private String firstWrong() {
        return roamers.stream()
                .map(Roamer::wrong)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The next number, to the topic and to each client's mailbox. */
    private void publish(Site site) {
        int number = roaming.published.incrementAndGet();
        List<String> clients = roamers.stream()
                .filter(Roamer::hasMailbox)
                .map(roamer -> "\"" + roamer.client + "\"")
                .toList();
        String messages = "[{\"topic\":\"%s\",\"data\":%d},{\"clients\":%s,\"data\":%2$d}]"
                .formatted(Roamer.TOPIC, number, clients);
        var answer = Http.post(site.publisherUrl() + "/v1/messages", "application/json", messages);
        assertEquals(200, answer.statusCode(), answer.body());
        assertFalse(answer.body().contains("error"), answer.body());
    }

    private void assertEverybodyHasAll() {
        int all = roaming.published.get();
        Awaitility.await()
                .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .until(() -> firstWrong() != null
                        || roamers.stream()
                                .allMatch(roamer -> roamer.ofTopic() == all
                                        && (roamer.ofMailbox() == all || !roamer.hasMailbox())));
        assertEquals(null, firstWrong());
    }

    private void assertWereSentAwayOneAfterAnother() {
        List<Integer> published = roaming.publishedWhenSentAway();
        assertTrue(published.size() > roamers.size() * 9 / 10, published.size() + " were told to go");
        int kinds = new HashSet<>(published).size();
        assertTrue(kinds >= 5, "spread over messages: " + published);
        long intervals = roamers.stream().map(Roamer::intervalMs).distinct().count();
        assertTrue(intervals > roamers.size() / 2, intervals + " times to come back");
    }
}
