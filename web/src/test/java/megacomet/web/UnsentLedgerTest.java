package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UnsentLedgerTest {

    private static final long DEADLINE_MS = 30_000;

    private final UnsentLedger<String> ledger = new UnsentLedger<>(1_000, 250, DEADLINE_MS);

    @Test
    void whatIsTakenCountsNoMore() {
        ledger.update("a", 100, 1, 0);
        ledger.update("b", 50, 1, 0);
        assertEquals(150, ledger.bytes());
        ledger.update("a", 60, 2, 10);
        assertEquals(110, ledger.bytes());
        ledger.update("a", 0, 3, 20);
        ledger.forget("b");
        ledger.forget("b");
        assertEquals(0, ledger.bytes());
        assertEquals(0, ledger.connections());
    }

    @Test
    void whoTakesNothingForTheDeadlineIsOverdue() {
        ledger.update("a", 100, 1, 0);
        ledger.update("a", 100, 1, DEADLINE_MS - 1);
        assertFalse(ledger.isOverdue("a", DEADLINE_MS - 1));
        assertTrue(ledger.isOverdue("a", DEADLINE_MS));
    }

    @Test
    void whatIsWrittenMeanwhileIsNoProgress() {
        ledger.update("a", 100, 1, 0);
        ledger.update("a", 150, 1, DEADLINE_MS - 1);
        assertTrue(ledger.isOverdue("a", DEADLINE_MS));
    }

    @Test
    void aSlowReaderThatTakesALittleNowAndThenIsNeverOverdue() {
        for (long nowMs = 0; nowMs < 20 * DEADLINE_MS; nowMs += DEADLINE_MS - 1) {
            ledger.update("slow", 200, nowMs, nowMs); // the same answer, of which the kernel has taken more
            assertFalse(ledger.isOverdue("slow", nowMs));
        }
    }

    @Test
    void aQuarterOfAllIsTooMuchForOne() {
        ledger.update("a", 250, 1, 0);
        assertFalse(ledger.isTooMuch("a"));
        ledger.update("a", 251, 2, 0);
        assertTrue(ledger.isTooMuch("a"));
    }

    @Test
    void whenTheBudgetIsSpentThoseThatHoldTheMostForLongestGoFirstUntilAQuarterIsFree() {
        ledger.update("long-and-much", 240, 1, 0);
        ledger.update("long-and-little", 100, 1, 0);
        ledger.update("short-and-much", 230, 1, 3_000);
        ledger.update("honest", 240, 1, 0);
        ledger.update("new", 240, 1, 4_900);
        ledger.update("honest", 230, 2, 4_950);
        assertTrue(ledger.isFull());
        assertEquals(List.of("long-and-much", "long-and-little"), ledger.shed(5_000));
        assertEquals(700, ledger.bytes());
        assertFalse(ledger.isFull());
        assertEquals(List.of(), ledger.shed(5_000));
    }

    @Test
    void whoDrainsIsLeftAloneEvenIfTheBudgetStaysSpent() {
        for (String reader : Set.of("a", "b", "c", "d", "e")) {
            ledger.update(reader, 240, 1, 0);
            ledger.update(reader, 220, 2, 9_500);
        }
        assertEquals(List.of(), ledger.shed(10_000));
        assertTrue(ledger.isFull());
    }

    @Test
    void whoTakesCrumbsOnlyGoesWhenTheBudgetIsSpentForLongerThanTheDeadline() {
        for (String crumbs : List.of("a", "b", "c", "d", "e")) {
            for (long nowMs = 0; nowMs <= DEADLINE_MS; nowMs += 500) {
                ledger.update(crumbs, 240, nowMs, nowMs);
            }
        }
        ledger.update("honest", 200, 1, DEADLINE_MS);
        Set<String> shed = new TreeSet<>(ledger.shed(DEADLINE_MS + 1));
        assertEquals(3, shed.size());
        assertFalse(shed.contains("honest"));
    }

    @Test
    void allGoWhenThereIsNoMemory() {
        ledger.update("a", 100, 1, 0);
        ledger.update("b", 100, 1, 0);
        assertEquals(Set.of("a", "b"), Set.copyOf(ledger.shedAll()));
        assertEquals(0, ledger.bytes());
    }
}
