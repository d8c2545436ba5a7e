package megacomet.loadtest.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void messagesAreDueAtEvenTimes() {
        Plan plan = Plan.part(1_000_000, 100, 2_000, 0, 1);
        assertEquals(200, plan.count());
        assertEquals(1_000_000, plan.dueUs(0));
        assertEquals(1_010_000, plan.dueUs(1));
        assertEquals(2_990_000, plan.dueUs(199));
    }

    @Test
    void aRateThatDividesNothingDoesNotDrift() {
        Plan plan = Plan.part(0, 3, 3_600_000, 0, 1);
        assertEquals(10_800, plan.count());
        assertEquals(3_600_000_000L - 333_333, plan.dueUs(10_799), 1);
    }

    @Test
    void partsOfAPlanTakeTurns() {
        int parts = 4;
        List<Long> due = IntStream.range(0, parts)
                .mapToObj(part -> Plan.part(0, 25, 1_000, part, parts))
                .flatMapToLong(plan -> LongStream.range(0, plan.count()).map(plan::dueUs))
                .sorted()
                .boxed()
                .toList();
        assertEquals(100, due.size());
        for (int i = 0; i < due.size(); i++) {
            assertEquals(i * 10_000L, due.get(i));
        }
    }

    @Test
    void aPlanSlowerThanItsDurationMayHaveNoMessage() {
        assertEquals(0, Plan.part(0, 0.1, 1_000, 0, 1).count());
        assertTrue(Plan.part(0, 0.1, 10_000, 0, 1).count() == 1);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Plan(0, 0, 1));
    }
}
