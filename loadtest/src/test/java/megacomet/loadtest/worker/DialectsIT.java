package megacomet.loadtest.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import megacomet.loadtest.fixture.FakePushServer;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.profile.Group;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker, within this process, against a small server of every dialect. */
class DialectsIT {

    private static final int BROWSERS = 20;
    private static final long PATIENCE_S = 20;

    private final List<Line> lines = new CopyOnWriteArrayList<>();

    private Worker open(FakePushServer server, Group... groups) {
        WorkerSpec spec = new WorkerSpec(
                0,
                1,
                "run1",
                "c",
                List.of(groups),
                List.of(server.url(), server.url()),
                List.of(server.url()),
                List.of("127.0.0.1", "127.0.0.2"),
                10_000,
                20_000,
                60_000,
                4,
                null,
                null,
                1_000,
                1);
        Worker worker = new Worker(spec, line -> lines.add(Line.parse(line.toJson())));
        worker.open();
        int browsers = List.of(groups).stream().mapToInt(Group::browsers).sum();
        await(interval -> interval.held() == browsers);
        return worker;
    }

    private Line.Interval latest() {
        List<Line.Interval> intervals = lines.stream()
                .filter(Line.Interval.class::isInstance)
                .map(Line.Interval.class::cast)
                .toList();
        return intervals.isEmpty() ? null : intervals.get(intervals.size() - 1);
    }

