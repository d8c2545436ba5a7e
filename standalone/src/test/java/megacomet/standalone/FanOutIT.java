package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Http;
import megacomet.fixture.PollCrowd;
import megacomet.fixture.RedisMonitor;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One message to a topic that fifteen thousand polls wait for, at two gateways. */
@Isolated("it opens nearly as many files as a process may")
class FanOutIT {

    private static final int FOLLOWERS = 15_000;

    private static final int AT_ONCE = 1_500;

    /** A third gateway has no followers, and should hear nothing. */
    private static final int GATEWAYS = 3;

    private static final int GATEWAYS_WITH_FOLLOWERS = 2;
    private static final long PATIENCE_MS = 2 * LoopThread.PATIENCE_MS;

    @Test
    void aMessageCostsOneScriptAndOneWakeForEachNodeWithFollowersAndReachesAll() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Site site = Site.open(patient(redis), GATEWAYS)) {
            List<Integer> ports = IntStream.range(0, GATEWAYS_WITH_FOLLOWERS)
                    .mapToObj(i -> URI.create(site.gatewayUrl(i)).getPort())
                    .toList();
            try (PollCrowd crowd = new PollCrowd(FOLLOWERS, "news", ports);
                    RedisMonitor monitor = comeAll(crowd, site, redis)) {
                // From now on Redis knows the script.
                Http.publish(site, "{\"topic\":\"other\",\"data\":0}");
                for (String text : List.of("message 1", "message 2")) {
                    awaitFollowers(crowd, site, FOLLOWERS);
                    monitor.sinceLast();
                    JsonNode answer =
                            Http.publish(site, "{\"topic\":\"news\",\"data\":\"" + text + "\",\"ttlMs\":600000}");
                    assertEquals("sent", answer.path("state").asText(), answer.toString());
                    crowd.awaitAllHave(text, PATIENCE_MS);
                    assertCost(text, monitor.sinceLast());
                }
            }
            Awaitility.await().atMost(PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> site.holds() == 0);
        }
    }

    /** It is about what a message costs, not about how fast this machine is while a crowd comes in. */
    private static StoreOptions patient(RedisServer redis) {
        StoreOptions usual = StoreOptions.of(RedisUrl.parse(redis.url()));
        return new StoreOptions(
                usual.url(), null, usual.prefix(), usual.partitions(), 10_000, 20_000, usual.limits(), true);
    }

    /** Has them come a few at a time, as this machine can bear it. */
    private static RedisMonitor comeAll(PollCrowd crowd, Site site, RedisServer redis) throws IOException {
        for (int come = AT_ONCE; come <= FOLLOWERS; come += AT_ONCE) {
            crowd.letCome(AT_ONCE);
            awaitFollowers(crowd, site, come);
        }
        return new RedisMonitor(redis);
    }

    /** Until all wait, and all are known to wait. */
    private static void awaitFollowers(PollCrowd crowd, Site site, int count) {
        Awaitility.await()
                .atMost(PATIENCE_MS, TimeUnit.MILLISECONDS)
                .failFast(crowd::assertAlive)
                .untilAsserted(() -> {
                    JsonNode topic = Http.json(Http.get(site.publisherUrl() + "/v1/topics/news"));
                    String all = count + " hold, " + count + " follow";
                    assertEquals(all, site.holds() + " hold, " + topic.get("followers") + " follow");
                });
    }

    /**
     * What carries the message is told from what runs anyway, the nodes' comparisons and leases, by the message itself; and
     * Redis's own counts say that nothing else was done than what was seen.
     */
    private static void assertCost(String text, RedisMonitor.Seen all) {
        List<String> seen = all.lines();
        List<String> withMessage =
                seen.stream().filter(line -> line.contains(text)).toList();
        assertEquals(1, withMessage.stream().filter(FanOutIT::isScript).count(), "scripts\n" + shortened(withMessage));
        assertEquals(
                GATEWAYS_WITH_FOLLOWERS,
                withMessage.stream().filter(FanOutIT::isWake).count(),
                "wakes\n" + shortened(withMessage));
        long scripts = all.counts().get("evalsha");
        long wakes = all.counts().get("spublish");
        assertEquals(seen.stream().filter(FanOutIT::isScript).count(), scripts, "scripts, by Redis's own count");
        long probes = seen.stream().filter(FanOutIT::isProbe).count();
        assertEquals(GATEWAYS_WITH_FOLLOWERS, wakes - probes, "wakes, by Redis's own count");
        // A node that is in doubt reads again partition by partition, which are 256; not client by client.
        assertTrue(scripts < FOLLOWERS / 10, scripts + " scripts: something was done for each follower");
    }

    private static boolean isScript(String line) {
        return line.toUpperCase(Locale.ROOT).contains("] \"EVALSHA\"");
    }

    private static boolean isWake(String line) {
        return line.toUpperCase(Locale.ROOT).contains("LUA] \"SPUBLISH\"");
    }

    /** Now and then a node publishes to itself, to know that it hears; not by a script. */
    private static boolean isProbe(String line) {
        return line.toUpperCase(Locale.ROOT).contains("] \"SPUBLISH\"") && !isWake(line);
    }

    private static String shortened(List<String> lines) {
        return String.join(
                "\n",
                lines.stream()
                        .map(line -> line.substring(0, Math.min(200, line.length())))
                        .toList());
    }
}
