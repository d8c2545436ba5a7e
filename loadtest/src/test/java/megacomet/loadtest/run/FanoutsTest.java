package megacomet.loadtest.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.worker.Line;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FanoutsTest {

    private final Fanouts fanouts = new Fanouts(new int[] {4});

    private static Line.Fanned fanned(int number, long... latenciesUs) {
        Histogram histogram = Latencies.empty();
        for (long latencyUs : latenciesUs) {
            Latencies.count(histogram, latencyUs);
        }
        return new Line.Fanned(0, number, latenciesUs.length, Latencies.encode(histogram));
    }

    @Test
    void firstHalfAndAllAreOverTheFollowersOfAllProcesses() {
        fanouts.fanned(fanned(0, 100, 900));
        fanouts.accepted(new Line.Accepted(0, 0));
        assertEquals(1, fanouts.outstanding());
        fanouts.fanned(fanned(0, 200, 300));
        assertEquals(0, fanouts.outstanding());
        assertEquals(100, fanouts.first().getMaxValue());
        assertEquals(200, fanouts.half().getMaxValue());
        assertEquals(900, fanouts.all().getMaxValue());
        assertEquals(4, fanouts.deliveries().getTotalCount());
    }

    @Test
    void whatAFollowerDidNotGetIsMissing() {
        fanouts.accepted(new Line.Accepted(0, 7));
        fanouts.fanned(fanned(7, 1, 2, 3));
        assertEquals(1, fanouts.missing());
        assertEquals(0, fanouts.all().getTotalCount());
    }

    @Test
    void whatWasNotAcceptedIsNotMissing() {
        fanouts.fanned(fanned(7, 1, 2, 3));
        assertEquals(0, fanouts.missing());
        assertEquals(0, fanouts.outstanding());
    }
}
