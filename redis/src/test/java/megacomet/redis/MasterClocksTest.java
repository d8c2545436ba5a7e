package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What time it is on the masters, whatever the process's own clocks say. */
class MasterClocksTest {

    private static final long MASTER_MS = 1_790_000_000_000L;

    private long monotonicMs = 77;
    private final MasterClocks clocks = new MasterClocks(3, () -> monotonicMs);

    @Test
    void aMasterIsAskedAndNotTheProcess() {
        clocks.set(1, MASTER_MS, monotonicMs);
        monotonicMs += 5_000;
        assertEquals(MASTER_MS + 5_000 + 1, clocks.nowMs(1));
    }

    @Test
    void aMasterOfWhichNothingIsKnownIsTakenToAgreeWithAnother() {
        clocks.offer(0, MASTER_MS, monotonicMs);
        monotonicMs += 1_000;
        assertEquals(clocks.nowMs(0), clocks.nowMs(2));
        clocks.set(2, MASTER_MS + 60_000, monotonicMs);
        assertEquals(MASTER_MS + 60_000 + 1, clocks.nowMs(2));
        assertEquals(MASTER_MS + 1_000 + 1, clocks.nowMs(0), "which stays as it is");
    }

    @Test
    void anAnswerThatWasLongOnItsWayMakesNothingLateButEarly() {
        long sentMs = monotonicMs;
        monotonicMs += 300;
        clocks.set(0, MASTER_MS, sentMs);
        assertTrue(clocks.nowMs(0) >= MASTER_MS + 300);
    }
}
