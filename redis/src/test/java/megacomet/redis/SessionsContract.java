package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes.Claim;
import megacomet.redis.Mailboxes.Following;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Sessions.Binding;
import megacomet.redis.Sessions.Browser;
import megacomet.redis.Sessions.Connect;
import megacomet.redis.Sessions.Connected;
import megacomet.redis.Sessions.Push;
import megacomet.redis.fixture.Deployed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Bayeux sessions are promised, on whatever Redis. */
abstract class SessionsContract {

    private static final ClientId SESSION = new ClientId(ClientId.SESSION_PREFIX + "abcdefghijklmnopqrstuv");
    private static final ClientId OTHER = new ClientId(ClientId.SESSION_PREFIX + "bcdefghijklmnopqrstuvw");
    private static final byte[] WHO = "{\"sub\":\"42\"}".getBytes(StandardCharsets.US_ASCII);
    private static final Browser COOKIELESS = new Browser("", false);
    private static final Browser BROWSER = new Browser("0123456789", false);
    private static final Browser ANOTHER = new Browser("9876543210", false);
    private static final long LIFE_MS = 60_000;
    private static final long NEVER = 0;

    @RegisterExtension
    final Deployed redis;

    private Sessions sessions;
    private int lastId;

    SessionsContract(StoreOptions options) {
        redis = new Deployed(options);
    }

    @BeforeEach
    void open() {
        sessions = redis.thread().make(redis.loop()::sessions);
    }

    private <T> T await(Supplier<Future<T>> asked) {
        return redis.thread().await(asked::get);
    }

    private void begin(boolean isAcking) {
        begin(isAcking, Binding.UNDECIDED);
    }

    private void begin(boolean isAcking, Binding binding) {
        await(() -> sessions.open(SESSION, WHO, isAcking, LIFE_MS, binding));
    }

    private void assertCookieIsMissing(Browser browser) {
        CompletionException refused = assertThrows(CompletionException.class, () -> enter(browser));
        assertInstanceOf(Sessions.CookieMissing.class, refused.getCause());
    }

    private byte[] enter(Browser browser) {
        return await(() -> sessions.enter(SESSION, browser, LIFE_MS, NEVER));
    }

    private Connected connect(Long acknowledged) {
        return connect("" + ++lastId, false, acknowledged);
    }

    private Connected connect(String id, boolean isHurried, Long acknowledged) {
        Connect connect = new Connect(id, isHurried, acknowledged, Push.NO, LIFE_MS, LIFE_MS);
        return await(() -> sessions.connect(SESSION, COOKIELESS, connect, NEVER));
    }

    private long sent(Connected connected, Cursor cursor) {
        return await(() -> sessions.sent(SESSION, connected.n(), cursor.encode(), LIFE_MS));
    }

    private static Cursor cursor(long number) {
        return new Cursor(Cursor.tagOf(SESSION), 1_000, new Position(7, number));
    }

    // ---- whose it is

    @Test
    void theFirstMessageDecidesWhoseSessionItIs() {
        begin(false);
        assertArrayEquals(WHO, enter(BROWSER));
        assertNull(enter(ANOTHER));
        assertCookieIsMissing(COOKIELESS);
        assertArrayEquals(WHO, enter(BROWSER));
    }

    @Test
    void aSessionThatWasFirstUsedWithoutACookieGoesOnWithAny() {
        begin(false);
        assertNotNull(enter(COOKIELESS));
        assertNotNull(enter(BROWSER));
    }

    @Test
    void aSessionThatBeganWithACookieIsBoundToItBeforeItsFirstMessage() {
        begin(false, Binding.to(BROWSER.hash()));
        assertCookieIsMissing(COOKIELESS);
        assertNull(enter(ANOTHER));
        assertArrayEquals(WHO, enter(BROWSER));
    }

    @Test
    void aSessionThatBeganBoundToNobodyStaysSo() {
        begin(false, Binding.NONE);
        assertNotNull(enter(BROWSER));
        assertNotNull(enter(COOKIELESS));
        assertNotNull(enter(new Browser("", true)));
    }

    /** However old the socket is by which it comes: who was there before the cookie may be anybody. */
    @Test
    void noMessageWithoutTheCookieUnbindsASession() {
        begin(false);
        assertNotNull(enter(BROWSER));
        assertCookieIsMissing(COOKIELESS);
        assertNull(enter(ANOTHER));
        Connect connect = new Connect("1", false, null, Push.NO, LIFE_MS, LIFE_MS);
        CompletionException refused = assertThrows(
                CompletionException.class, () -> await(() -> sessions.connect(SESSION, COOKIELESS, connect, NEVER)));
        assertInstanceOf(Sessions.CookieMissing.class, refused.getCause());
        assertNull(enter(ANOTHER));
        assertArrayEquals(WHO, enter(BROWSER));
    }

