package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import megacomet.model.Batch;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Gap.Reason;
import megacomet.model.Message;
import megacomet.model.Position;
import org.junit.jupiter.api.Test;

/** The cases of a gap. The stream begins at 1,000, so its first message is 1,001. */
class ReadingTest {

    private static final int EPOCH = 7;
    private static final int OTHER_EPOCH = 8;
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final long DAY_MS = 86_400_000;
    private static final long BASE = 1_000;

    private boolean rebased = false;
    private boolean complete = true;
    private long floor = 0;
    private Reason reason = Reason.UNKNOWN;

    private Reading reading(long from, long last, long... numbers) {
        return new Reading(
                EPOCH,
                NOW_MS,
                from,
                last,
                last == 0 ? 0 : BASE,
                rebased,
                floor,
                reason,
                complete,
                Arrays.stream(numbers)
                        .mapToObj(n -> new Message(n, NOW_MS, NOW_MS + 1, new byte[] {'1'}))
                        .toList());
    }

    private static Cursor cursor(int epoch, long number) {
        return new Cursor(1, NOW_MS - 1_000, new Position(epoch, number));
    }

    private static Cursor oldCursor(int epoch, long number) {
        return new Cursor(1, NOW_MS - DAY_MS - 1_000, new Position(epoch, number));
    }

    @Test
    void everythingThereIsNoGap() {
        Batch batch = reading(1_002, 1_004, 1_003, 1_004).batchFor(cursor(EPOCH, 1_002));
        assertNull(batch.gap());
        assertEquals(new Position(EPOCH, 1_004), batch.position());
    }

    @Test
    void theBeginningOfAStreamIsNoGap() {
        assertNull(reading(0, 1_002, 1_001, 1_002).batchFor(null).gap());
        assertNull(reading(0, 1_002, 1_001, 1_002).batchFor(cursor(EPOCH, 0)).gap());
    }

    @Test
    void holesAreCountedAndExpiredUnlessTheFloorKnowsBetter() {
        assertEquals(
                new Gap(2, Reason.EXPIRED),
                reading(1_000, 1_004, 1_002, 1_004).batchFor(null).gap());
        floor = 1_003;
        reason = Reason.OVERFLOW;
        assertEquals(
                new Gap(3, Reason.OVERFLOW),
                reading(1_000, 1_004, 1_004).batchFor(null).gap());
    }

    @Test
    void whatExpiredAfterTheFloorIsExpired() {
        floor = 1_001;
        reason = Reason.OVERFLOW;
        assertEquals(
                new Gap(3, Reason.EXPIRED), reading(1_000, 1_003).batchFor(null).gap());
    }

    @Test
    void allGoneIsAGapAndIsNotToldAgainToTheCursorThatFollows() {
        Batch batch = reading(1_001, 1_004).batchFor(cursor(EPOCH, 1_001));
        assertEquals(new Gap(3, Reason.EXPIRED), batch.gap());
        assertNull(reading(batch.position().number(), 1_004)
                .batchFor(cursor(EPOCH, batch.position().number()))
                .gap());
    }

    @Test
    void anAnswerThatWasFullSpeaksOnlyOfWhatItCovers() {
        complete = false;
        Batch batch = reading(1_000, 1_009, 1_001, 1_003).batchFor(null);
        assertEquals(new Gap(1, Reason.EXPIRED), batch.gap());
        assertEquals(new Position(EPOCH, 1_003), batch.position());
    }

    @Test
    void aCursorOfAnotherMasterIsAFailover() {
        Gap gap = new Gap(Gap.UNKNOWN, Reason.FAILOVER);
        assertEquals(
                gap,
                reading(999, 1_001, 1_001).batchFor(cursor(OTHER_EPOCH, 5_000)).gap());
        assertEquals(gap, reading(0, 0).batchFor(cursor(OTHER_EPOCH, 5_000)).gap());
        assertEquals(gap, reading(0, 0).batchAfter(new Position(OTHER_EPOCH, 0)).gap());
    }

    @Test
    void afterAFailoverAlsoAClientWithoutACursorIsTold() {
        rebased = true;
        floor = BASE;
        reason = Reason.FAILOVER;
        assertEquals(
                new Gap(Gap.UNKNOWN, Reason.FAILOVER),
                reading(0, 1_001, 1_001).batchFor(null).gap());
        assertNull(reading(BASE, 1_001, 1_001).batchFor(null).gap());
    }

    @Test
    void theJumpToTheNewBaseIsNoHole() {
        rebased = true;
        floor = BASE;
        reason = Reason.FAILOVER;
        // It was told of the failover with the answer before, which ended among the former master's messages.
        assertNull(reading(50, 1_002, 51, 52, 1_001, 1_002)
                .batchFor(cursor(EPOCH, 50))
                .gap());
        assertEquals(
                new Gap(1, Reason.EXPIRED),
                reading(50, 1_002, 51, 1_002).batchFor(cursor(EPOCH, 50)).gap());
    }

    @Test
    void whereThereIsNothingAYoungCursorMissedNothingAndAnOldOneNobodyKnows() {
        assertNull(reading(0, 0).batchFor(null).gap());
        assertNull(reading(0, 0).batchFor(cursor(EPOCH, 500)).gap());
        assertEquals(
                new Gap(Gap.UNKNOWN, Reason.UNKNOWN),
                reading(0, 0).batchFor(oldCursor(EPOCH, 500)).gap());
        assertEquals(
                new Gap(Gap.UNKNOWN, Reason.UNKNOWN),
                reading(500, 1_001, 1_001).batchFor(oldCursor(EPOCH, 500)).gap());
    }

    @Test
    void anOldCursorOfALivingStreamIsCountedAsAnyOther() {
        assertNull(
                reading(1_001, 1_002, 1_002).batchFor(oldCursor(EPOCH, 1_001)).gap());
    }

    @Test
    void whereThereIsNothingAReaderStaysWhereItWasButNotAboveTheClock() {
        assertEquals(
                new Position(EPOCH, 500),
                reading(0, 0).batchFor(cursor(OTHER_EPOCH, 500)).position());
        assertEquals(
                new Position(EPOCH, 500),
                reading(0, 0).batchAfter(new Position(EPOCH, 500)).position());
        assertEquals(
                new Position(EPOCH, NOW_MS * 1_000),
                reading(0, 0).batchFor(cursor(OTHER_EPOCH, 1L << 52)).position());
        assertEquals(new Position(EPOCH, 0), reading(0, 0).batchFor(null).position());
    }
}
