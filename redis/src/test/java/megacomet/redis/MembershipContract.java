package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Mailboxes.Tenure;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.LoopThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node hears of its clients, on whatever Redis. */
abstract class MembershipContract {

    private static final ClientId CLIENT = new ClientId("42");
    private static final NodeId NODE = NodeId.random();
    private static final NodeId OTHER_NODE = NodeId.random();

    @RegisterExtension
    final Deployed redis;

    private final Heard heard = new Heard();
    private Membership membership;
    private Mailboxes mailboxes;
    private Publisher publisher;

    /** What the node was told. */
    static final class Heard implements Membership.Listener {
        final BlockingQueue<TopicWake> published = new LinkedBlockingQueue<>();
        final BlockingQueue<Topic> followersOf = new LinkedBlockingQueue<>();
        final List<String> order = Collections.synchronizedList(new ArrayList<>());

        record Woken(int partition, int loop, Wake wake) {}

        final BlockingQueue<Woken> wakes = new LinkedBlockingQueue<>();
        final Set<Integer> toReadAgain = ConcurrentHashMap.newKeySet();
        final Set<Integer> deaf = ConcurrentHashMap.newKeySet();

        @Override
        public void woken(int partition, int loop, Wake wake) {
            wakes.add(new Woken(partition, loop, wake));
        }

        @Override
        public void published(int partition, TopicWake wake) {
            order.add("published " + wake.number());
            published.add(wake);
        }

        @Override
        public Future<List<ClientId>> followers(Topic topic, int limit) {
            followersOf.add(topic);
            return Future.succeededFuture(List.of(CLIENT, new ClientId("7")));
        }

        @Override
        public void deaf(int partition) {
            order.add("deaf " + partition);
            deaf.add(partition);
        }

        @Override
        public void readAgain(int partition) {
            order.add("read again " + partition);
            toReadAgain.add(partition);
        }

        TopicWake nextPublished() throws InterruptedException {
            TopicWake next = published.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, "no wake came");
            return next;
        }

