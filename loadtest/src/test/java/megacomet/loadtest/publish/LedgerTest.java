package megacomet.loadtest.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void whatIsAcceptedAndNotDeliveredIsOutstanding() {
        int one = ledger.add();
        int two = ledger.add();
        ledger.accepted(one);
        ledger.accepted(two);
        ledger.delivered(two);
        assertEquals(1, ledger.outstanding());
    }

    @Test
    void aDeliveryMayOvertakeTheAnswerToItsPublish() {
        int one = ledger.add();
        ledger.delivered(one);
        assertEquals(0, ledger.outstanding());
        ledger.accepted(one);
        assertEquals(0, ledger.outstanding());
    }

    @Test
    void aMessageDeliveredTwiceCountsOnce() {
        int one = ledger.add();
        int two = ledger.add();
        ledger.accepted(one);
        ledger.accepted(two);
        ledger.delivered(one);
        ledger.delivered(one);
        assertEquals(1, ledger.outstanding());
    }

    @Test
    void whatWasNotAcceptedIsNotMissed() {
        ledger.add();
        assertEquals(0, ledger.outstanding());
    }

    @Test
    void itGrows() {
        for (int i = 0; i < 100_000; i++) {
            ledger.accepted(ledger.add());
        }
        ledger.delivered(99_999);
        assertEquals(99_999, ledger.outstanding());
    }
}