    private void await(Predicate<Line.Interval> isSo) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE_S, TimeUnit.SECONDS)
                    .until(() -> latest() != null && isSo.test(latest()));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("it was never so; last: " + (latest() == null ? "" : latest().toJson()), e);
        }
    }

    /**
     * Publishes 100 messages to single browsers and returns the account.
     *
     * @param deliveries how many of them the server delivers, at least; one that reorders may hold one back for each browser
     */
    private Counts deliver(FakePushServer server, String dialect, int deliveries) {
        Worker worker = open(server, new Group(dialect, BROWSERS, 100, 0, null, 0, 0, false));
        worker.go(Clock.nowUs());
        await(interval -> interval.isPublished()
                && interval.counts().published + interval.counts().refused == 100
                && interval.counts().deliveries >= deliveries);
        lines.clear();
        await(interval -> true);
        worker.finish();
        assertTrue(latest().isLast());
        assertEquals(100, latest().counts().planned);
        return latest().counts();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "mega-jsonp", "mega-sse", "mega-ws", "nchan-longpoll", "bayeux"})
    void everyMessageIsDeliveredOnceAndInOrder(String dialect) throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            Counts counts = deliver(server, dialect, 100);
            assertEquals(100, counts.published);
            assertEquals(100, counts.deliveries);
            assertEquals(0, counts.lost + counts.duplicated + counts.reordered + counts.foreign);
            assertEquals(Map.of(), counts.errors);
            if (dialect.equals("mega-ws")) {
                assertTrue(server.acknowledged() > 0);
            }
        }
    }

    @Test
    void aLossIsCounted() throws IOException {
        try (FakePushServer server = FakePushServer.losing()) {
            Counts counts = deliver(server, "mega-json", 90);
            assertEquals(10, counts.lost);
            assertEquals(90, counts.deliveries);
        }
    }

    @Test
    void aDuplicateIsCounted() throws IOException {
        try (FakePushServer server = FakePushServer.duplicating()) {
            Counts counts = deliver(server, "mega-json", 100);
            assertEquals(10, counts.duplicated);
            assertEquals(100, counts.deliveries);
            assertEquals(0, counts.lost + counts.reordered);
        }
    }

    @Test
    void aReorderedMessageIsCounted() throws IOException {
        try (FakePushServer server = FakePushServer.reordering()) {
            Counts counts = deliver(server, "mega-sse", 100 - BROWSERS);
            assertTrue(counts.reordered > 0);
            assertEquals(0, counts.duplicated);
        }
    }

    @Test
    void aRefusedMessageIsNotLost() throws IOException {
        try (FakePushServer server = FakePushServer.refusing()) {
            Counts counts = deliver(server, "mega-json", 90);
            assertEquals(10, counts.refused);
            assertEquals(0, counts.lost);
            assertEquals(Map.of("publish: answered 503 redis_unavailable", 10L), counts.errors);
        }
    }

    private Counts loop(FakePushServer server, String dialect) {
        Worker worker = open(server, new Group(dialect, BROWSERS, 0, 0, null, 0, 0, true));
        worker.go(Clock.nowUs());
        await(interval -> interval.counts().planned > 0 && interval.isPublished() && interval.outstanding() == 0);
        worker.finish();
        Counts counts = latest().counts();
        assertTrue(counts.planned > 2 * BROWSERS, "not one message each");
        assertEquals(counts.planned, counts.deliveries + counts.refused);
        assertEquals(0, counts.lost + counts.duplicated + counts.reordered);
        return counts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "nchan-longpoll"})
    void inALoopEachGetsTheNextWhenItHasTheOneBefore(String dialect) throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            assertEquals(0, loop(server, dialect).refused);
        }
    }

    @Test
    void aLoopGoesOnAfterARefusal() throws IOException {
        try (FakePushServer server = FakePushServer.refusing()) {
            assertTrue(loop(server, "mega-json").refused > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "mega-sse", "mega-ws", "nchan-longpoll", "bayeux"})
    void everyFollowerGetsEveryMessageOfATopic(String dialect) throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            Worker worker = open(server, new Group(dialect, BROWSERS, 0, 0, "news", 10, 0, false));
            worker.go(Clock.nowUs());
            await(interval -> interval.counts().published == 10 && interval.counts().deliveries == 10 * BROWSERS);
            worker.finish();
            Histogram deliveries = Latencies.empty();
            lines.stream()
                    .filter(Line.Fanned.class::isInstance)
                    .forEach(line -> Latencies.addEncoded(deliveries, ((Line.Fanned) line).latency()));
            assertEquals(10 * BROWSERS, deliveries.getTotalCount());
            assertEquals(
                    10, lines.stream().filter(Line.Accepted.class::isInstance).count());
            assertEquals(0, latest().counts().duplicated + latest().counts().reordered);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "mega-sse", "mega-ws", "nchan-longpoll", "bayeux"})
    void afterAStormAllAreBack(String dialect) throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            Worker worker = open(server, new Group(dialect, BROWSERS, 0, 0, null, 0, 0, false));
            worker.storm();
            await(interval -> interval.counts().connects == 2 * BROWSERS && interval.away() == 0);
            worker.finish();
            Histogram back = Latencies.empty();
            lines.stream()
                    .filter(Line.Interval.class::isInstance)
                    .forEach(line -> Latencies.addEncoded(back, ((Line.Interval) line).back()));
            assertEquals(BROWSERS, back.getTotalCount());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mega-json", "mega-sse", "mega-ws", "nchan-longpoll", "bayeux"})
    void whoseConnectionIsLostComesBackAndMissesNothing(String dialect) throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            Worker worker = open(server, new Group(dialect, BROWSERS, 0, 0, "news", 10, 0, false));
            server.dropAll();
            worker.go(Clock.nowUs());
            // A publish that was under way when its connection was lost has no answer, and may be stored all the same.
            await(interval -> interval.counts().planned == 10
                    && interval.isPublished()
                    && interval.counts().deliveries == server.published() * BROWSERS
                    && interval.held() == BROWSERS);
            worker.finish();
            assertTrue(latest().counts().drops >= BROWSERS);
            assertTrue(server.published() >= latest().counts().published);
            assertEquals(0, latest().counts().duplicated + latest().counts().reordered);
        }
    }

    @Test
    void browsersComeAndGo() throws IOException {
        try (FakePushServer server = FakePushServer.good()) {
            Worker worker = open(server, new Group("mega-json", BROWSERS, 0, 0, null, 0, 50, false));
            worker.go(Clock.nowUs());
            await(interval -> interval.counts().connects >= BROWSERS + 20);
            worker.finish();
        }
    }
}
