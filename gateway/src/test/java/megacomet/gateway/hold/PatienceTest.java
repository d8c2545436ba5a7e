package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Patience patience = new Patience();
    private long nowMs = 1_000_000;

    private void strain(int times) {
        for (int i = 0; i < times; i++) {
            patience.strain(nowMs);
        }
    }

    @Test
    void aFewPollsAtOnceCostNothing() {
        strain(Patience.FREE);
        assertEquals(0, patience.intervalMs(nowMs));
        assertEquals(0, patience.refusalMs(nowMs));
    }

    @Test
    void aClientIsFirstAdvisedToWaitAndThenRefused() {
        long lastIntervalMs = 0;
        for (int polls = 1; polls <= Patience.MOST; polls++) {
            strain(1);
            assertTrue(patience.intervalMs(nowMs) >= lastIntervalMs);
            assertEquals(0, patience.refusalMs(nowMs), "after " + polls);
            lastIntervalMs = patience.intervalMs(nowMs);
        }
        assertEquals(Patience.LONGEST_INTERVAL_MS, lastIntervalMs);
        strain(1);
        assertEquals(Patience.REST_MS, patience.refusalMs(nowMs));
    }

    @Test
    void aClientThatNeverListensGetsOnePollASecond() {
        int taken = 0;
        for (int ms = 0; ms < 1_000_000; ms += 10) {
            nowMs += 10;
            if (patience.refusalMs(nowMs) == 0) {
                patience.strain(nowMs);
                taken++;
            }
        }
        assertEquals(1_000 + Patience.MOST, taken, 2);
    }

    @Test
    void aClientThatListensIsNeverRefused() {
        for (int polls = 0; polls < 10_000; polls++) {
            assertEquals(0, patience.refusalMs(nowMs));
            patience.strain(nowMs);
            nowMs += 5 + patience.intervalMs(nowMs);
        }
    }

    @Test
    void restMakesGood() {
        strain(Patience.MOST + 5);
        nowMs += (Patience.MOST + 5) * Patience.REST_MS - 1;
        assertFalse(patience.isRested(nowMs));
        assertEquals(0, patience.intervalMs(nowMs));
        nowMs++;
        assertTrue(patience.isRested(nowMs));
    }
}
