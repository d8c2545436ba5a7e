package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Claimed;
import megacomet.redis.Mailboxes.Claimed.Moved;
import megacomet.redis.Mailboxes.Claimed.Overtaken;
import megacomet.redis.Mailboxes.Claimed.Owned;
import megacomet.redis.Mailboxes.Tenure;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.fixture.Deployed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What mailboxes and publishing promise, on whatever Redis. */
abstract class MailboxesContract {

    private static final long LIFE_MS = 60_000;
    private static final ClientId CLIENT = new ClientId("client {with} strange:name ä");
    private static final NodeId NODE = new NodeId("AAAAAAAAAAA");
    private static final NodeId OTHER_NODE = new NodeId("BBBBBBBBBBB");

    @RegisterExtension
    final Deployed redis;

    private Mailboxes mailboxes;
    private Mailboxes elsewhere;
    private Publisher publisher;
    private Clients clients;

    MailboxesContract(StoreOptions options) {
        redis = new Deployed(options);
    }

    @BeforeEach
    void open() {
        mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NODE, 1));
        elsewhere = redis.thread().make(() -> redis.loop().mailboxes(OTHER_NODE, 0));
        publisher = redis.thread().make(redis.loop()::publisher);
        clients = redis.thread().make(redis.loop()::clients);
    }

    private Published publish(String data) {
        return publish(data, LIFE_MS, null);
    }

    private Published publish(String data, long lifeMs, String id) {
        Publication publication = new Publication(data.getBytes(StandardCharsets.UTF_8), lifeMs, id);
        return redis.thread().await(() -> publisher.publish(CLIENT, publication));
    }

    private Owned claim(Mailboxes by, Cursor cursor) {
        return assertInstanceOf(Owned.class, claim(by, cursor, Page.UNKNOWN));
    }

    private Claimed claim(Mailboxes by, Cursor cursor, Page page) {
        return redis.thread().await(() -> by.claim(new Claim(CLIENT, Transport.JSON, page, cursor)));
    }

    private static Cursor cursorAfter(Owned owned) {
        return new Cursor(Cursor.tagOf(CLIENT), owned.masterMs(), owned.batch().position());
    }

    private static List<String> data(Batch batch) {
        return batch.messages().stream()
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }

    private Tenure tenure(long generation, Position position) {
        return new Tenure(CLIENT, Transport.JSON, Page.UNKNOWN, generation, position);
    }

    private Clients.Seen look() {
        return redis.thread().await(() -> clients.look(CLIENT));
    }

    @Test
    void whatWasPublishedIsReadInOrderAndByteForByte() {
        String data = "{\"big\":12345678901234567890,\"\u2028\":\"<ä🚀>\"}";
        long first = publish(data).number();
        long second = publish("[]").number();
        assertEquals(first + 1, second);
        Batch batch = claim(mailboxes, null).batch();
        assertEquals(List.of(data, "[]"), data(batch));
        assertEquals(
                List.of(first, second),
                batch.messages().stream().map(Message::number).toList());
        assertEquals(second, batch.position().number());
        assertNull(batch.gap());
        assertTrue(batch.complete());
        Message message = batch.messages().get(0);
        assertEquals(LIFE_MS, message.expiryMs() - message.atMs());
    }

    @Test
    void readingTakesNothingAwayUntilItIsConfirmed() {
        publish("1");
        publish("2");
        Owned read = claim(mailboxes, null);
        assertEquals(List.of("1", "2"), data(claim(mailboxes, null).batch()));
        publish("3");
        assertEquals(List.of("3"), data(claim(mailboxes, cursorAfter(read)).batch()));
        assertEquals(List.of("3"), data(claim(mailboxes, null).batch()), "the first two were confirmed for good");
    }

    /** More clients than one script takes, with and without ids, which do not mix. */
    @Test
    void whatIsPublishedToManyClientsInOneTurnOfTheLoopKeepsEachOnesOrder() {
        List<ClientId> all =
                IntStream.range(0, 100).mapToObj(i -> new ClientId("c" + i)).toList();
        List<Publication> publications = List.of(
                publication("\"a\"", null),
                publication("\"b\"", "twice"),
                publication("\"b\"", "twice"),
                publication("\"c\"", "twice"),
                publication("\"d\"", null));
        List<Future<Published>> futures = new ArrayList<>();
        redis.thread().await(() -> {
            publications.forEach(each -> all.forEach(client -> futures.add(publisher.publish(client, each))));
            return Future.join(futures);
        });
        for (int i = 0; i < all.size(); i++) {
            long first = futures.get(i).result().number();
            List<Published> answers = new ArrayList<>();
            for (int k = i; k < futures.size(); k += all.size()) {
                answers.add(futures.get(k).result());
            }
            assertEquals(
                    List.of(
                            new Published(Outcome.QUEUED, first),
                            new Published(Outcome.QUEUED, first + 1),
                            new Published(Outcome.QUEUED, first + 1),
                            new Published(Outcome.CONFLICT, first + 1),
                            new Published(Outcome.QUEUED, first + 2)),
                    answers);
            Claim claim = new Claim(all.get(i), Transport.JSON, Page.UNKNOWN, null);
            Owned owned = assertInstanceOf(Owned.class, redis.thread().await(() -> mailboxes.claim(claim)));
            assertEquals(List.of("\"a\"", "\"b\"", "\"d\""), data(owned.batch()));
        }
    }

    private static Publication publication(String data, String id) {
        return new Publication(data.getBytes(StandardCharsets.UTF_8), LIFE_MS, id);
    }

    @Test
    void anOlderCursorTakesNothingBack() {
        publish("1");
        Owned first = claim(mailboxes, null);
        publish("2");
        Owned second = claim(mailboxes, cursorAfter(first));
        assertEquals(List.of(), data(claim(mailboxes, cursorAfter(second)).batch()));
        assertEquals(List.of(), data(claim(mailboxes, cursorAfter(first)).batch()));
    }

    @Test
    void aCursorFromTheFutureConfirmsNoMoreThanThereIs() {
        publish("1");
        Position real = claim(mailboxes, null).batch().position();
        Position future = new Position(real.epoch(), real.number() + 1_000_000);
        claim(mailboxes, new Cursor(Cursor.tagOf(CLIENT), 0, future));
        publish("2");
        assertEquals(List.of("2"), data(claim(mailboxes, null).batch()));
    }

    @Test
    void numbersGoOnWhenTheListIsGone() {
        long first = publish("1").number();
        Owned read = claim(mailboxes, null);
        claim(mailboxes, cursorAfter(read));
        assertEquals(0, look().queued());
        assertEquals(first + 1, publish("2").number());
    }

    @Test
    void aMessageIsGoneWhenItsLifeEndsAndTheGapIsSaid() {
        publish("keep");
        long number = publish("1", 50, null).number();
        publish("2", 50, null);
        publish("3");
        awaitDeath(number + 1);
        Batch batch = claim(mailboxes, null).batch();
        assertEquals(List.of("keep", "3"), data(batch));
        assertEquals(new Gap(2, Gap.Reason.EXPIRED), batch.gap());
    }

    @Test
    void whenAllDiedTheGapIsSaidOnceToACursorAndThenNumbersGoOn() {
        Owned before = claim(mailboxes, null);
        long number = publish("1", 50, null).number();
        awaitDeath(number);
        Owned after = claim(mailboxes, cursorAfter(before));
        assertEquals(new Gap(1, Gap.Reason.EXPIRED), after.batch().gap());
        assertEquals(number, after.batch().position().number());
        assertNull(claim(mailboxes, cursorAfter(after)).batch().gap());
        assertEquals(number + 1, publish("2").number());
    }

    private void awaitDeath(long number) {
        Awaitility.await()
                .until(() -> claim(mailboxes, null).batch().messages().stream()
                        .noneMatch(message -> message.number() <= number && message.expiryMs() - message.atMs() == 50));
    }

    @Test
    void aFullMailboxLosesItsOldestAndSaysSo() {
        int limit = redis.options().limits().mailboxMaxMessages();
        List<String> all =
                IntStream.range(0, limit + 5).mapToObj(Integer::toString).toList();
        publishAll(all);
        Batch batch = claim(mailboxes, null).batch();
        assertEquals(all.subList(5, all.size()), data(batch));
        assertEquals(new Gap(5, Gap.Reason.OVERFLOW), batch.gap());
    }

    @Test
    void aMailboxIsAlsoFullOfBytes() {
        String large = "\"" + "x".repeat(60_000) + "\"";
        publishAll(Collections.nCopies(20, large));
        Batch batch = claim(mailboxes, null).batch();
        assertEquals(17, batch.messages().size());
        assertEquals(new Gap(3, Gap.Reason.OVERFLOW), batch.gap());
    }

    @Test
    void theDeadMakeRoomBeforeTheLivingHaveTo() {
        publish("\"lives\"");
        int limit = redis.options().limits().mailboxMaxMessages();
        publishAll(Collections.nCopies(limit - 1, "0"), 50);
        awaitDeath(Long.MAX_VALUE);
        publishAll(List.of("1", "2"));
        assertEquals(List.of("\"lives\"", "1", "2"), data(claim(mailboxes, null).batch()));
    }

    private List<Published> publishAll(List<String> all) {
        return publishAll(all, LIFE_MS);
    }

    private List<Published> publishAll(List<String> all, long lifeMs) {
        return redis.thread().await(() -> {
            List<Future<Published>> futures = new ArrayList<>();
            for (String data : all) {
                futures.add(publisher.publish(
                        CLIENT, new Publication(data.getBytes(StandardCharsets.UTF_8), lifeMs, null)));
            }
            return Future.all(futures).map(done -> done.<Published>list());
        });
    }

    @Test
    void messagesPublishedAtOnceKeepTheirOrder() {
        List<String> all = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        List<Published> answers = publishAll(all);
        for (int i = 0; i < all.size(); i++) {
            assertEquals(answers.get(0).number() + i, answers.get(i).number());
        }
        assertEquals(all, data(claim(mailboxes, null).batch()));
    }

    @Test
    void whatDoesNotFitIntoOneAnswerComesWithTheNext() {
        publishAll(IntStream.range(0, 18)
                .mapToObj(i -> "\"" + i + "x".repeat(58_000) + "\"")
                .toList());
        Mailboxes small =
                another(new StoreLimits(1_000, 1 << 20, 5, 200_000, 8_192, 10)).mailboxes(NODE, 1);
        List<String> got = new ArrayList<>();
        Owned owned = claim(small, null);
        while (!owned.batch().complete()) {
            assertEquals(3, owned.batch().messages().size());
            assertNull(owned.batch().gap());
            got.addAll(data(owned.batch()));
            owned = claim(small, cursorAfter(owned));
        }
        got.addAll(data(owned.batch()));
        assertEquals(18, got.size());
        IntStream.range(0, 18).forEach(i -> assertTrue(got.get(i).startsWith("\"" + i + "x")));
    }

    /** The same deployment, seen with other limits. */
    private Store.Loop another(StoreLimits limits) {
        Store store = Store.open(redis.vertx(), redis.options().withLimits(limits), (verb, nanos, isDone) -> {});
        return redis.thread().make(store::onThisLoop);
    }

    @Test
    void theSameIdIsAnsweredAsTheFirstTimeAndStoredOnce() {
        Published first = publish("1", LIFE_MS, "order-7");
        assertEquals(first, publish("1", LIFE_MS, "order-7"));
        claim(mailboxes, null);
        assertEquals(first, publish("1", LIFE_MS, "order-7"), "also when it would be sent by now");
        assertEquals(1, claim(mailboxes, null).batch().messages().size());
        assertEquals(new Published(Outcome.CONFLICT, first.number()), publish("2", LIFE_MS, "order-7"));
        assertEquals(new Published(Outcome.CONFLICT, first.number()), publish("1", LIFE_MS + 1, "order-7"));
        assertEquals(first.number() + 1, publish("1", LIFE_MS, "order-8").number());
    }

    @Test
    void moreIdsThanCanBeRememberedAreRefused() {
        Publisher strict = another(new StoreLimits(1_000, 1 << 20, 1_000, 1 << 20, 8_192, 3))
                .publisher();
        List<Outcome> outcomes = IntStream.range(0, 5)
                .mapToObj(i -> redis.thread()
                        .await(() -> strict.publish(CLIENT, new Publication(new byte[] {'1'}, LIFE_MS, "id" + i)))
                        .outcome())
                .toList();
        assertEquals(
                List.of(Outcome.QUEUED, Outcome.QUEUED, Outcome.QUEUED, Outcome.TOO_MANY_IDS, Outcome.TOO_MANY_IDS),
                outcomes);
        assertEquals(3, claim(mailboxes, null).batch().messages().size());
    }

    @Test
    void theLatestClaimOwnsAndTheEarlierLosesItsSay() {
        Owned first = claim(mailboxes, null);
        Owned second = claim(elsewhere, null);
        assertTrue(second.generation() > first.generation());
        assertEquals(OTHER_NODE, look().node());

        Tenure lost = tenure(first.generation(), first.batch().position());
        assertInstanceOf(
                Moved.class,
                redis.thread().await(() -> mailboxes.reclaim(List.of(lost))).get(0));
        redis.thread().await(() -> mailboxes.release(List.of(lost)));
        assertEquals(OTHER_NODE, look().node(), "a release with an older generation does nothing");

        Tenure held = tenure(second.generation(), second.batch().position());
        assertInstanceOf(
                Owned.class,
                redis.thread().await(() -> elsewhere.reclaim(List.of(held))).get(0));
        redis.thread().await(() -> elsewhere.release(List.of(held)));
        assertNull(look().node());
    }

    @Test
    void anOwnerThatRedisLostIsWrittenAgain() {
        Owned owned = claim(mailboxes, null);
        redis.thread()
                .await(() -> mailboxes.release(
                        List.of(tenure(owned.generation(), owned.batch().position()))));
        publish("1");
        Tenure held = tenure(owned.generation(), owned.batch().position());
        Owned again = assertInstanceOf(
                Owned.class,
                redis.thread().await(() -> mailboxes.reclaim(List.of(held))).get(0));
        assertEquals(List.of("1"), data(again.batch()));
        assertEquals(NODE, look().node());
        assertEquals(1, look().queued(), "reclaiming confirms nothing");
    }

    @Test
    void aRetryThatOvertookItsPollKeepsTheClient() {
        Page fifth = Page.of("page-a", 5);
        Page sixth = Page.of("page-a", 6);
        assertInstanceOf(Owned.class, claim(mailboxes, null, sixth));
        assertInstanceOf(Overtaken.class, claim(elsewhere, null, fifth));
        assertEquals(NODE, look().node());
        assertInstanceOf(Owned.class, claim(elsewhere, null, Page.of("page-b", 1)), "another page takes over");
        assertEquals(OTHER_NODE, look().node());
    }

    @Test
    void aClaimBackTakesTheClientFromItsOwnPageAlone() {
        Page fifth = Page.of("page-a", 5);
        Page sixth = Page.of("page-a", 6);
        Page other = Page.of("page-b", 1);
        claim(elsewhere, null, fifth);
        assertInstanceOf(Owned.class, claimBack(sixth), "from an earlier poll");
        assertEquals(NODE, look().node());
        assertInstanceOf(Owned.class, claimBack(sixth), "from itself");
        claim(elsewhere, null, other);
        assertEquals(new Moved(other), claimBack(sixth));
        assertEquals(OTHER_NODE, look().node());
        redis.thread().await(() -> clients.delete(CLIENT));
        assertInstanceOf(Owned.class, claimBack(sixth), "from nobody");
    }

    private Claimed claimBack(Page page) {
        Claim claim = new Claim(CLIENT, Transport.JSON, page, null, Mailboxes.NO_FOLLOWS, true);
        return redis.thread().await(() -> mailboxes.claim(claim));
    }

    @Test
    void whoeverTookTheClientIsNamedToTheOneWhoLostIt() {
        Owned first = claim(mailboxes, null);
        Page by = Page.of("page-b", 3);
        claim(elsewhere, null, by);
        Tenure lost = tenure(first.generation(), first.batch().position());
        assertEquals(List.of(new Moved(by)), redis.thread().await(() -> mailboxes.reclaim(List.of(lost))));
    }

    @Test
    void confirmingWithoutReadingFreesWhatWasGot() {
        publish("1");
        publish("2");
        Owned owned = claim(mailboxes, null);
        Position first = new Position(
                owned.batch().position().epoch(),
                owned.batch().messages().get(0).number());
        redis.thread().await(() -> mailboxes.confirm(List.of(tenure(owned.generation(), first))));
        assertEquals(first.number(), look().confirmed());
        assertEquals(1, look().queued());
    }

    @Test
    void aClientThatNobodyUsedHasNothing() {
        assertEquals(new Clients.Seen(0, 0, null, null), look());
    }

    @Test
    void deletingEmptiesTheMailboxKeepsItsNumbersAndSaysTheGap() {
        long last = publishAll(List.of("1", "2", "3")).get(2).number();
        Owned owned = claim(mailboxes, null);
        assertEquals(new Clients.Deleted(3, true), redis.thread().await(() -> clients.delete(CLIENT)));
        assertEquals(new Clients.Seen(0, 0, null, null), look());
        assertEquals(new Clients.Deleted(0, false), redis.thread().await(() -> clients.delete(CLIENT)));
        assertNull(claim(mailboxes, cursorAfter(owned)).batch().gap(), "it had got all three");
        assertEquals(last + 1, publish("4").number());
        redis.thread().await(() -> clients.delete(CLIENT));
        assertEquals(
                new Gap(1, Gap.Reason.DELETED),
                claim(mailboxes, cursorAfter(owned)).batch().gap());
    }

    @Test
    void anotherClientsMailboxIsItsOwn() {
        publish("1");
        ClientId other = new ClientId("other");
        Claimed claimed =
                redis.thread().await(() -> mailboxes.claim(new Claim(other, Transport.JSON, Page.UNKNOWN, null)));
        assertEquals(List.of(), ((Owned) claimed).batch().messages());
        assertFalse(((Owned) claimed).batch().position().number() > 0);
    }

    @Test
    void clientsOfSeveralPartitionsAreConfirmedTogetherWhereThatMayBe() {
        ClientId other = new ClientId("other");
        assertNotEquals(
                redis.store().partitions().of(CLIENT),
                redis.store().partitions().of(other));
        publish("1");
        redis.thread()
                .await(() ->
                        publisher.publish(other, new Publication("2".getBytes(StandardCharsets.UTF_8), LIFE_MS, null)));
        Owned mine = claim(mailboxes, null);
        Owned others = (Owned)
                redis.thread().await(() -> mailboxes.claim(new Claim(other, Transport.JSON, Page.UNKNOWN, null)));
        Tenure one = tenure(mine.generation(), mine.batch().position());
        Tenure two = new Tenure(
                other,
                Transport.JSON,
                Page.UNKNOWN,
                others.generation(),
                others.batch().position());
        if (mailboxes.areConfirmedTogether()) {
            redis.thread().await(() -> mailboxes.confirm(List.of(one, two)));
        } else {
            redis.thread()
                    .await(() -> mailboxes.confirm(List.of(one)).compose(done -> mailboxes.confirm(List.of(two))));
        }
        assertEquals(0, look().queued());
        assertEquals(0, redis.thread().await(() -> clients.look(other)).queued());
    }

    private final List<Loss> losses = Collections.synchronizedList(new ArrayList<>());

    /** The same deployment, seen by who wants to know of losses. */
    private Store.Loop watchful(StoreLimits limits) {
        Store store = Store.open(redis.vertx(), redis.options().withLimits(limits), (verb, nanos, isDone) -> {});
        return redis.thread().make(store::onThisLoop);
    }

    @Test
    void whatIsLostToItsClientIsCountedOnce() {
        Store.Loop watchful = watchful(new StoreLimits(4, 1 << 20, 1_000, 1 << 20, 8_192, 10));
        Publisher strict = watchful.publisher(losses::add);
        Mailboxes watching = watchful.mailboxes(NODE, 1, losses::add);
        long first = redis.thread()
                .await(() -> strict.publish(CLIENT, publication(LIFE_MS)))
                .number();
        Owned owned = claim(watching, null);
        claim(watching, cursorAfter(owned));
        for (int i = 0; i < 6; i++) {
            redis.thread().await(() -> strict.publish(CLIENT, publication(LIFE_MS)));
        }
        Loss fifth = new Loss(CLIENT, Gap.Reason.OVERFLOW, 1, first + 1);
        assertEquals(List.of(fifth, new Loss(CLIENT, Gap.Reason.OVERFLOW, 1, first + 2)), losses);
        losses.clear();
        redis.thread().await(() -> clients.delete(CLIENT));
        claim(watching, null);
        assertEquals(List.of(), losses, "what the application deleted is not lost");
    }

    @Test
    void whatExpiredUnconfirmedIsCountedByWhoFindsIt() {
        Store.Loop watchful = watchful(StoreLimits.DEFAULT);
        Mailboxes watching = watchful.mailboxes(NODE, 1, losses::add);
        publish("1");
        Owned owned = claim(watching, null);
        claim(watching, cursorAfter(owned));
        // Losses that a publisher finds, if one has expired before the next is published, count as well.
        Publisher strict = watchful.publisher(losses::add);
        long last = 0;
        for (int i = 0; i < 3; i++) {
            last = redis.thread()
                    .await(() -> strict.publish(CLIENT, publication(50)))
                    .number();
        }
        long expected = last;
        Awaitility.await().until(() -> {
            claim(watching, null);
            return losses.stream().mapToLong(Loss::count).sum() == 3;
        });
        assertTrue(losses.stream().allMatch(loss -> loss.reason() == Gap.Reason.EXPIRED));
        assertEquals(expected, losses.get(losses.size() - 1).upTo());
        losses.clear();
        claim(watching, null);
        redis.thread().await(() -> strict.publish(CLIENT, publication(LIFE_MS)));
        assertEquals(List.of(), losses);
    }

    private static Publication publication(long lifeMs) {
        return new Publication(new byte[] {'1'}, lifeMs, null);
    }

    @Test
    void aMessageOfAnyBytesIsKept() {
        byte[] data = new byte[65_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        redis.thread().await(() -> publisher.publish(CLIENT, new Publication(data, LIFE_MS, null)));
        assertArrayEquals(data, claim(mailboxes, null).batch().messages().get(0).data());
    }
}
