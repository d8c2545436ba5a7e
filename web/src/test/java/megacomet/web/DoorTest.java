package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a port admits, before anything is read. */
class DoorTest {

    private static final int LIMIT = 16;
    private static final int TOLD = 2;
    private static final long HANDSHAKE_MS = 10_000;

    private final Meters meters = new Meters();
    private long nowMs = 7;

    /** Of a port where each connection begins with a header of its proxy's. */
    private final Door door = door(true);

    private Door door(boolean hasHandshake) {
        Listen listen = new Listen("localhost", 1, null, hasHandshake, LIMIT);
        return new Door(listen, true, new Guard(meters), HANDSHAKE_MS, () -> nowMs);
    }

    private static List<EmbeddedChannel> come(Door door, int count) {
        List<EmbeddedChannel> came = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            came.add(new EmbeddedChannel());
            assertTrue(door.admit(came.get(i)), "connection " + i);
        }
        return came;
    }

    private static boolean isOpen(EmbeddedChannel connection) {
        connection.runPendingTasks();
        return connection.isOpen();
    }

    @Test
    void aConnectionCountsFromWhenItIsAcceptedUntilItIsClosed() {
        List<EmbeddedChannel> all = come(door, 3);
        assertEquals(3, door.open());
        door.opened(all.get(0));
        all.forEach(one -> one.close());
        assertEquals(0, door.open());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoComesWhenNoRoomIsLeftIsClosedAtOnce(boolean hasHandshake) {
        Door here = door(hasHandshake);
        come(here, LIMIT + TOLD);
        EmbeddedChannel oneTooMany = new EmbeddedChannel();
        assertFalse(here.admit(oneTooMany));
        assertFalse(isOpen(oneTooMany));
        assertEquals(LIMIT + TOLD, here.open());
        assertEquals(1, meters.connectionsCut("no_room").count());
    }

    @Test
    void whoWasSilentLongestBeforeItsHandshakeGivesWay() {
        List<EmbeddedChannel> silent = come(door, LIMIT + TOLD);
        nowMs += Door.GIVE_WAY_MS;
        come(door, 1);
        assertFalse(isOpen(silent.get(0)));
        assertTrue(isOpen(silent.get(1)));
        assertEquals(LIMIT + TOLD, door.open());
        assertEquals(1, meters.connectionsCut("gave_way").count());
    }

    @Test
    void whoIsTurnedAwayAndStaysSilentDoesNotKeepOutWhoComesNext() {
        List<EmbeddedChannel> all = come(door, LIMIT + TOLD);
        all.forEach(door::opened);
        EmbeddedChannel turnedAway = all.get(LIMIT);
        door.turnsAway(turnedAway);
        assertFalse(door.admit(new EmbeddedChannel()), "it has had no time to be told");
        nowMs += Door.TELLING_MS;
        come(door, 1);
        assertFalse(isOpen(turnedAway));
        assertTrue(all.subList(0, LIMIT).stream().allMatch(DoorTest::isOpen));
    }

    @Test
    void noMoreAreOnTheirWayOutAtATimeThanAreKeptBack() {
        Door wide = new Door(
                new Listen("localhost", 1, null, true, 1_000), true, new Guard(meters), HANDSHAKE_MS, () -> nowMs);
        come(wide, 1_000 + Door.told(1_000));
        nowMs += Door.GIVE_WAY_MS;
        // Their event loops are busy: none of those that give way is closed yet.
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += wide.admit(new EmbeddedChannel()) ? 1 : 0;
        }
        assertEquals(50, admitted);
    }

    @Test
    void whoIsThroughItsHandshakeDoesNotGiveWayHere() {
        List<EmbeddedChannel> opened = come(door, LIMIT + TOLD);
        opened.forEach(door::opened);
        nowMs += HANDSHAKE_MS;
        assertFalse(door.admit(new EmbeddedChannel()));
        assertTrue(opened.stream().allMatch(DoorTest::isOpen));
    }

    @Test
    void silentHandshakesDoNotTakeTheRoomOfThoseThatAreThrough() {
        List<EmbeddedChannel> all = come(door, LIMIT + TOLD);
        all.subList(0, LIMIT).forEach(door::opened);
        assertFalse(door.isFull());
        door.opened(all.get(LIMIT));
        assertTrue(door.isFull());
        door.turnsAway(all.get(LIMIT));
        assertFalse(door.isFull(), "who is turned away is not served");
        door.turnedAwayIsGone(all.get(LIMIT));
        assertTrue(door.isFull());
    }

    @Test
    void aHandshakeThatLastsTooLongIsCutHoweverOftenItSaysSomething() {
        List<EmbeddedChannel> slow = come(door, 2);
        door.opened(slow.get(1));
        nowMs += HANDSHAKE_MS - 1;
        door.sweep();
        assertTrue(isOpen(slow.get(0)));
        nowMs++;
        door.sweep();
        assertFalse(isOpen(slow.get(0)));
        assertTrue(isOpen(slow.get(1)), "it was through");
        assertEquals(1, meters.connectionsCut("handshake_timeout").count());
    }
}
