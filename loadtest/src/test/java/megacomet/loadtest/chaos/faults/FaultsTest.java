package megacomet.loadtest.chaos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import megacomet.loadtest.chaos.world.Shape;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static String refusal(String names, Shape shape) {
        return assertThrows(IllegalArgumentException.class, () -> Faults.named(names, shape, false))
                .getMessage();
    }

    @Test
    void allAreThoseThatCanBeHad() {
        for (Shape shape : Shape.values()) {
            List<Fault> all = Faults.named(Faults.ALL, shape, false);
            assertTrue(all.size() > 5);
            assertTrue(all.stream().allMatch(fault -> fault.isFor(shape)));
        }
        assertEquals(List.of(), Faults.named(Faults.NONE, Shape.STANDALONE, false));
    }

    @Test
    void someAreChosenByName() {
        assertEquals(
                List.of("gateway-kill", "failover"),
                Faults.named("gateway-kill, failover", Shape.SENTINEL, false).stream()
                        .map(Fault::name)
                        .toList());
    }

    @Test
    void withOneWrongClockNoSlotMoves() {
        assertTrue(Faults.named(Faults.ALL, Shape.CLUSTER, true).stream().allMatch(Fault::isForWrongClock));
        assertEquals(
                "'reshard' cannot be had with --redis-clock",
                assertThrows(IllegalArgumentException.class, () -> Faults.named("reshard", Shape.CLUSTER, true))
                        .getMessage());
    }

    @Test
    void whatCannotBeHadIsRefusedWithASentence() {
        assertEquals(
                "'failover' cannot be had with --redis standalone; it is for sentinel and cluster",
                refusal("failover", Shape.STANDALONE));
        assertTrue(refusal("earthquake", Shape.CLUSTER).startsWith("'earthquake' is no fault; there are all, none, "));
    }
}