    @Test
    void aStrictServerLetsNoMessageWithoutACookieDecideWhoseASessionIs() {
        begin(false);
        assertCookieIsMissing(new Browser("", true));
        assertNotNull(enter(new Browser("0123456789", true)));
        assertNull(enter(ANOTHER));
    }

    // ---- how far the client is

    @Test
    void theNextConnectConfirmsWhatWasSent() {
        begin(false);
        Connected first = connect(null);
        assertEquals(1, first.n());
        assertNull(first.cursor());
        assertEquals(0, sent(first, cursor(5)));
        assertEquals(cursor(5), connect(null).cursor());
        assertEquals(cursor(5), connect(null).cursor());
    }

    @Test
    void aConnectThatHintsAtALostReplyIsGivenWhatWasSentAgain() {
        begin(false);
        sent(connect(null), cursor(5));
        sent(connect(null), cursor(6));
        assertEquals(cursor(5), connect("in a hurry", true, null).cursor());
        sent(connect("a", false, null), cursor(7));
        assertEquals(cursor(5), connect("a", false, null).cursor());
    }

    @Test
    void whoeverIsOvertakenIsToldThatNobodyWaits() {
        begin(false);
        Connected first = connect(null);
        connect(null);
        assertEquals(Sessions.OVERTAKEN, sent(first, cursor(5)));
        assertNull(connect(null).cursor());
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainFromTheLatestBatchThatIs() {
        begin(true);
        assertEquals(1, sent(connect(0L), cursor(1)));
        assertEquals(2, sent(connect(1L), cursor(2)));
        assertEquals(3, sent(connect(2L), cursor(3)));
        Connected again = connect(2L);
        assertEquals(cursor(2), again.cursor());
        assertEquals(4, sent(again, cursor(4)));
        assertEquals(cursor(4), connect(4L).cursor());
    }

    /** Else the client's old word, said again after a reply was lost, would confirm what it never got. */
    @Test
    void theNumberOfABatchThatALostMasterGaveIsNotGivenAgain() {
        begin(true);
        sent(connect(0L), cursor(1));
        Connected setBack = connect(5L);
        assertTrue(setBack.isSetBack());
        assertEquals(6, sent(setBack, cursor(2)), "five were given by a master that is no more");
        assertEquals(cursor(1), connect(5L).cursor());
        assertTrue(connect(5L).isSetBack(), "the client may not have heard of it");
        Connected told = connect(6L);
        assertEquals(cursor(2), told.cursor());
        assertFalse(told.isSetBack());
    }

    @Test
    void noMoreThanSixteenBatchesAreKept() {
        begin(true);
        sent(connect(0L), cursor(1));
        connect(1L);
        IntStream.rangeClosed(2, 30).forEach(i -> sent(connect(1L), cursor(i)));
        assertEquals(cursor(1), connect(5L).cursor());
        assertEquals(cursor(20), connect(20L).cursor());
    }

    @Test
    void whatWasPushedIsNotedUnlessTheSessionIsElsewhere() {
        begin(false);
        Connected here = connect(null);
        await(() -> sessions.pushed(SESSION, here.n(), cursor(3).encode()));
        assertEquals(cursor(3), connect(null).cursor());
        await(() -> sessions.pushed(SESSION, here.n(), cursor(9).encode()));
        assertEquals(cursor(3), connect(null).cursor());
    }

    // ---- what it follows

    @Test
    void ofManyThingsToFollowAllAreFollowedOrNone() {
        begin(false);
        List<TopicPattern> forty =
                IntStream.range(0, 40).mapToObj(i -> new TopicPattern("t/" + i)).toList();
        List<TopicPattern> elevenMore = IntStream.range(40, 51)
                .mapToObj(i -> new TopicPattern("t/" + i))
                .toList();
        assertEquals(Sessions.Followed.YES, await(() -> sessions.follow(SESSION, forty)));
        assertEquals(Sessions.Followed.TOO_MANY, await(() -> sessions.follow(SESSION, elevenMore)));
        assertEquals(40, following().size());
        assertEquals(Sessions.Followed.UNKNOWN, await(() -> sessions.follow(OTHER, forty)));
        await(() -> sessions.unfollow(SESSION, forty));
        assertEquals(List.of(), following());
    }

    /** What a client sends is refused before; a script that came to more would block its master for everybody. */
    @Test
    void noScriptGetsMoreNamesThanASessionMayFollow() {
        begin(false);
        List<TopicPattern> tooMany =
                IntStream.range(0, 51).mapToObj(i -> new TopicPattern("t/" + i)).toList();
        assertThrows(RuntimeException.class, () -> await(() -> sessions.follow(SESSION, tooMany)));
        assertThrows(RuntimeException.class, () -> await(() -> sessions.unfollow(SESSION, tooMany)));
        assertEquals(List.of(), following());
    }

    @Test
    void aPatternBeginsWhereEachPartitionIs() {
        begin(false);
        Topic topic = new Topic("a/b");
        Publication publication = new Publication(new byte[] {'1'}, LIFE_MS, null);
        Publisher publisher = redis.thread().make(redis.loop()::publisher);
        await(() -> publisher.publish(topic, TopicSettings.DEFAULT, publication));
        await(() -> sessions.follow(SESSION, List.of(new TopicPattern("a/*"))));
        Following began = following().get(0);
        assertNull(began.from());
        Map<Integer, Position> beginning = began.beginning();
        assertEquals(1, beginning.size());
        assertTrue(beginning.containsKey(redis.store().partitions().of(topic)));
    }

    private List<Following> following() {
        return await(() -> redis.loop().mailboxes(NodeId.random(), 0).following(SESSION));
    }

    // ---- how long it lives

    @Test
    void whatASessionFollowsGoesWithIt() {
        await(() -> sessions.open(SESSION, WHO, false, 3_000, Binding.UNDECIDED));
        await(() -> sessions.follow(SESSION, List.of(new TopicPattern("a"))));
        assertEquals(1, await(sessions::count));
        Awaitility.await().until(() -> !await(() -> sessions.isThere(SESSION)));
        assertEquals(List.of(), following());
        assertEquals(0, await(sessions::count));
        assertNull(enter(BROWSER));
    }

    @Test
    void aSessionThatIsClosedIsGoneAtOnce() {
        begin(false);
        await(() -> sessions.follow(SESSION, List.of(new TopicPattern("a"))));
        await(() -> sessions.close(SESSION));
        assertNull(connect(null));
        assertEquals(List.of(), following());
    }

    @Test
    void aSessionThatOnlyConnectsIsInactiveInTheEnd() {
        begin(false);
        Connect connect = new Connect("1", false, null, Push.NO, LIFE_MS, LIFE_MS);
        Awaitility.await().until(() -> {
            try {
                await(() -> sessions.connect(SESSION, COOKIELESS, connect, 100));
                return false;
            } catch (CompletionException e) {
                return e.getCause() instanceof Sessions.Inactive;
            }
        });
        assertNotNull(await(() -> sessions.enter(SESSION, COOKIELESS, LIFE_MS, 100)));
        assertNotNull(await(() -> sessions.connect(SESSION, COOKIELESS, connect, 60_000)));
        assertThrows(
                CompletionException.class,
                () -> Awaitility.await().until(() -> {
                    await(() -> sessions.signOfLife(SESSION, COOKIELESS, LIFE_MS, 100));
                    return false;
                }));
    }

    @Test
    void aSignOfLifeTellsByWhatTheSessionIsHeld() {
        begin(false);
        assertNull(signOfLife().heldBy());
        assertFalse(signOfLife().isStreamOpening());
        Connect stream = new Connect("", false, null, Push.BY_NEW_STREAM, LIFE_MS, LIFE_MS);
        await(() -> sessions.connect(SESSION, COOKIELESS, stream, NEVER));
        assertTrue(signOfLife().isStreamOpening());
        assertTrue(connect(null).isStreamOpening(), "a poll does not take the session away from it");
        Mailboxes mailboxes = redis.thread().make(() -> redis.loop().mailboxes(NodeId.random(), 0));
        await(() -> mailboxes.claim(new Claim(SESSION, Transport.BAYEUX_EVENTSOURCE, Page.UNKNOWN, null)));
        assertEquals(Transport.BAYEUX_EVENTSOURCE, signOfLife().heldBy());
    }

    private Sessions.Entered signOfLife() {
        return await(() -> sessions.signOfLife(SESSION, COOKIELESS, LIFE_MS, NEVER));
    }

    // ---- a browser's places

    @Test
    void aBrowserHasSoManyPlacesAndWhoHasOneIsTold() {
        assertEquals(List.of(), await(() -> sessions.take("b", SESSION, 1, LIFE_MS)));
        assertEquals(List.of(), await(() -> sessions.take("b", SESSION, 1, LIFE_MS)));
        assertEquals(List.of(SESSION), await(() -> sessions.take("b", OTHER, 1, LIFE_MS)));
        await(() -> sessions.leave("b", SESSION));
        assertEquals(List.of(), await(() -> sessions.take("b", OTHER, 1, 200)));
        Awaitility.await()
                .until(() ->
                        await(() -> sessions.take("b", SESSION, 1, LIFE_MS)).isEmpty());
        assertFalse(await(() -> sessions.isThere(SESSION)));
    }
}