        Woken next() throws InterruptedException {
            Woken next = wakes.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, "no wake came");
            return next;
        }
    }

    MembershipContract(StoreOptions options) {
        redis = new Deployed(options);
    }

    @BeforeEach
    void join() {
        mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NODE, 3));
        publisher = redis.thread().make(redis.loop()::publisher);
        membership = redis.store()
                .join(NODE, heard, () -> "hello")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Awaitility.await().until(membership::isComplete);
    }

    @AfterEach
    void leave() {
        membership.leave().toCompletionStage().toCompletableFuture().join();
    }

    private Outcome publish(String data) {
        Publication publication = new Publication(data.getBytes(StandardCharsets.UTF_8), 60_000, null);
        return redis.thread()
                .await(() -> publisher.publish(CLIENT, publication))
                .outcome();
    }

    private Owned claim() {
        Claim claim = new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, null);
        return assertInstanceOf(Owned.class, redis.thread().await(() -> mailboxes.claim(claim)));
    }

    @Test
    void hearsEveryPartitionOnceSubscribedAndReadsThemAllAfterThat() {
        assertEquals(256, heard.toReadAgain.size());
        assertEquals(Set.of(), heard.deaf);
    }

    @Test
    void aMessageForAHeldClientWakesItsOwnerAndComesAlong() throws Exception {
        Owned owned = claim();
        assertEquals(Outcome.SENT, publish("{\"hi\":1}"));
        Heard.Woken woken = heard.next();
        assertEquals(redis.store().partitions().of(CLIENT), woken.partition());
        assertEquals(3, woken.loop());
        Wake.Appended wake = assertInstanceOf(Wake.Appended.class, woken.wake());
        assertEquals(CLIENT, wake.client());
        assertEquals(owned.generation(), wake.generation());
        assertEquals(owned.batch().position().epoch(), wake.epoch());
        assertEquals(0, wake.before());
        assertArrayEquals(
                "{\"hi\":1}".getBytes(StandardCharsets.UTF_8), wake.message().data());

        publish("2");
        Wake.Appended second = (Wake.Appended) heard.next().wake();
        assertEquals(wake.number(), second.before());
        assertEquals(wake.number() + 1, second.number());
    }

    @Test
    void aMessageTooLongForAWakeComesAsAHint() throws Exception {
        claim();
        publish("\"" + "x".repeat(9_000) + "\"");
        assertNull(((Wake.Appended) heard.next().wake()).message());
    }

    @Test
    void nobodyIsWokenForAClientThatNobodyHolds() {
        assertEquals(Outcome.QUEUED, publish("1"));
    }

    @Test
    void theOneWhoLosesAClientIsTold() throws Exception {
        Owned first = claim();
        Mailboxes elsewhere = redis.thread().make(() -> redis.loop().mailboxes(OTHER_NODE, 0));
        Page by = Page.of("page-b", 9);
        Owned second =
                (Owned) redis.thread().await(() -> elsewhere.claim(new Claim(CLIENT, Transport.JSONP, by, null)));
        assertEquals(
                new Wake.Moved(CLIENT, first.generation(), second.generation(), by),
                heard.next().wake());
    }

    @Test
    void deletingEndsTheHold() throws Exception {
        Owned owned = claim();
        redis.thread().await(() -> redis.loop().clients().delete(CLIENT));
        assertEquals(new Wake.Ended(CLIENT, owned.generation()), heard.next().wake());
    }

    @Test
    void aLostWakeIsNoticedByComparing() {
        Owned owned = claim();
        heard.toReadAgain.clear();
        // A claim with the same owner's name, whose wake nobody hears: as if pub/sub had lost it.
        int partition = redis.store().partitions().of(CLIENT);
        raiseCounterInSilence(partition);
        Awaitility.await()
                .atMost(4 * 2 * Wakeups.COMPARE_MS, TimeUnit.MILLISECONDS)
                .until(() -> heard.toReadAgain.contains(partition));
        assertEquals(Set.of(partition), heard.toReadAgain, "only where it was lost");
        Tenure held = new Tenure(
                CLIENT,
                Transport.JSON,
                Page.UNKNOWN,
                owned.generation(),
                owned.batch().position());
        assertInstanceOf(
                Owned.class,
                redis.thread().await(() -> mailboxes.reclaim(List.of(held))).get(0));
    }

    /** What the script does for a wake, but for the wake. */
    private void raiseCounterInSilence(int partition) {
        Keys keys = new Keys(redis.options().prefix(), redis.store().partitions());
        command(
                partition,
                io.vertx.redis.client.Command.HINCRBY,
                new String(keys.counters(partition), StandardCharsets.UTF_8),
                NODE.value(),
                "1");
        command(
                partition,
                io.vertx.redis.client.Command.PEXPIRE,
                new String(keys.counters(partition), StandardCharsets.UTF_8),
                "60000");
    }

    private void command(int partition, io.vertx.redis.client.Command command, String... arguments) {
        redis.thread().await(() -> redis.loop().plain(partition, command, arguments));
    }

    @Test
    void countersOfDeadNodesAreSweptAndThoseOfTheLivingStay() {
        NodeId dead = NodeId.random();
        int partition = redis.store().partitions().of(CLIENT);
        Mailboxes ofDead = redis.thread().make(() -> redis.loop().mailboxes(dead, 0));
        redis.thread().await(() -> ofDead.claim(new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, null)));
        assertEquals(Outcome.QUEUED, publish("1"), "a dead node hears nothing");
        claim();
        assertEquals(Outcome.SENT, publish("2"));
        AtomicLong nowMs = new AtomicLong();
        Sweeper sweeper = redis.thread().make(() -> redis.loop().sweeper(nowMs::get));
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, OTHER_NODE)), "its lease may be lost");
        nowMs.addAndGet(Membership.LEASE_MS);
        assertEquals(1L, redis.thread().await(() -> sweeper.sweepOne(partition, OTHER_NODE)));
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, OTHER_NODE)));
    }

    /** An emptied Redis has lost its lease as well; what it follows there since then must stay. */
    @Test
    void whatANodeFollowsIsNotSweptBeforeItCouldHaveRenewedItsLease() {
        int partition = partitionOfNews();
        Topics ofOther = redis.thread().make(() -> redis.loop().topics(OTHER_NODE, 0));
        redis.thread().await(() -> ofOther.follow(partition, List.of(new Topics.Want(NEWS, null, false))));
        AtomicLong nowMs = new AtomicLong();
        Sweeper sweeper = redis.thread().make(() -> redis.loop().sweeper(nowMs::get));
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, NODE)));
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        redis.thread().await(() -> nodes.renew(OTHER_NODE, Membership.LEASE_MS, "there again"));
        nowMs.addAndGet(Membership.LEASE_MS);
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, NODE)));
        redis.thread().await(() -> nodes.leave(OTHER_NODE));
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, NODE)), "it had one a moment ago");
        nowMs.addAndGet(Membership.LEASE_MS);
        assertEquals(1L, redis.thread().await(() -> sweeper.sweepOne(partition, NODE)));
    }

    @Test
    void aNodeIsListedWhileItsLeaseLasts() {
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        Awaitility.await()
                .until(() -> "hello".equals(redis.thread().await(nodes::list).get(NODE)));
        redis.thread().await(() -> nodes.renew(OTHER_NODE, 1, "short"));
        Awaitility.await().until(() -> !redis.thread().await(nodes::list).containsKey(OTHER_NODE));
        assertTrue(redis.thread().await(nodes::list).containsKey(NODE));
    }

    @Test
    void wakesKeepTheirOrder() throws Exception {
        claim();
        redis.thread()
                .await(() -> Future.all(IntStream.range(0, 300)
                        .mapToObj(i -> publisher.publish(
                                CLIENT, new Publication(("" + i).getBytes(StandardCharsets.UTF_8), 60_000, null)))
                        .collect(Collectors.toList())));
        for (int i = 0; i < 300; i++) {
            Wake.Appended wake = (Wake.Appended) heard.next().wake();
            assertEquals("" + i, new String(wake.message().data(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatTimeItIsOnTheMasterIsKnownAndNeverBehind() {
        Owned owned = claim();
        int partition = redis.store().partitions().of(CLIENT);
        // Claimed before, so the master's clock cannot be ahead of what is estimated now.
        long estimate = redis.store().clocks().nowMs(partition);
        assertTrue(estimate >= owned.masterMs(), estimate + " < " + owned.masterMs());
        assertFalse(estimate - owned.masterMs() > 4 * 2_000, "more than a time-out ahead");
        assertEquals(
                new Position(owned.batch().position().epoch(), 0), owned.batch().position());
    }

    private static final Topic NEWS = new Topic("news/today");

    private int partitionOfNews() {
        return redis.store().partitions().of(NEWS);
    }

    private Batch follow(int loop) {
        List<Topics.Want> wants = List.of(new Topics.Want(NEWS, null, false));
        return redis.thread()
                .await(() -> topics(loop).follow(partitionOfNews(), wants))
                .get(0);
    }

    private Topics topics(int loop) {
        return redis.loop().topics(NODE, loop);
    }

    private void followPattern(int loop, String pattern) {
        redis.thread().await(() -> topics(loop).followPatterns(partitionOfNews(), List.of(new TopicPattern(pattern))));
    }

    private Publisher.Published publishNews(TopicSettings settings, String data) {
        Publication publication = new Publication(data.getBytes(StandardCharsets.UTF_8), 60_000, null);
        return redis.thread().await(() -> publisher.publish(NEWS, settings, publication));
    }

    @Test
    void aNodeIsWokenOnceHoweverManyOfItsLoopsFollowByWhateverName() throws Exception {
        Position from = follow(0).position();
        follow(2);
        followPattern(2, "news/*");
        followPattern(5, "**");
        Publisher.Published first = publishNews(TopicSettings.DEFAULT, "1");
        assertEquals(Outcome.SENT, first.outcome());
        TopicWake wake = heard.nextPublished();
        assertEquals(NEWS, wake.topic());
        assertArrayEquals(new int[] {0, 2, 5}, wake.loops());
        assertEquals(from.epoch(), wake.epoch());
        assertEquals(0, wake.before());
        assertEquals(first.number(), wake.number());
        assertEquals(NEWS, wake.message().topic());
        assertArrayEquals(new byte[] {'1'}, wake.message().data());

        publishNews(TopicSettings.DEFAULT, "2");
        TopicWake second = heard.nextPublished();
        assertEquals(first.number(), second.before());
        assertEquals(wake.partitionNumber() + 1, second.partitionNumber());
        assertEquals(0, heard.published.size(), "one wake a message");
        assertEquals(List.of("published " + first.number(), "published " + second.number()), after("published"));
    }

    private List<String> after(String kind) {
        return heard.order.stream().filter(line -> line.startsWith(kind)).toList();
    }

    @Test
    void whoUnfollowedIsNotWoken() throws Exception {
        follow(0);
        follow(1);
        redis.thread().await(() -> topics(0).unfollow(partitionOfNews(), List.of(TopicPattern.of(NEWS))));
        publishNews(TopicSettings.DEFAULT, "1");
        assertArrayEquals(new int[] {1}, heard.nextPublished().loops());
        redis.thread().await(() -> topics(1).unfollow(partitionOfNews(), List.of(TopicPattern.of(NEWS))));
        assertEquals(Outcome.QUEUED, publishNews(TopicSettings.DEFAULT, "2").outcome());
    }

    @Test
    void whatIsOnlyRelayedComesAlongAndIsSentOrDropped() throws Exception {
        TopicSettings relay = new TopicSettings(TopicMode.RELAY, 1, 1);
        assertEquals(Outcome.DROPPED, publishNews(relay, "1").outcome());
        follow(0);
        assertEquals(Outcome.SENT, publishNews(relay, "2").outcome());
        Message message = heard.nextPublished().message();
        assertEquals(TopicMode.RELAY, message.mode());
        assertArrayEquals(new byte[] {'2'}, message.data());
    }

    @Test
    void aTopicsMessageTooLongForAWakeComesAsAHint() throws Exception {
        follow(0);
        publishNews(TopicSettings.DEFAULT, "\"" + "x".repeat(9_000) + "\"");
        assertNull(heard.nextPublished().message());
    }

    /** Who follows patterns cannot see a hole in the numbers, and would pass over what was lost. */
    @Test
    void thatAWakeIsMissingIsToldBeforeTheNextIsPassedOn() throws Exception {
        follow(0);
        publishNews(TopicSettings.DEFAULT, "1");
        heard.nextPublished();
        heard.order.clear();
        raiseCounterInSilence(partitionOfNews());
        long number = publishNews(TopicSettings.DEFAULT, "2").number();
        heard.nextPublished();
        assertEquals(List.of("read again " + partitionOfNews(), "published " + number), heard.order);
    }

    /** Else who follows patterns would pass over what was lost before such a wake. */
    @Test
    @Timeout(60)
    void nothingIsToldOfAPartitionBetweenItsLossAndItsReading() {
        follow(0);
        int partition = partitionOfNews();
        heard.order.clear();
        for (int round = 0; round < 5; round++) {
            Awaitility.await().until(membership::isComplete);
            heard.deaf.clear();
            heard.toReadAgain.clear();
            command(partition, io.vertx.redis.client.Command.CLIENT, "KILL", "TYPE", "pubsub");
            while (!heard.deaf.contains(partition) || !heard.toReadAgain.contains(partition)) {
                publishNews(TopicSettings.DEFAULT, "1");
            }
        }
        boolean isDeaf = false;
        int losses = 0;
        for (String told : List.copyOf(heard.order)) {
            isDeaf = told.equals("deaf " + partition) || isDeaf && !told.equals("read again " + partition);
            losses += told.equals("deaf " + partition) ? 1 : 0;
            assertFalse(isDeaf && told.startsWith("published"), told);
        }
        assertEquals(5, losses);
    }

    @Test
    void nothingIsLostBetweenFollowingAndTheWakes() throws Exception {
        Future<List<Integer>> publishing = redis.thread()
                .start(() -> Future.all(IntStream.range(0, 500)
                                .mapToObj(i -> publisher.publish(
                                        NEWS,
                                        TopicSettings.DEFAULT,
                                        new Publication(("" + i).getBytes(StandardCharsets.UTF_8), 60_000, null)))
                                .collect(Collectors.toList()))
                        .map(List.of()));
        List<Topics.Want> wants = List.of(new Topics.Want(NEWS, null, true));
        LoopThread another = new LoopThread(redis.vertx());
        Store.Loop anotherLoop = another.make(redis.store()::onThisLoop);
        Topics elsewhere = another.make(() -> anotherLoop.topics(NODE, 4));
        Batch read =
                another.await(() -> elsewhere.follow(partitionOfNews(), wants)).get(0);
        publishing.toCompletionStage().toCompletableFuture().join();
        List<String> got = new ArrayList<>();
        read.messages().forEach(message -> got.add(new String(message.data(), StandardCharsets.UTF_8)));
        while (got.size() < 500) {
            got.add(new String(heard.nextPublished().message().data(), StandardCharsets.UTF_8));
        }
        assertEquals(IntStream.range(0, 500).mapToObj(Integer::toString).toList(), got);
        assertEquals(0, heard.published.size());
    }

    @Test
    void whoHoldsAClientIsToldWhenTheApplicationChangesWhatItFollows() throws Exception {
        Owned owned = claim();
        Clients clients = redis.loop().clients();
        redis.thread().await(() -> clients.follow(CLIENT, TopicPattern.of(NEWS)));
        assertEquals(
                new Wake.FollowsChanged(CLIENT, owned.generation()),
                heard.next().wake());
        redis.thread().await(() -> clients.follow(CLIENT, TopicPattern.of(NEWS)));
        redis.thread().await(() -> clients.unfollow(CLIENT, TopicPattern.of(NEWS)));
        assertEquals(
                new Wake.FollowsChanged(CLIENT, owned.generation()),
                heard.next().wake());
        assertEquals(0, heard.wakes.size(), "following again is no change");
    }

    @Test
    void nodesAreAskedWhoFollowsATopic() throws Exception {
        TopicDirectory directory = redis.loop().topicDirectory();
        Set<NodeId> live = Set.of(NODE, OTHER_NODE);
        assertEquals(
                List.of(CLIENT, new ClientId("7")),
                redis.thread().await(() -> directory.listFollowers(NEWS, live, 10)));
        assertEquals(NEWS, heard.followersOf.poll(30, TimeUnit.SECONDS));
        assertEquals(List.of(CLIENT), redis.thread().await(() -> directory.listFollowers(NEWS, live, 1)));
        assertEquals(List.of(), redis.thread().await(() -> directory.listFollowers(NEWS, Set.of(OTHER_NODE), 1)));
    }

    @Test
    void aNodeThatWasTakenForDeadNoticesThatItsClientsWereGivenUp() {
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        Clients clients = redis.thread().make(redis.loop()::clients);
        Reaper reaper =
                redis.thread().make(() -> redis.loop().reaper(redis.loop().eventLog(EventLog.Observer.NONE)));
        redis.thread().await(() -> mailboxes.claim(new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, null)));
        heard.toReadAgain.clear();

        // It renews its lease all the time; one that ends at once is what it had when it slept.
        Awaitility.await().until(() -> {
            redis.thread().await(() -> nodes.renew(NODE, 1, ""));
            redis.thread().await(reaper::reap);
            return redis.thread().await(() -> clients.look(CLIENT)).node() == null;
        });

        Awaitility.await()
                .until(() ->
                        heard.toReadAgain.contains(redis.store().partitions().of(CLIENT)));
    }
}
