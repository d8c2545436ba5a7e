package megacomet.redis;

import static megacomet.redis.WakeLedger.Doubt.NONE;
import static megacomet.redis.WakeLedger.Doubt.READ_AGAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WakeLedgerTest {

    private static final int EPOCH = 7;

    private final WakeLedger ledger = new WakeLedger(2);

    @BeforeEach
    void tenWakesWereSentBefore() {
        ledger.listen(0, EPOCH, 10);
    }

    private WakeLedger.Doubt compare(long count) {
        return ledger.compare(0, EPOCH, count, ledger.snapshot()[0]);
    }

    @Test
    void wakesInARowAreNoDoubt() {
        assertEquals(NONE, ledger.heard(0, 11));
        assertEquals(NONE, ledger.heard(0, 12));
        assertEquals(NONE, compare(12));
        assertEquals(NONE, compare(12));
    }

    @Test
    void aJumpIsALoss() {
        assertEquals(READ_AGAIN, ledger.heard(0, 12));
        assertEquals(NONE, ledger.heard(0, 13));
    }

    @Test
    void aWakeThatIsOnItsWayIsNoLossYet() {
        assertEquals(NONE, compare(11));
        assertEquals(NONE, ledger.heard(0, 11));
        assertEquals(NONE, compare(11));
    }

    @Test
    void aWakeStillUnheardAtTheNextComparisonIsALossAndIsToldOnce() {
        assertEquals(NONE, compare(11));
        assertEquals(READ_AGAIN, compare(11));
        assertEquals(NONE, compare(11));
        assertEquals(NONE, ledger.heard(0, 12));
    }

    @Test
    void wakesHeardWhileTheAnswerTravelsAreNoStepBack() {
        long asked = ledger.snapshot()[0];
        ledger.heard(0, 11);
        ledger.heard(0, 12);
        assertEquals(NONE, ledger.compare(0, EPOCH, 10, asked));
        assertEquals(NONE, ledger.heard(0, 13));
    }

    @Test
    void aCounterThatWentBackIsALoss() {
        assertEquals(READ_AGAIN, compare(3));
        assertEquals(NONE, ledger.heard(0, 4));
        assertEquals(NONE, compare(4));
    }

    @Test
    void aCounterThatBeganAnewIsALossAlsoWhenAWakeSaysSoFirst() {
        assertEquals(READ_AGAIN, ledger.heard(0, 1));
        assertEquals(NONE, ledger.heard(0, 2));
        assertEquals(NONE, compare(2));
    }

    @Test
    void anotherMasterIsALossWhateverItsCount() {
        assertEquals(READ_AGAIN, ledger.compare(0, EPOCH + 1, 10, 10));
        assertEquals(NONE, ledger.compare(0, EPOCH + 1, 10, 10));
    }

    @Test
    void nothingIsDoubtedWhileThePartitionIsNotHeard() {
        ledger.deafen(0);
        assertFalse(ledger.isListening(0));
        assertEquals(NONE, compare(60));
        ledger.listen(0, EPOCH, 60);
        assertTrue(ledger.isListening(0));
        assertEquals(NONE, ledger.heard(0, 61));
    }

    @Test
    void partitionsAreKeptApart() {
        ledger.listen(1, EPOCH, 0);
        assertEquals(NONE, ledger.heard(1, 1));
        assertEquals(NONE, ledger.heard(0, 11));
    }
}
