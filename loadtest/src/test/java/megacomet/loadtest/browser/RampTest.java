package megacomet.loadtest.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RampTest {

    private static final double EXACT = 1e-9;

    @Test
    void theRateRisesWithinTheFirstTenthOfTheTime() {
        Ramp ramp = new Ramp(10_000, 100);
        assertEquals(0, ramp.dueAfter(0), EXACT);
        assertEquals(125, ramp.dueAfter(5), EXACT);
        assertEquals(500, ramp.dueAfter(10), EXACT);
        assertEquals(600, ramp.dueAfter(11), EXACT, "and is what it should be from then on");
    }

    @Test
    void itRisesForTwoMinutesAtMost() {
        Ramp ramp = new Ramp(2_000_000, 1_000);
        assertEquals(60_000, ramp.dueAfter(120), EXACT);
        assertEquals(61_000, ramp.dueAfter(121), EXACT);
    }

    @Test
    void itKnowsWhenTheNextIsDue() {
        Ramp ramp = new Ramp(10_000, 100);
        for (int count : new int[] {0, 1, 499, 500, 501, 10_000}) {
            assertEquals(count, ramp.dueAfter(ramp.secondsUntil(count)), 1e-6);
        }
    }
}
