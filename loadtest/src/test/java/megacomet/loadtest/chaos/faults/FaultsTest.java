package megacomet.loadtest.chaos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import megacomet.loadtest.chaos.world.Shape;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static String refusal(String names, Shape shape) {
        return assertThrows(IllegalArgumentException.class, () -> Faults.named(names, shape))
                .getMessage();
    }

    @Test
    void allAreThoseThatCanBeHad() {
        for (Shape shape : Shape.values()) {
            List<Fault> all = Faults.named(Faults.ALL, shape);
            assertTrue(all.size() > 5);
            assertTrue(all.stream().allMatch(fault -> fault.isFor(shape)));
        }
        assertEquals(List.of(), Faults.named(Faults.NONE, Shape.STANDALONE));
    }

    @Test
    void someAreChosenByName() {
        assertEquals(
                List.of("gateway-kill", "failover"),
                Faults.named("gateway-kill, failover", Shape.SENTINEL).stream()
                        .map(Fault::name)
                        .toList());
    }

    @Test
    void whatCannotBeHadIsRefusedWithASentence() {
        assertEquals(
                "'failover' cannot be had with --redis standalone; it is for sentinel and cluster",
                refusal("failover", Shape.STANDALONE));
        assertTrue(refusal("earthquake", Shape.CLUSTER).startsWith("'earthquake' is no fault; there are all, none, "));
    }
}
