package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Transport;
import org.junit.jupiter.api.Test;

/** A poll is held no longer than its token is good. */
class TokenExpiryTest extends RoomFixture {

    private RecordedOutlet pollWithTokenFor(long lifeMs, String cursor) {
        RecordedOutlet outlet = new RecordedOutlet();
        Hold hold = new Hold(outlet, Transport.JSON, 55_000, cursor != null, lifeMs);
        room.seat(CLIENT, Page.UNKNOWN, hold, cursor == null ? null : Cursor.parse(cursor));
        redis.answerAll();
        return outlet;
    }

    private static void assertExpired(RecordedOutlet outlet) {
        assertEquals(EndReason.TOKEN_EXPIRED, outlet.answer.ended());
        assertFalse(outlet.answer.advice().isToRetry());
        assertEquals(List.of(), outlet.answer.messages());
    }

    @Test
    void aHeldPollEndsWhenItsTokenExpires() {
        RecordedOutlet outlet = pollWithTokenFor(3_000, null);
        pass(2_900);
        assertNull(outlet.answer);
        pass(2L * WaitingRoom.TICK_MS);
        assertExpired(outlet);
    }

    @Test
    void aMessageThatComesAfterTheTokenExpiredIsNotWrittenAndWaitsForTheNextToken() {
        RecordedOutlet outlet = pollWithTokenFor(3_001, null);
        nowMs += 3_001; // The tick that would end it has not come.
        publish("secret");
        hear();
        assertExpired(outlet);
        RecordedOutlet next = poll(outlet.answer.cursor());
        assertEquals(1, next.answer.messages().size());
    }

    @Test
    void aPollThatComesWithAnExpiredTokenIsToldNothingAlsoWhereItsSeatLingers() {
        RecordedOutlet first = pollWithTokenFor(Hold.FOR_EVER, null);
        publish("one");
        hear();
        String after = first.answer.cursor();
        publish("two");
        hear();
        RecordedOutlet late = pollWithTokenFor(0, after);
        assertExpired(late);
        assertTrue(pollsAnsweredWithoutRedis > 0, "it took the fast path");
    }

    @Test
    void aTokenThatOutlivesThePollChangesNothing() {
        RecordedOutlet outlet = pollWithTokenFor(100_000, null);
        pass(56_000);
        assertEquals(List.of("timed_out"), seen);
        assertNull(outlet.answer.ended());
    }
}
