package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Gap.Reason;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Mailboxes.Following;
import megacomet.redis.Mailboxes.Tenure;
import megacomet.redis.Publisher.Author;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.TopicDirectory.SeenTopic;
import megacomet.redis.Topics.Recent;
import megacomet.redis.Topics.Want;
import megacomet.redis.fixture.Deployed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What topics promise to those who publish, follow and count, on whatever Redis. */
abstract class TopicsContract {

    private static final long LIFE_MS = 60_000;
    private static final Topic NEWS = new Topic("news/of/today");
    private static final ClientId CLIENT = new ClientId("42");
    private static final NodeId NODE = new NodeId("AAAAAAAAAAA");
    private static final NodeId OTHER_NODE = new NodeId("BBBBBBBBBBB");
    private static final TopicSettings LATEST = new TopicSettings(TopicMode.LATEST, 3, 1 << 20);
    private static final TopicSettings RELAY = new TopicSettings(TopicMode.RELAY, 1, 1);

    @RegisterExtension
    final Deployed redis;

    private Topics topics;
    private Mailboxes mailboxes;
    private Mailboxes elsewhere;
    private Publisher publisher;
    private Clients clients;
    private TopicDirectory directory;

    TopicsContract(StoreOptions options) {
        redis = new Deployed(options);
    }

