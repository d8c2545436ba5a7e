package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.LoopThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is told of clients, and by whom, on whatever Redis. */
abstract class EventsContract {

    private static final ClientId CLIENT = new ClientId("42");
    private static final NodeId NODE = NodeId.random();
    private static final NodeId OTHER_NODE = NodeId.random();
    private static final int MAX_MESSAGES = 5;

    @RegisterExtension
    final Deployed redis;

    private EventLog events;
    private ExpirySweep sweep;
    private Reaper reaper;
    private Publisher publisher;
    private Mailboxes mailboxes;

    EventsContract(StoreOptions options) {
        StoreLimits limits = StoreLimits.DEFAULT;
        redis = new Deployed(options.withLimits(new StoreLimits(
                MAX_MESSAGES,
                limits.mailboxMaxBytes(),
                limits.answerMaxMessages(),
                limits.answerMaxBytes(),
                limits.wakeMaxBytes(),
                limits.idsMaxAPartition())));
    }

    @BeforeEach
    void open() {
        events = redis.thread().make(() -> redis.loop().eventLog(EventLog.Observer.NONE));
        sweep = redis.thread().make(() -> redis.loop().expirySweep(events));
        reaper = redis.thread().make(() -> redis.loop().reaper(events));
        publisher = redis.thread().make(() -> redis.loop().publisher(events));
        mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NODE, 0, events));
    }

    private long publish(ClientId client, long lifeMs) {
        Publication publication = new Publication("1".getBytes(StandardCharsets.UTF_8), lifeMs, null);
        return redis.thread()
                .await(() -> publisher.publish(client, publication))
                .number();
    }

    private Owned claim(Mailboxes by, ClientId client, Cursor cursor) {
        Claim claim = new Claim(client, Transport.JSON, Page.UNKNOWN, cursor);
        return (Owned) redis.thread().await(() -> by.claim(claim));
    }

    private static Cursor cursorAt(ClientId client, Position position) {
        return new Cursor(Cursor.tagOf(client), System.currentTimeMillis(), position);
    }

    /** Returns all events, after whatever is on its way has been told. */
    private List<JsonObject> told() {
        redis.thread().await(events::whenTold);
        return redis.thread().await(() -> events.after(EventLog.BEGINNING, 1_000)).entries().stream()
                .map(entry -> new JsonObject(entry.json()))
                .toList();
    }

    private List<JsonObject> sweepUntilTold(int count) {
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            redis.thread().await(sweep::sweep);
            return told().size() >= count;
        });
        redis.thread().await(sweep::sweep);
        assertEquals(count, told().size(), "events");
        return told();
    }

    // ---- the log

    @Test
    void eventsAreReadInTheirOrderFromWhereTheReaderStopped() {
        String before = redis.thread().await(events::last);
        redis.thread().make(() -> {
            events.append(IntStream.range(0, 450)
                    .mapToObj(i -> Event.connected(new ClientId("c" + i), NODE, Transport.SSE, i))
                    .toList());
            return null;
        });
        assertEquals(450, told().size());
        EventLog.Entries first = redis.thread().await(() -> events.after(before, 100));
        EventLog.Entries second = redis.thread().await(() -> events.after(first.upTo(), 1_000));
        assertEquals(100, first.entries().size());
        assertEquals(first.upTo(), first.entries().get(99).id());
        assertFalse(second.isCutOff());
        assertEquals(
                IntStream.range(100, 450).mapToObj(i -> "c" + i).toList(),
                second.entries().stream()
                        .map(entry -> new JsonObject(entry.json()).getString("client"))
                        .toList());
        assertEquals(second.upTo(), redis.thread().await(events::last));
        assertEquals(
                List.of(),
                redis.thread().await(() -> events.after(second.upTo(), 10)).entries());
    }

    @Test
    void aReaderIsToldThatWhatFollowedIsNotKeptAnyMore() {
        redis.thread().make(() -> {
            events.append(List.of(Event.connected(CLIENT, NODE, Transport.SSE, 1)));
            return null;
        });
        told();
        assertTrue(redis.thread().await(() -> events.after("1000-0", 10)).isCutOff());
        assertFalse(
                redis.thread().await(() -> events.after(EventLog.BEGINNING, 10)).isCutOff());
    }

    // ---- messages that nobody got

    @Test
    void messagesThatDieUnreadAreToldOnceAlsoIfNobodyTouchesTheMailbox() {
        publish(CLIENT, 1);
        long last = publish(CLIENT, 1);
        publish(CLIENT, 60_000);
        // What a publication finds dead it tells itself; the sweep tells the rest.
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            redis.thread().await(sweep::sweep);
            return toldCount() >= 2;
        });
        redis.thread().await(sweep::sweep);
        assertEquals(2, toldCount());
        told().forEach(event -> {
            assertEquals("expired", event.getString("event"));
            assertEquals("42", event.getString("client"));
        });
        assertEquals(last, told().get(told().size() - 1).getLong("seq"));
    }

    private long toldCount() {
        return told().stream().mapToLong(event -> event.getLong("count")).sum();
    }

    @Test
    void messagesThatAPollFindsDeadAreToldToo() {
        long seq = publish(CLIENT, 1);
        Owned owned = claim(mailboxes, CLIENT, null);
        while (owned.batch().messages().size() > 0) {
            owned = claim(mailboxes, CLIENT, null);
        }
        JsonObject event = sweepUntilTold(1).get(0);
        assertEquals("expired", event.getString("event"));
        assertEquals(1, event.getLong("count"));
        assertEquals(seq, event.getLong("seq"));
    }

    @Test
    void messagesThatDieBehindOnesThatLiveAreTold() {
        publish(CLIENT, 60_000);
        long dead = publish(CLIENT, 1);
        publish(CLIENT, 60_000);
        JsonObject event = sweepUntilTold(1).get(0);
        assertEquals(1, event.getLong("count"));
        assertEquals(dead, event.getLong("seq"));
        assertEquals(2, claim(mailboxes, CLIENT, null).batch().messages().size());
    }

    /** That the first dies is noted; of the second the sweep hears when it looks. */
    @Test
    void aMessageBehindOneThatDiesSoonerIsToldAsWell() {
        publish(CLIENT, 1_000);
        long last = publish(CLIENT, 2_000);
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            redis.thread().await(sweep::sweep);
            return told().stream().mapToLong(event -> event.getLong("count")).sum() == 2;
        });
        List<JsonObject> told = told();
        assertEquals(last, told.get(told.size() - 1).getLong("seq"));
    }

    /** Its mailbox is noted for when the first would have died. */
    @Test
    void aMessageAfterOneThatWasConfirmedIsToldAsWell() {
        publish(CLIENT, 2_000);
        Owned owned = claim(mailboxes, CLIENT, null);
        claim(mailboxes, CLIENT, cursorAt(CLIENT, owned.batch().position()));
        long last = publish(CLIENT, 3_000);
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            redis.thread().await(sweep::sweep);
            return told().stream().anyMatch(event -> event.getLong("seq") == last);
        });
    }

    @Test
    void whatAClientConfirmedIsNotTold() {
        ClientId other = new ClientId("other");
        publish(CLIENT, 3_000);
        Owned owned = claim(mailboxes, CLIENT, null);
        claim(mailboxes, CLIENT, cursorAt(CLIENT, owned.batch().position()));
        publish(other, 3_000);
        assertEquals("other", sweepUntilTold(1).get(0).getString("client"));
    }

    @Test
    void messagesThatAFullMailboxDrovesOutAreToldAtOnce() {
        IntStream.range(0, MAX_MESSAGES).forEach(i -> publish(CLIENT, 60_000));
        publish(CLIENT, 60_000);
        publish(CLIENT, 60_000);
        List<JsonObject> told = sweepUntilTold(2);
        told.forEach(event -> assertEquals("dropped", event.getString("event")));
        assertEquals(2, told.stream().mapToLong(event -> event.getLong("count")).sum());
    }

    @Test
    void aProcessThatTellsNoEventsTellsNone() {
        StoreOptions silent = new StoreOptions(
                redis.options().url(),
                null,
                redis.options().prefix(),
                redis.options().partitions(),
                redis.options().timeoutMs(),
                redis.options().deadlineMs(),
                redis.options().limits(),
                false);
        Store store = Store.open(redis.vertx(), silent, (verb, nanos, isDone) -> {});
        Store.Loop loop = redis.thread().make(store::onThisLoop);
        redis.thread().await(() -> {
            EventLog none = loop.eventLog(EventLog.Observer.NONE);
            none.append(List.of(Event.connected(CLIENT, NODE, Transport.SSE, 1)));
            return none.whenTold();
        });
        assertEquals(List.of(), told());
        redis.thread().make(() -> {
            loop.close();
            return null;
        });
        store.close();
    }

    // ---- nodes that ended without a word

    @Test
    void clientsOfANodeThatEndedWithoutAWordAreGivenUpAndTold() {
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        Mailboxes others = redis.thread().make(() -> redis.loop().mailboxes(OTHER_NODE, 0));
        List<ClientId> lost =
                IntStream.range(0, 700).mapToObj(i -> new ClientId("lost" + i)).toList();
        lost.forEach(client -> claim(mailboxes, client, null));
        claim(mailboxes, CLIENT, null);
        claim(others, CLIENT, null); // It has moved since.
        redis.thread().await(() -> nodes.renew(NODE, 1, ""));
        redis.thread().await(() -> nodes.renew(OTHER_NODE, 60_000, ""));
        Awaitility.await().until(() -> redis.thread().await(() -> nodes.ended(List.of())), List.of(NODE)::equals);
        assertEquals(
                List.of(OTHER_NODE),
                List.copyOf(redis.thread().await(nodes::list).keySet()));

        redis.thread().await(reaper::reap);

        List<JsonObject> told = told();
        assertEquals(
                lost.stream().map(ClientId::value).sorted().toList(),
                told.stream().map(event -> event.getString("client")).sorted().toList());
        assertEquals("gone", told.get(0).getString("event"));
        assertEquals("node_lost", told.get(0).getString("reason"));
        assertEquals(NODE.value(), told.get(0).getString("node"));
        assertEquals("json", told.get(0).getString("transport"));
        Clients clients = redis.thread().make(redis.loop()::clients);
        assertNull(redis.thread().await(() -> clients.look(lost.get(0))).node());
        assertEquals(
                OTHER_NODE, redis.thread().await(() -> clients.look(CLIENT)).node());
        assertEquals(List.of(), redis.thread().await(() -> nodes.ended(List.of())), "it is forgotten");
    }

    @Test
    void aNodeThatOnlySleptCountsItsFollowersOnceWhenItGoesOn() {
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        long[] tags = {new TopicPattern("news/*").tag()};
        Claim claim = new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, null, tags);
        Owned owned = (Owned) redis.thread().await(() -> mailboxes.claim(claim));
        redis.thread().await(() -> nodes.renew(NODE, 1, ""));
        Awaitility.await().until(() -> redis.thread().await(() -> nodes.ended(List.of())), List.of(NODE)::equals);
        redis.thread().await(reaper::reap);
        redis.assertSound();
        Position position = owned.batch().position();
        Mailboxes.Tenure tenure = new Mailboxes.Tenure(
                CLIENT, Transport.JSON, Page.UNKNOWN, owned.generation(), position, tags, TopicPositions.NONE);
        redis.thread().await(() -> mailboxes.reclaim(List.of(tenure)));
        redis.assertSound();
    }

    @Test
    void nobodyIsGivenUpSoonAfterAChangeOfMasters() {
        long[] nowMs = {1_000_000};
        Caretaker caretaker = redis.thread().make(() -> redis.loop().caretaker(events, () -> nowMs[0]));
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        claim(mailboxes, CLIENT, null);
        redis.thread().await(() -> nodes.renew(NODE, 1, ""));
        Awaitility.await()
                .until(() -> !redis.thread().await(() -> nodes.ended(List.of())).isEmpty());
        redis.thread().await(caretaker::beat);
        nowMs[0] += Caretaker.AFTER_FAILOVER_MS - 1;
        redis.thread().await(caretaker::beat);
        assertEquals(List.of(), told());
        nowMs[0] += 1;
        redis.thread().await(caretaker::beat);
        assertEquals(1, told().size());
    }

    // ---- posts

    @Test
    void onlyOneHoldsAPostAndAnotherGoesOnWhereItStopped() {
        Post one = redis.thread().make(() -> redis.loop().post("work"));
        Post other = redis.thread().make(() -> redis.loop().post("work"));
        assertEquals(new Post.Held(true, ""), redis.thread().await(() -> one.hold(60_000)));
        assertEquals(new Post.Held(true, "7-0"), redis.thread().await(() -> one.hold(60_000, "7-0")));
        assertEquals(new Post.Held(false, "7-0"), redis.thread().await(() -> other.hold(60_000, "9-0")));
        redis.thread().await(() -> one.hold(0));
        Awaitility.await()
                .until(() -> redis.thread().await(() -> other.hold(60_000)).equals(new Post.Held(true, "7-0")));
        assertFalse(redis.thread().await(() -> one.hold(60_000, "8-0")).isMine());
        assertNotNull(redis.thread().await(() -> other.hold(0)));
    }
}
