package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import megacomet.embedded.RedisCluster;
import megacomet.embedded.RedisSentinels;
import megacomet.embedded.RedisServer;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.link.NoReplicas;
import megacomet.redis.link.RedisUnavailable;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a stream when another Redis takes over as its master. */
class FailoverIT {

    private static final ClientId CLIENT = new ClientId("42");
    private static final Gap FAILOVER = new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);

    private final Map<Long, String> meaningOf = new HashMap<>();
    private Cursor cursor;

    @Test
    void aMasterThatIsPausedReplacedAndResumedGivesNoNumberTwice() throws Exception {
        try (RedisSentinels group = RedisSentinels.start()) {
            replaceMaster(group.url(), group.master(), group.replica());
        }
    }

    @Test
    void soDoesAMasterOfACluster() throws Exception {
        try (RedisCluster cluster = RedisCluster.startWithReplicas(3)) {
            int slot = new Partitions(256).slot(new Partitions(256).of(CLIENT));
            int index = slot * 3 / 16_384;
            replaceMaster(
                    cluster.url(),
                    cluster.masters().get(index),
                    cluster.replicas().get(index));
        }
    }

    @Test
    void whatWasReceivedIsNotForgottenAtAMasterThatKnowsNothing() throws Exception {
        try (RedisServer full = RedisServer.start();
                RedisServer empty = RedisServer.start()) {
            Deployed redis = new Deployed(StoreOptions.of(RedisUrl.parse(full.url())));
            Deployed strange = new Deployed(StoreOptions.of(RedisUrl.parse(empty.url())));
            Mailboxes mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NodeId.random(), 0));
            Mailboxes strangeMailboxes =
                    strange.thread().make(() -> strange.loop().mailboxes(NodeId.random(), 0));
            Topics topics = redis.thread().make(() -> redis.loop().topics(NodeId.random(), 0));
            Topics strangeTopics = strange.thread().make(() -> strange.loop().topics(NodeId.random(), 0));
            Publisher publisher = redis.thread().make(redis.loop()::publisher);
            Publisher strangePublisher = strange.thread().make(strange.loop()::publisher);
            publish(redis, publisher, "received");
            publishToTopic(redis, publisher, "received");
            assertEquals(List.of("received"), data(read(redis, mailboxes).messages()));
            Position topic = readTopic(redis, topics, null).position();
            Position passed =
                    recent(redis, topics, new Position(topic.epoch(), 0)).position();

            // The former master has been restarted with nothing, and the sentinels have not noticed.
            assertEquals(FAILOVER, read(strange, strangeMailboxes).gap());
            Batch there = readTopic(strange, strangeTopics, topic);
            Topics.Recent recent = recent(strange, strangeTopics, passed);
            assertEquals(FAILOVER, there.gap());
            assertEquals(List.of(new TopicGap("**", FAILOVER)), recent.gaps());
            assertNull(readTopic(strange, strangeTopics, there.position()).gap(), "it is told once");
            assertEquals(
                    List.of(), recent(strange, strangeTopics, recent.position()).gaps());
            publish(strange, strangePublisher, "there");
            publishToTopic(strange, strangePublisher, "there");
            assertEquals(List.of("there"), data(read(strange, strangeMailboxes).messages()));
            assertEquals(
                    List.of("there"),
                    data(readTopic(strange, strangeTopics, there.position()).messages()));
            assertEquals(List.of("there"), passed(recent(strange, strangeTopics, recent.position())));

            // Then what a replica had is there.
            full.restartWithData();
            publish(redis, publisher, "new");
            publishToTopic(redis, publisher, "new");
            Batch mailbox = read(redis, mailboxes);
            assertEquals(FAILOVER, mailbox.gap());
            assertEquals(List.of("new"), data(mailbox.messages()));
            Batch back = readTopic(redis, topics, there.position());
            assertEquals(FAILOVER, back.gap());
            assertEquals(List.of("new"), data(back.messages()));
            assertEquals(List.of("new"), passed(recent(redis, topics, recent.position())));
            strange.afterEach(null);
            redis.afterEach(null);
        }
    }

    private void replaceMaster(String url, RedisServer master, RedisServer replica) throws Exception {
        Deployed redis = new Deployed(StoreOptions.of(RedisUrl.parse(url)));
        Mailboxes mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NodeId.random(), 0));
        Publisher publisher = redis.thread().make(redis.loop()::publisher);

        Topics topics = redis.thread().make(() -> redis.loop().topics(NodeId.random(), 0));
        redis.thread().await(() -> publisher.publish(CLIENT, toBeReplicated("replicated")));
        assertNull(read(redis, mailboxes).gap());
        redis.thread().await(() -> publisher.publish(TOPIC, TopicSettings.DEFAULT, toBeReplicated("replicated")));
        Position topic = readTopic(redis, topics, null).position();
        Position passed = redis.thread().await(() -> topics.followPatterns(partition(), PATTERN));
        Awaitility.await().until(() -> replica.command("DBSIZE").equals(master.command("DBSIZE")));
        // What only the old master knows: numbers that it gave and that were delivered, and are lost with it.
        replica.pause();
        master.command("CLIENT", "KILL", "TYPE", "replica");
        publish(redis, publisher, "only on the old master");
        publishToTopic(redis, publisher, "only on the old master");
        Position oldTopic = readTopic(redis, topics, topic).position();
        Position oldPassed = recent(redis, topics, passed).position();
        assertTrue(oldTopic.number() > topic.number() && oldPassed.number() > passed.number());
        assertEquals(1, read(redis, mailboxes).messages().size());
        master.pause();
        replica.resume();

        Published first = publishUntilTaken(redis, publisher, "on the new master");
        Throwable refused = redis.thread().awaitFailure(() -> publisher.publish(CLIENT, toBeReplicated("on whom?")));
        assertTrue(refused instanceof NoReplicas, refused.toString());
        assertTrue(first.number() > cursor.mailbox().number() + (1L << 31), "far above what the old one gave");
        Batch after = read(redis, mailboxes);
        assertEquals(FAILOVER, after.gap());
        assertEquals(
                List.of("on the new master"),
                after.messages().stream()
                        .map(m -> new String(m.data(), StandardCharsets.UTF_8))
                        .toList());

        Published news = publishToTopic(redis, publisher, "on the new master");
        assertTrue(news.number() > oldTopic.number() + (1L << 31), "far above what the old one gave");
        Batch batch = readTopic(redis, topics, oldTopic);
        assertEquals(FAILOVER, batch.gap());
        assertEquals(List.of("on the new master"), data(batch.messages()));
        assertNull(readTopic(redis, topics, batch.position()).gap());
        Topics.Recent recent = recent(redis, topics, oldPassed);
        assertEquals(List.of(new TopicGap("**", FAILOVER)), recent.gaps());
        assertEquals(List.of("on the new master"), passed(recent));
        assertEquals(List.of(), recent(redis, topics, recent.position()).gaps());

        master.resume();
        for (int i = 0; i < 50; i++) {
            publishUntilTaken(redis, publisher, "after " + i);
        }
        Batch last = read(redis, mailboxes);
        assertNull(last.gap());
        assertEquals(50, last.messages().size());
        redis.afterEach(null);
    }

    private static List<String> passed(Topics.Recent recent) {
        return data(recent.messages().stream().map(Topics.Passed::message).toList());
    }

    private static Publication toBeReplicated(String data) {
        return new Publication(data.getBytes(StandardCharsets.UTF_8), 60_000, null, null, true);
    }

    private static final List<TopicPattern> PATTERN = List.of(new TopicPattern("**"));

    private static int partition() {
        return new Partitions(256).of(CLIENT);
    }

    /** A topic whose master is the client's. */
    private static final Topic TOPIC = IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> new Topic("news/" + i))
            .filter(topic -> new Partitions(256).of(topic) == partition())
            .findFirst()
            .orElseThrow();

    private static List<String> data(List<Message> messages) {
        return messages.stream()
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }

    private Published publishToTopic(Deployed redis, Publisher publisher, String data) {
        Publication publication = new Publication(data.getBytes(StandardCharsets.UTF_8), 60_000, null);
        return redis.thread().await(() -> publisher.publish(TOPIC, TopicSettings.DEFAULT, publication));
    }

    private Batch readTopic(Deployed redis, Topics topics, Position from) {
        List<Topics.Want> wants = List.of(new Topics.Want(TOPIC, from, true));
        return redis.thread().await(() -> topics.read(partition(), wants)).get(0);
    }

    private Topics.Recent recent(Deployed redis, Topics topics, Position from) {
        return redis.thread().await(() -> topics.recent(partition(), PATTERN, from));
    }

    /** With an id, so that what is sent again because nobody knows what became of it is stored once. */
    private Published publish(Deployed redis, Publisher publisher, String data) {
        Publication publication = new Publication(data.getBytes(StandardCharsets.UTF_8), 60_000, data);
        return redis.thread().await(() -> publisher.publish(CLIENT, publication));
    }

    private Published publishUntilTaken(Deployed redis, Publisher publisher, String data) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90)) // Sentinels that were held up trust nothing for 30 s.
                .until(
                        () -> {
                            try {
                                return publish(redis, publisher, data);
                            } catch (java.util.concurrent.CompletionException e) {
                                assertTrue(e.getCause() instanceof RedisUnavailable, e.toString());
                                return null;
                            }
                        },
                        java.util.Objects::nonNull);
    }

    /** Reads as a client does that brings its cursor back, and notes what each number means. */
    private Batch read(Deployed redis, Mailboxes mailboxes) {
        Owned owned = (Owned)
                redis.thread().await(() -> mailboxes.claim(new Claim(CLIENT, Transport.JSON, Page.UNKNOWN, cursor)));
        for (Message message : owned.batch().messages()) {
            String data = new String(message.data(), StandardCharsets.UTF_8);
            assertEquals(data, meaningOf.computeIfAbsent(message.number(), none -> data), "number " + message.number());
        }
        assertNotNull(owned.batch().position());
        cursor =
                new Cursor(Cursor.tagOf(CLIENT), owned.masterMs(), owned.batch().position());
        return owned.batch();
    }
}