    @BeforeEach
    void open() {
        topics = redis.thread().make(() -> redis.loop().topics(NODE, 1));
        mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NODE, 1));
        elsewhere = redis.thread().make(() -> redis.loop().mailboxes(OTHER_NODE, 0));
        publisher = redis.thread().make(redis.loop()::publisher);
        clients = redis.thread().make(redis.loop()::clients);
        directory = redis.thread().make(redis.loop()::topicDirectory);
    }

    private int partition() {
        return redis.store().partitions().of(NEWS);
    }

    private Published publish(String data) {
        return publish(NEWS, TopicSettings.DEFAULT, data, LIFE_MS, null);
    }

    private Published publish(Topic topic, TopicSettings settings, String data, long lifeMs, String key) {
        return publish(topic, settings, new Publication(data.getBytes(StandardCharsets.UTF_8), lifeMs, null, key));
    }

    private Published publish(Topic topic, TopicSettings settings, Publication publication) {
        return redis.thread().await(() -> publisher.publish(topic, settings, publication));
    }

    private List<Published> publishAll(Topic topic, TopicSettings settings, List<String> all, long lifeMs) {
        return redis.thread()
                .await(() -> Future.all(all.stream()
                                .map(data -> publisher.publish(
                                        topic,
                                        settings,
                                        new Publication(data.getBytes(StandardCharsets.UTF_8), lifeMs, null)))
                                .toList())
                        .map(done -> done.<Published>list()));
    }

    private Batch read(Want want) {
        int partition = redis.store().partitions().of(want.topic());
        return redis.thread().await(() -> topics.read(partition, List.of(want))).get(0);
    }

    private Batch earliest(Topic topic) {
        return read(new Want(topic, null, true));
    }

    private Batch after(Position position) {
        return read(new Want(NEWS, position, false));
    }

    private Batch follow() {
        return redis.thread()
                .await(() -> topics.follow(partition(), List.of(new Want(NEWS, null, false))))
                .get(0);
    }

    private static List<String> data(List<Message> messages) {
        return messages.stream()
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private void awaitDeath(Topic topic, int shortLived) {
        Awaitility.await()
                .until(() -> earliest(topic).messages().stream()
                                .filter(message -> message.expiryMs() - message.atMs() < LIFE_MS)
                                .count()
                        <= shortLived);
    }

    // Logs

    @Test
    void whatWasPublishedIsReadInOrderWithItsTopic() {
        long first = publish("1").number();
        assertEquals(new Published(Outcome.QUEUED, first + 1), publish("[2]"));
        Batch batch = earliest(NEWS);
        assertEquals(List.of("1", "[2]"), data(batch.messages()));
        assertEquals(NEWS, batch.messages().get(0).topic());
        assertEquals(TopicMode.LOG, batch.messages().get(0).mode());
        assertNull(batch.messages().get(0).key());
        assertEquals(
                LIFE_MS,
                batch.messages().get(0).expiryMs() - batch.messages().get(0).atMs());
        assertEquals(first + 1, batch.position().number());
        assertNull(batch.gap());
        assertTrue(batch.complete());
    }

    @Test
    void whoHasNothingGetsWhatComesFromNowOn() {
        publish("before");
        Batch followed = follow();
        assertEquals(List.of(), followed.messages());
        assertNull(followed.gap());
        publish("after");
        Batch next = after(followed.position());
        assertEquals(List.of("after"), data(next.messages()));
        assertNull(next.gap());
    }

    @Test
    void aTopicThatNobodyUsedHasNothingAndItsFirstMessageIsNotMissed() {
        Batch followed = follow();
        assertEquals(0, followed.position().number());
        publish("first");
        Batch next = after(followed.position());
        assertEquals(List.of("first"), data(next.messages()));
        assertNull(next.gap());
    }

    @Test
    void whatExpiredIsCountedOnceAndNumbersGoOn() {
        Position before = follow().position();
        publishAll(NEWS, TopicSettings.DEFAULT, numbers(3), 50);
        long last = publish("lives").number();
        awaitDeath(NEWS, 0);
        Batch batch = after(before);
        assertEquals(List.of("lives"), data(batch.messages()));
        assertEquals(new Gap(3, Reason.EXPIRED), batch.gap());
        assertNull(after(batch.position()).gap());
        assertNull(earliest(NEWS).gap(), "who had nothing missed nothing");
        assertEquals(last + 1, publish("next").number());
    }

    @Test
    void aFullLogLosesItsOldestAndSaysSo() {
        TopicSettings small = new TopicSettings(TopicMode.LOG, 4, 1 << 20);
        Position before = follow().position();
        publishAll(NEWS, small, numbers(10), LIFE_MS);
        Batch batch = after(before);
        assertEquals(numbers(10).subList(6, 10), data(batch.messages()));
        assertEquals(new Gap(6, Reason.OVERFLOW), batch.gap());
    }

    @Test
    void aLogIsAlsoFullOfBytes() {
        TopicSettings small = new TopicSettings(TopicMode.LOG, 1_000, 100);
        publishAll(NEWS, small, numbers(10), LIFE_MS);
        assertEquals(numbers(10).subList(7, 10), data(earliest(NEWS).messages()), "three of 27 bytes");
    }

    @Test
    void whatDoesNotFitIntoOneAnswerComesWithTheNextAndTopicsShareOneAnswer() {
        Topics small = redis.thread()
                .make(() -> another(new StoreLimits(1_000, 1 << 20, 4, 1 << 20, 8_192, 10))
                        .topics(NODE, 1));
        Topic neighbour = neighbourOf(NEWS);
        publishAll(NEWS, TopicSettings.DEFAULT, numbers(6), LIFE_MS);
        publishAll(neighbour, TopicSettings.DEFAULT, numbers(3), LIFE_MS);
        List<String> got = new ArrayList<>();
        List<Want> wants = List.of(new Want(NEWS, null, true), new Want(neighbour, null, true));
        for (int reads = 1; ; reads++) {
            List<Want> now = wants;
            List<Batch> batches = redis.thread().await(() -> small.read(partition(), now));
            batches.forEach(batch -> {
                assertNull(batch.gap());
                batch.messages().forEach(m -> got.add(m.topic() + " " + new String(m.data(), StandardCharsets.UTF_8)));
            });
            if (batches.stream().allMatch(Batch::complete)) {
                assertEquals(3, reads);
                break;
            }
            // Nothing was read of a topic of which all is wanted: it still has nothing.
            wants = List.of(next(wants.get(0), batches.get(0)), next(wants.get(1), batches.get(1)));
        }
        assertEquals(
                Stream.concat(
                                numbers(6).stream().map(n -> NEWS + " " + n),
                                numbers(3).stream().map(n -> neighbour + " " + n))
                        .toList(),
                got);
    }

    private static Want next(Want want, Batch batch) {
        return new Want(want.topic(), batch.position(), false);
    }

    /** A topic in the same partition. */
    private Topic neighbourOf(Topic topic) {
        int partition = redis.store().partitions().of(topic);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new Topic("neighbour/" + i))
                .filter(other -> redis.store().partitions().of(other) == partition)
                .findFirst()
                .orElseThrow();
    }

    private Store.Loop another(StoreLimits limits) {
        Store store = Store.open(redis.vertx(), redis.options().withLimits(limits), (verb, nanos, isDone) -> {});
        return store.onThisLoop();
    }

    @Test
    void theSameIdIsAnsweredAsTheFirstTimeAndStoredOnce() {
        Publication first = new Publication(new byte[] {'1'}, LIFE_MS, "order-7");
        Published answer = publish(NEWS, TopicSettings.DEFAULT, first);
        assertTrue(answer.hasBegunTopic());
        Published repeated = publish(NEWS, TopicSettings.DEFAULT, first);
        assertEquals(new Published(answer.outcome(), answer.number(), false), repeated);
        Publication other = new Publication(new byte[] {'2'}, LIFE_MS, "order-7");
        assertEquals(new Published(Outcome.CONFLICT, answer.number()), publish(NEWS, TopicSettings.DEFAULT, other));
        assertEquals(1, earliest(NEWS).messages().size());
    }

    // Browsers

    private Published publishFrom(Author author, Topic topic, String data, String id) {
        return publish(
                topic,
                TopicSettings.DEFAULT,
                new Publication(data.getBytes(StandardCharsets.UTF_8), LIFE_MS, id, null, false, author));
    }

    @Test
    void anAuthorWhoMayNotBeginATopicLeavesNothingOfANewOneInRedisAndPublishesToAKnownOne() {
        Author author = new Author("42", false);
        assertEquals(new Published(Outcome.NOT_BEGUN, 0), publishFrom(author, NEWS, "1", null));
        assertEquals(new Published(Outcome.NOT_BEGUN, 0), publishFrom(author, NEWS, "1", "id"));
        long first = publish("by the application").number();
        assertEquals(first + 1, publishFrom(author, NEWS, "2", null).number());
        assertEquals(first + 2, publishFrom(author, NEWS, "2", "id").number(), "the refused id was not remembered");
    }

    @Test
    void whoBeginsATopicIsToldSoAndOnlyTheFirstOfThoseThatRideTogether() {
        Author author = new Author("42", true);
        List<Published> all = redis.thread()
                .await(() -> Future.all(IntStream.range(0, 5)
                                .mapToObj(i -> publisher.publish(
                                        NEWS,
                                        TopicSettings.DEFAULT,
                                        new Publication(new byte[] {'1'}, LIFE_MS, null, null, false, author)))
                                .toList())
                        .map(done -> done.<Published>list()));
        assertEquals(
                List.of(true, false, false, false, false),
                all.stream().map(Published::hasBegunTopic).toList());
    }

    @Test
    void idsOfBrowsersAreTheirOwnAndNeverUseUpThoseOfApplications() {
        Publisher strict = redis.thread()
                .make(() -> another(new StoreLimits(1_000, 1 << 20, 1_000, 1 << 20, 8_192, 3).withBrowserIds(2))
                        .publisher());
        List<Published> browsers = new ArrayList<>();
        for (Author author : List.of(new Author("42", true), new Author("43", true), new Author("44", true))) {
            Publication publication = new Publication(new byte[] {'1'}, LIFE_MS, "order-7", null, false, author);
            browsers.add(redis.thread().await(() -> strict.publish(NEWS, TopicSettings.DEFAULT, publication)));
        }
        assertEquals(
                List.of(Outcome.QUEUED, Outcome.QUEUED, Outcome.TOO_MANY_IDS),
                browsers.stream().map(Published::outcome).toList());
        assertNotEquals(browsers.get(0).number(), browsers.get(1).number(), "nobody occupies another's id");
        for (String id : List.of("order-7", "order-8", "42 order-7")) {
            Publication publication = new Publication(new byte[] {'2'}, LIFE_MS, id);
            Published published = redis.thread().await(() -> strict.publish(NEWS, TopicSettings.DEFAULT, publication));
            assertEquals(Outcome.QUEUED, published.outcome(), id);
        }
    }

    @Test
    void theStateOfATopicGoesADayAfterTheLastOfItsMessages() {
        publish(NEWS, TopicSettings.DEFAULT, "1", LIFE_MS, null);
        long leftMs = redis.thread()
                .await(() -> redis.loop().plain(partition(), Command.PTTL, topicKey(NEWS)))
                .toLong();
        long dayMs = 86_400_000;
        assertTrue(leftMs > dayMs && leftMs <= dayMs + LIFE_MS + 600_000, "it goes in " + leftMs + " ms");
    }

    private String topicKey(Topic topic) {
        return new String(
                new Keys(redis.options().prefix(), redis.store().partitions()).topic(partition(), topic),
                StandardCharsets.UTF_8);
    }

    @Test
    void aClientAndATopicOfOneNameAreTwo() {
        Topic topic = new Topic("42");
        Publication publication = new Publication(new byte[] {'1'}, LIFE_MS, "id");
        Published toTopic = publish(topic, TopicSettings.DEFAULT, publication);
        Published toClient = redis.thread().await(() -> publisher.publish(CLIENT, publication));
        assertNotEquals(toTopic.number(), toClient.number());
        assertEquals(1, earliest(topic).messages().size());
    }

    @Test
    void aPositionOfAnotherMasterIsAFailover() {
        publish("1");
        Position old = new Position(12345, 7);
        Batch batch = after(old);
        assertEquals(new Gap(Gap.UNKNOWN, Reason.FAILOVER), batch.gap());
        assertEquals(List.of("1"), data(batch.messages()));
        assertNull(after(batch.position()).gap());
    }

    @Test
    void whatBecameOfATopicThatIsGoneIsKnownForADay() {
        Position somewhere = new Position(follow().position().epoch(), 1_000);
        long dayAgoMs = System.currentTimeMillis() - 2 * 86_400_000L;
        assertNull(after(somewhere).gap());
        assertEquals(
                new Gap(Gap.UNKNOWN, Reason.UNKNOWN),
                read(new Want(NEWS, somewhere, dayAgoMs, false)).gap());
    }

    // The latest of each key

    @Test
    void ofEachKeyTheLatestIsKeptAndWhatItReplacedIsNoGap() {
        Position before = follow().position();
        publish(NEWS, LATEST, "1", LIFE_MS, "a");
        publish(NEWS, LATEST, "2", LIFE_MS, "b ä");
        publish(NEWS, LATEST, "3", LIFE_MS, "a");
        long last = publish(NEWS, LATEST, "4", LIFE_MS, null).number();
        Batch batch = after(before);
        assertEquals(List.of("2", "3", "4"), data(batch.messages()));
        assertEquals("b ä", batch.messages().get(0).key());
        assertNull(batch.messages().get(2).key());
        assertEquals(TopicMode.LATEST, batch.messages().get(2).mode());
        assertEquals(last, batch.position().number());
        assertNull(batch.gap());
    }

    @Test
    void ofMoreKeysThanFitTheOldestGoes() {
        for (int i = 0; i < 5; i++) {
            publish(NEWS, LATEST, "" + i, LIFE_MS, "key" + i);
        }
        assertEquals(List.of("2", "3", "4"), data(earliest(NEWS).messages()));
        TopicSettings bytes = new TopicSettings(TopicMode.LATEST, 3, 70);
        publish(NEWS, bytes, "5", LIFE_MS, "key3");
        assertEquals(List.of("4", "5"), data(earliest(NEWS).messages()), "two of 33 bytes");
    }

    @Test
    void theDeadMakeRoomForTheLatest() {
        publish(NEWS, LATEST, "lives", LIFE_MS, "a");
        publish(NEWS, LATEST, "dies", 50, "b");
        publish(NEWS, LATEST, "dies, too", 50, "c");
        awaitDeath(NEWS, 0);
        publish(NEWS, LATEST, "1", LIFE_MS, "d");
        publish(NEWS, LATEST, "2", LIFE_MS, "e");
        assertEquals(List.of("lives", "1", "2"), data(earliest(NEWS).messages()));
    }

    // Relays

    @Test
    void whatIsOnlyRelayedIsNotKeptAndWhoWasAwayIsToldHowMuch() {
        Published first = publish(NEWS, RELAY, "1", LIFE_MS, null);
        assertEquals(Outcome.DROPPED, first.outcome());
        Position before = new Position(follow().position().epoch(), first.number());
        publishAll(NEWS, RELAY, numbers(3), LIFE_MS);
        Batch batch = after(before);
        assertEquals(List.of(), batch.messages());
        assertEquals(new Gap(3, Reason.DROPPED), batch.gap());
        assertEquals(first.number() + 3, batch.position().number());
        assertNull(after(batch.position()).gap());
    }

    @Test
    void aTopicWhoseModeChangesBeginsAnewAndGoesOnCounting() {
        Position before = follow().position();
        publish("1");
        long second = publish("2").number();
        assertEquals(second + 1, publish(NEWS, LATEST, "3", LIFE_MS, "a").number());
        Batch batch = after(before);
        assertEquals(List.of("3"), data(batch.messages()));
        assertEquals(new Gap(2, Reason.DELETED), batch.gap());
        publish("4");
        assertEquals(List.of("4"), data(earliest(NEWS).messages()));
    }

    // Patterns

    private Position followPatterns(String... patterns) {
        return redis.thread().await(() -> topics.followPatterns(partition(), names(patterns)));
    }

    private Recent recent(Position from, String... patterns) {
        return redis.thread().await(() -> topics.recent(partition(), names(patterns), from));
    }

    private static List<TopicPattern> names(String... patterns) {
        return Stream.of(patterns).map(TopicPattern::new).toList();
    }

    private static List<String> dataOf(Recent recent) {
        return data(recent.messages().stream().map(Topics.Passed::message).toList());
    }

    @Test
    void patternsGetWhatTheyMatchInThePartitionsOrder() {
        Topic neighbour = neighbourOf(NEWS);
        Position before = followPatterns("news/**", "neighbour/*");
        publish("1");
        publish(neighbour, TopicSettings.DEFAULT, "2", LIFE_MS, null);
        publish("3");
        Recent both = recent(before, "news/**", "neighbour/*");
        assertEquals(List.of("1", "2", "3"), dataOf(both));
        assertEquals(List.of(), both.gaps());
        assertTrue(both.complete());
        assertEquals(neighbour, both.messages().get(1).message().topic());
        long first = both.messages().get(0).partitionNumber();
        assertEquals(
                List.of(first, first + 1, first + 2),
                both.messages().stream().map(Topics.Passed::partitionNumber).toList());
        assertEquals(first + 2, both.position().number());
        assertEquals(List.of("2"), dataOf(recent(before, "neighbour/*")));
        assertEquals(List.of("3"), dataOf(recent(new Position(before.epoch(), first + 1), "**")));
        assertEquals(List.of(), dataOf(recent(both.position(), "**")));
    }

    @Test
    void noPatternMatchesAPrivateTopic() {
        Topic address = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new Topic("user/" + i))
                .filter(topic -> redis.store().partitions().of(topic) == partition())
                .findFirst()
                .orElseThrow();
        Position before = followPatterns("**");
        publish(address, TopicSettings.DEFAULT, "private", LIFE_MS, null);
        publish("public");
        assertEquals(List.of("public"), dataOf(recent(before, "**")));
        assertEquals(List.of("private"), data(earliest(address).messages()));
    }

    @Test
    void whatTheIndexKnowsAndTheTopicHasNotIsCounted() {
        Topic neighbour = neighbourOf(NEWS);
        TopicSettings small = new TopicSettings(TopicMode.LOG, 2, 1 << 20);
        Position before = followPatterns("**");
        publishAll(NEWS, small, numbers(5), LIFE_MS);
        publishAll(neighbour, TopicSettings.DEFAULT, numbers(4), 50);
        awaitDeath(neighbour, 0);
        Recent recent = recent(before, "**");
        assertEquals(List.of("3", "4"), dataOf(recent));
        assertEquals(
                List.of(
                        new TopicGap(NEWS.value(), new Gap(3, Reason.OVERFLOW)),
                        new TopicGap(neighbour.value(), new Gap(4, Reason.EXPIRED))),
                recent.gaps());
        assertEquals(List.of(), recent(recent.position(), "**").gaps());
    }

    @Test
    void whatWasReplacedOrOnlyRelayedIsNoGapToPatterns() {
        Topic neighbour = neighbourOf(NEWS);
        Position before = followPatterns("**");
        publish(NEWS, LATEST, "1", LIFE_MS, "a");
        publish(neighbour, RELAY, "2", LIFE_MS, null);
        publish(NEWS, LATEST, "3", LIFE_MS, "a");
        Recent recent = recent(before, "**");
        assertEquals(List.of("3"), dataOf(recent));
        assertEquals(List.of(), recent.gaps());
    }

    @Test
    void beyondTheIndexNobodyKnowsWhatWasMissed() {
        Position before = followPatterns("**");
        publishAll(NEWS, TopicSettings.DEFAULT, numbers(1_003), LIFE_MS);
        Recent recent = recent(before, "**", "news/**");
        Gap unknown = new Gap(Gap.UNKNOWN, Reason.UNKNOWN);
        assertEquals(List.of(new TopicGap("**", unknown), new TopicGap("news/**", unknown)), recent.gaps());
        assertEquals(1_000, recent.messages().size());
        assertEquals(List.of(), recent(recent.position(), "**").gaps());
    }

    @Test
    void ofAnotherMastersPositionPatternsAreToldAsWell() {
        publish("1");
        Recent recent = recent(new Position(77, 5), "**");
        assertEquals(List.of(new TopicGap("**", new Gap(Gap.UNKNOWN, Reason.FAILOVER))), recent.gaps());
        assertEquals(List.of("1"), dataOf(recent));
    }

    @Test
    void patternsReadInPartsMissNothing() {
        Topics small = redis.thread()
                .make(() -> another(new StoreLimits(1_000, 1 << 20, 4, 1 << 20, 8_192, 10))
                        .topics(NODE, 1));
        Topic neighbour = neighbourOf(NEWS);
        Position at = followPatterns("**");
        for (int i = 0; i < 5; i++) {
            publish("" + 2 * i);
            publish(neighbour, TopicSettings.DEFAULT, "" + (2 * i + 1), LIFE_MS, null);
        }
        List<String> got = new ArrayList<>();
        boolean isComplete = false;
        for (int reads = 0; !isComplete; reads++) {
            Position from = at;
            Recent recent = redis.thread().await(() -> small.recent(partition(), names("**"), from));
            assertEquals(List.of(), recent.gaps());
            got.addAll(dataOf(recent));
            at = recent.position();
            isComplete = recent.complete();
            assertTrue(reads < 3, "three reads of four");
        }
        assertEquals(numbers(10), got);
    }

    // Counts

    private static final TopicPattern NAME = TopicPattern.of(NEWS);
    private static final TopicPattern PATTERN = new TopicPattern("news/**");

    private Owned claim(Mailboxes by, ClientId client, Cursor cursor, TopicPattern... follows) {
        Claim claim = new Claim(client, Transport.JSON, Page.UNKNOWN, cursor, tags(follows));
        return assertInstanceOf(Owned.class, redis.thread().await(() -> by.claim(claim)));
    }

    private static long[] tags(TopicPattern... follows) {
        return Stream.of(follows).mapToLong(TopicPattern::tag).toArray();
    }

    private static Tenure tenure(ClientId client, Owned owned, TopicPattern... follows) {
        return new Tenure(
                client,
                Transport.JSON,
                Page.UNKNOWN,
                owned.generation(),
                owned.batch().position(),
                tags(follows),
                TopicPositions.NONE);
    }

    private long followers(Topic topic, NodeId... live) {
        return redis.thread().await(() -> directory.followers(topic, Set.of(live)));
    }

    @Test
    void aClientCountsOnceWhereverItIsAndHoweverItMoves() {
        Owned first = claim(mailboxes, CLIENT, null, NAME);
        assertTrue(first.wasAway());
        assertEquals(1, followers(NEWS, NODE, OTHER_NODE));
        claim(mailboxes, CLIENT, null, NAME);
        assertEquals(1, followers(NEWS, NODE, OTHER_NODE), "claimed again");
        Owned moved = claim(elsewhere, CLIENT, null, NAME);
        assertFalse(moved.wasAway());
        assertEquals(0, followers(NEWS, NODE));
        assertEquals(1, followers(NEWS, NODE, OTHER_NODE));
        redis.thread().await(() -> mailboxes.release(List.of(tenure(CLIENT, first))));
        assertEquals(1, followers(NEWS, NODE, OTHER_NODE), "a release by who lost it");
        redis.thread().await(() -> elsewhere.release(List.of(tenure(CLIENT, moved))));
        assertEquals(0, followers(NEWS, NODE, OTHER_NODE));
    }

    @Test
    void whoFollowsByAPatternCountsAmongWhatItMatches() {
        claim(mailboxes, CLIENT, null, PATTERN);
        claim(elsewhere, new ClientId("43"), null, NAME);
        claim(elsewhere, new ClientId("44"), null, new TopicPattern("**"));
        claim(elsewhere, new ClientId("45"), null);
        assertEquals(3, followers(NEWS, NODE, OTHER_NODE));
        assertEquals(2, followers(new Topic("news/x"), NODE, OTHER_NODE));
        assertEquals(1, followers(new Topic("weather"), NODE, OTHER_NODE));
        assertEquals(0, followers(new Topic("user/42"), NODE, OTHER_NODE));
        assertEquals(1, followers(NEWS, NODE), "clients of nodes that are not there do not count");
    }

    @Test
    void reclaimingWithOtherFollowsMovesTheCounts() {
        Owned owned = claim(mailboxes, CLIENT, null, NAME);
        redis.thread().await(() -> mailboxes.reclaim(List.of(tenure(CLIENT, owned, new TopicPattern("weather")))));
        assertEquals(0, followers(NEWS, NODE));
        assertEquals(1, followers(new Topic("weather"), NODE));
        redis.thread().await(() -> clients.delete(CLIENT));
        assertEquals(0, followers(new Topic("weather"), NODE));
    }

    @Test
    void anOwnerThatRedisLostCountsAgain() {
        Owned owned = claim(mailboxes, CLIENT, null, NAME);
        redis.thread().await(() -> mailboxes.release(List.of(tenure(CLIENT, owned, NAME))));
        redis.thread().await(() -> mailboxes.reclaim(List.of(tenure(CLIENT, owned, NAME))));
        assertEquals(1, followers(NEWS, NODE));
    }

    @Test
    void whatDeadNodesFollowIsSweptAndTheirClientsCountForNobody() {
        follow();
        claim(mailboxes, CLIENT, null, NAME);
        int partition = redis.store().partitions().of(CLIENT);
        AtomicLong nowMs = new AtomicLong();
        Sweeper sweeper = redis.thread().make(() -> redis.loop().sweeper(nowMs::get));
        Nodes nodes = redis.thread().make(redis.loop()::nodes);
        redis.thread().await(() -> nodes.renew(NODE, LIFE_MS, ""));
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition(), OTHER_NODE)), "it is there");
        redis.thread().await(() -> nodes.leave(NODE));
        redis.thread().await(() -> sweeper.sweepOne(partition(), OTHER_NODE));
        nowMs.addAndGet(Membership.LEASE_MS);
        assertEquals(1L, redis.thread().await(() -> sweeper.sweepOne(partition(), OTHER_NODE)), "what it follows");
        assertEquals(0L, redis.thread().await(() -> sweeper.sweepOne(partition, OTHER_NODE)), "not its counts");
        redis.assertSound();
        // It was only slow: its record is there, and so is its count.
        redis.thread().await(() -> nodes.renew(NODE, LIFE_MS, ""));
        redis.thread().await(() -> sweeper.sweepOne(partition, OTHER_NODE));
        assertEquals(1, followers(NEWS, NODE));
        claim(elsewhere, CLIENT, null, NAME);
        assertEquals(1, followers(NEWS, NODE, OTHER_NODE));
    }

    @Test
    void aCountThatIsNotTheOwnersIsFound() {
        claim(mailboxes, CLIENT, null, NAME);
        int partition = redis.store().partitions().of(CLIENT);
        String key =
                redis.options().prefix() + ":{" + redis.store().partitions().tag(partition) + "}:follows";
        String node = "12345678" + NODE;
        redis.thread().await(() -> redis.loop().plain(partition, Command.HSET, key, node, "2"));
        assertEquals(
                List.of(key + ": it says 2 where 0 follow at " + NODE),
                redis.thread().await(() -> redis.loop().check().findings()));
        redis.thread().await(() -> redis.loop().plain(partition, Command.HDEL, key, node));
    }

    // What the application has a client follow

    private boolean follow(ClientId client, TopicPattern name) {
        return redis.thread().await(() -> clients.follow(client, name));
    }

    @Test
    void whatTheApplicationHasAClientFollowWaitsForItFromThenOn() {
        publish("before");
        assertTrue(follow(CLIENT, NAME));
        publish("while away");
        assertFalse(follow(CLIENT, NAME), "and stays where it began");
        assertTrue(follow(CLIENT, new TopicPattern("weather/*")));
        assertEquals(
                List.of(NAME, new TopicPattern("weather/*")), redis.thread().await(() -> clients.following(CLIENT)));
        Map<TopicPattern, Position> following = following(claim(mailboxes, CLIENT, null));
        assertNull(following.get(new TopicPattern("weather/*")));
        assertEquals(List.of("while away"), data(after(following.get(NAME)).messages()));
        assertEquals(1, followers(NEWS, NODE), "it counts");
        assertEquals(1, followers(new Topic("weather/x"), NODE));
    }

    private static Map<TopicPattern, Position> following(Owned owned) {
        Map<TopicPattern, Position> following = new HashMap<>();
        for (Following followed : owned.following()) {
            following.put(followed.name(), followed.from());
        }
        return following;
    }

    @Test
    void whatItHasConfirmedStaysConfirmedAlsoWithoutACursor() {
        follow(CLIENT, NAME);
        publish("1");
        publish("2");
        Position first = following(claim(mailboxes, CLIENT, null)).get(NAME);
        Batch batch = after(first);
        Position one =
                new Position(batch.position().epoch(), batch.messages().get(0).number());
        Owned confirmed = claim(mailboxes, CLIENT, cursor(one));
        assertEquals(one, following(confirmed).get(NAME));
        assertEquals(one, following(claim(mailboxes, CLIENT, null)).get(NAME));
        claim(mailboxes, CLIENT, cursor(first));
        assertEquals(one, following(claim(mailboxes, CLIENT, null)).get(NAME), "never goes back");
        Tenure tenure = new Tenure(
                CLIENT,
                Transport.SSE,
                Page.UNKNOWN,
                confirmed.generation(),
                confirmed.batch().position(),
                tags(NAME),
                cursor(batch.position()).topics());
        redis.thread().await(() -> mailboxes.confirm(List.of(tenure)));
        assertEquals(batch.position(), following(claim(mailboxes, CLIENT, null)).get(NAME));
    }

    private static Cursor cursor(Position news) {
        TopicPositions positions = new TopicPositions(Map.of(NAME.tag(), news), Set.of(), Map.of());
        return new Cursor(Cursor.tagOf(CLIENT), System.currentTimeMillis(), new Position(news.epoch(), 0), positions);
    }

    @Test
    void whatOneFollowCoversOfTheOtherCountsOnce() {
        follow(CLIENT, NAME);
        claim(mailboxes, CLIENT, null, PATTERN);
        assertEquals(1, followers(NEWS, NODE), "the page's pattern covers it");
        claim(mailboxes, CLIENT, null, NAME);
        assertEquals(1, followers(NEWS, NODE), "it is the same");
        follow(CLIENT, PATTERN);
        claim(mailboxes, CLIENT, null);
        assertEquals(1, followers(NEWS, NODE), "the application's other follow covers it");
    }

    @Test
    void unfollowingEndsItAndOnceOnly() {
        follow(CLIENT, NAME);
        assertTrue(redis.thread().await(() -> clients.unfollow(CLIENT, NAME)));
        assertFalse(redis.thread().await(() -> clients.unfollow(CLIENT, NAME)));
        assertEquals(List.of(), claim(mailboxes, CLIENT, null).following());
        assertEquals(0, followers(NEWS, NODE));
    }

    @Test
    void moreThanAClientCanFollowIsRefused() {
        for (int i = 0; i < Cursor.MAX_TOPICS; i++) {
            follow(CLIENT, new TopicPattern("t/" + i));
        }
        assertInstanceOf(
                TooManyFollows.class,
                redis.thread().awaitFailure(() -> clients.follow(CLIENT, new TopicPattern("one"))));
        assertFalse(follow(CLIENT, new TopicPattern("t/7")), "what it follows it may follow");
        assertEquals(50, claim(mailboxes, CLIENT, null).following().size());
    }

    // The directory

    @Test
    void aTopicIsLookedUp() {
        assertEquals(new SeenTopic(NEWS, TopicMode.LOG, 0, 0, 0), look());
        long first = publish("1").number();
        publish("2");
        assertEquals(new SeenTopic(NEWS, TopicMode.LOG, first, first + 1, 2), look());
        publish(NEWS, LATEST, "3", LIFE_MS, "a");
        publish(NEWS, LATEST, "4", LIFE_MS, "a");
        assertEquals(new SeenTopic(NEWS, TopicMode.LATEST, first + 3, first + 3, 1), look());
        publish(NEWS, RELAY, "5", LIFE_MS, "a");
        assertEquals(new SeenTopic(NEWS, TopicMode.RELAY, 0, first + 4, 0), look());
    }

    private SeenTopic look() {
        return redis.thread().await(() -> directory.look(NEWS));
    }

    private List<String> list(String pattern, int limit) {
        return redis.thread().await(() -> directory.list(new TopicPattern(pattern), limit)).stream()
                .map(Topic::value)
                .toList();
    }

    @Test
    void topicsAreListedThatAreFollowedOrHadAMessage() {
        publish("1");
        for (String name : List.of("a/1", "a/2", "a/2/x", "b", "user/7")) {
            publish(new Topic(name), TopicSettings.DEFAULT, "1", LIFE_MS, null);
        }
        Topic followed = new Topic("a/0");
        int partition = redis.store().partitions().of(followed);
        redis.thread().await(() -> topics.follow(partition, List.of(new Want(followed, null, false))));
        followPatterns("a/*");
        assertEquals(List.of("a/0", "a/1", "a/2"), list("a/*", 10));
        assertEquals(List.of("a/0", "a/1"), list("a/*", 2));
        assertEquals(List.of("a/0", "a/1", "a/2", "a/2/x", "b", NEWS.value()), list("**", 10));
        assertEquals(List.of("b"), list("*", 10));
        assertEquals(List.of("user/7"), list("user/7", 10));
        assertEquals(List.of(), list("nothing", 10));
        redis.thread().await(() -> topics.unfollow(partition, List.of(TopicPattern.of(followed))));
        assertEquals(List.of("a/1", "a/2"), list("a/*", 10));
    }

    @Test
    void everythingExpires() {
        follow();
        followPatterns("**");
        publish("1");
        publish(NEWS, TopicSettings.DEFAULT, new Publication(new byte[] {'1'}, LIFE_MS, "id"));
        follow(CLIENT, NAME);
        claim(mailboxes, CLIENT, null, NAME);
        redis.assertSound();
        assertEquals(
                Collections.nCopies(2, true),
                LongStream.of(ttl("followed"), ttl("recent"))
                        .mapToObj(ttl -> ttl > 0)
                        .toList());
    }

    private long ttl(String kind) {
        String key =
                redis.options().prefix() + ":{" + redis.store().partitions().tag(partition()) + "}:" + kind;
        return redis.thread()
                .await(() -> redis.loop().plain(partition(), Command.PTTL, key))
                .toLong();
    }
}
