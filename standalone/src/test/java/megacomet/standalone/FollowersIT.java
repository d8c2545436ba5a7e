package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.fixture.StandaloneProcess;
import megacomet.fixture.VirtualBrowser;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.Membership;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many follow a topic, over all gateways, as clients come, go, move and lose their gateway. */
class FollowersIT {

    /** Within what time a count is right after a follower has gone for good. */
    private static final Duration RIGHT = Duration.ofMillis(3_000);

    private static final Duration BOUND = RIGHT.multipliedBy(4);
    private static final long LINGER_MS = 1_000;
    private static final long LONG_LINGER_MS = 5_000;
    private static final int BROWSERS = 40;

    private static Site site;
    private final String topic = "news/" + UUID.randomUUID();
    private final String client = "client-" + UUID.randomUUID();

    @BeforeAll
    static void open() {
        site = new Site(RedisFixture.STANDALONE.options(), 2, RoomOptions.DEFAULT.withLingerMs(LINGER_MS));
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonNode look(Site where, String topic, String more) {
        return Http.json(Http.get(where.publisherUrl() + "/v1/topics/" + escaped(topic) + more));
    }

    private int followers() {
        return followers(site);
    }

    private int followers(Site where) {
        return look(where, topic, "").get("followers").asInt();
    }

    private void awaitFollowers(int count, Duration bound) {
        Awaitility.await().atMost(bound).until(() -> followers() == count);
    }

    private String follow(String who, String topics) {
        return "client=" + who + "&topics=" + escaped(topics);
    }

    @Test
    void aStreamThatIsClosedIsCountedNoMore() throws IOException {
        String own = site.gatewayUrl(0) + "/v1/stream?" + follow(client, topic);
        String other = site.gatewayUrl(1) + "/v1/ws?" + follow(client + "-b", topic);
        try (EventStream events = new EventStream(own)) {
            events.next();
            try (RawWebSocket socket = new RawWebSocket(other, "")) {
                socket.nextJson();
                awaitFollowers(2, BOUND);
            }
            awaitFollowers(1, BOUND);
        }
        awaitFollowers(0, BOUND);
    }

    @Test
    void aPollerIsCountedUntilItsLingerEnds() {
        var held = Http.getLater(site.gatewayUrl(0) + "/v1/poll?" + follow(client, topic));
        awaitFollowers(1, BOUND);
        Http.publish(site, "{\"topic\":\"" + topic + "\",\"data\":1}");
        assertEquals(1, Http.json(held.join()).get("messages").size());
        awaitFollowers(0, BOUND.plusMillis(4 * LINGER_MS));
    }

    @Test
    void whoFollowsByNameAndByPatternIsCountedOnce() throws IOException {
        String pattern = topic.substring(0, topic.indexOf('/')) + "/*";
        try (RawWebSocket socket =
                new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?" + follow(client, topic + "," + pattern + ",**"), "")) {
            socket.nextJson();
            awaitFollowers(1, BOUND);
            socket.send("{\"unfollow\":[\"" + topic + "\"]}");
            stays(1);
            socket.send("{\"unfollow\":[\"" + pattern + "\",\"**\"]}");
            awaitFollowers(0, BOUND);
        }
    }

    /** Looks for as long as a count may be old, and a little more. */
    private void stays(int count) {
        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> followers() == count);
    }

    @Test
    void followersAreListedByNameUpToTheLimit() throws IOException {
        List<EventStream> streams = new ArrayList<>();
        try {
            for (String name : List.of("c", "a", "b")) {
                String url = site.gatewayUrl(streams.size() % 2) + "/v1/stream?" + follow(client + name, topic);
                streams.add(new EventStream(url));
                streams.get(streams.size() - 1).next();
            }
            awaitFollowers(3, BOUND);
            JsonNode all = look(site, topic, "?followers=true").get("clients");
            assertEquals(
                    List.of(client + "a", client + "b", client + "c"),
                    List.of(all.get(0).asText(), all.get(1).asText(), all.get(2).asText()));
            JsonNode some = look(site, topic, "?followers=true&limit=2");
            assertEquals(2, some.get("clients").size());
            assertEquals(3, some.get("followers").asInt());
        } finally {
            for (EventStream stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void countsAndPresenceDoNotMoveWhilePollersMoveAmongGateways() {
        Vertx vertx = Vertx.vertx();
        // Whoever polls again within the linger is there all the time; on a busy machine that may take more than a
        // second.
        RoomOptions room = RoomOptions.DEFAULT.withLingerMs(LONG_LINGER_MS);
        try (Site patient = new Site(RedisFixture.STANDALONE.options(), 2, room)) {
            HttpClient http =
                    vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(2 * BROWSERS));
            List<VirtualBrowser> browsers = IntStream.range(0, BROWSERS)
                    .mapToObj(i ->
                            new VirtualBrowser(vertx, http, client + i, escaped(topic + ",**"), patient::anyGatewayUrl))
                    .toList();
            vertx.runOnContext(start -> browsers.forEach(VirtualBrowser::start));
            awaitFollowers(patient, BROWSERS, BOUND);
            int published = 0;
            int looks = 0;
            long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (System.nanoTime() < untilNanos) {
                // Each answers all of them, and all poll again somewhere.
                Http.publish(patient, "{\"topic\":\"" + topic + "\",\"data\":" + published++ + "}");
                assertEquals(BROWSERS, followers(patient), "after " + looks + " looks");
                JsonNode one = Http.json(Http.get(patient.publisherUrl() + "/v1/clients/" + client + looks % BROWSERS));
                assertTrue(one.get("online").asBoolean(), "after " + looks + " looks: " + one);
                looks++;
            }
            int messages = published;
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> browsers.stream().allMatch(browser -> browser.received() == messages));
            browsers.forEach(browser -> assertEquals(null, browser.wrong()));
            vertx.runOnContext(stop -> browsers.forEach(VirtualBrowser::stop));
            awaitFollowers(patient, 0, BOUND.plusMillis(4 * LONG_LINGER_MS));
        } finally {
            Site.await(vertx.close());
        }
    }

    @Test
    void theFollowersOfAGatewayThatWasKilledAreCountedNoMoreWhenItsLeaseHasEnded() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Site other = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 1)) {
            StandaloneProcess killed = StandaloneProcess.start("--redis-url", redis.url());
            try (EventStream stays = new EventStream(other.gatewayUrl(0) + "/v1/stream?" + follow(client, topic));
                    EventStream goes = new EventStream(
                            "http://localhost:" + killed.port() + "/v1/stream?" + follow(client + "-b", topic))) {
                stays.next();
                goes.next();
                CompletableFuture<?> polls =
                        Http.getLater("http://localhost:" + killed.port() + "/v1/poll?" + follow(client + "-c", topic));
                awaitFollowers(other, 3, BOUND);
                killed.close();
                awaitFollowers(other, 1, BOUND.plusMillis(4 * Membership.LEASE_MS));
                assertTrue(polls.isCompletedExceptionally() || !polls.isDone());
                JsonNode listed = look(other, topic, "?followers=true").get("clients");
                assertEquals("[\"" + client + "\"]", listed.toString());
            }
        }
    }

    private void awaitFollowers(Site where, int count, Duration bound) {
        Awaitility.await().atMost(bound).until(() -> followers(where) == count);
    }
}
