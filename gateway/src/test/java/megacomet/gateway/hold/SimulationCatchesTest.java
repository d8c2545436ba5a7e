package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import megacomet.redis.FakeRedis.Bug;
import org.junit.jupiter.api.Test;

/** A simulation that has never failed proves nothing; so each bug that it is there to find is put in, and must be found. */
class SimulationCatchesTest {

    /** Within so many seeds; {@link WaitingRoomSimulation} runs ten times as many. */
    private static final int MAX_SEEDS = 300;

    private static final Map<Bug, String> FINDINGS = Map.of(
            Bug.WAKE_LOST_UNCOUNTED, "is deaf|lacks",
            Bug.READING_TRIMS, "lacks|is deaf|missed and said",
            Bug.CURSOR_IGNORED, "delivered twice",
            Bug.LATE_DELIVERY, "delivered after its life",
            Bug.GAP_UNSAID, "missed and said|was told of",
            Bug.EPOCH_KEPT, "delivered twice|twice:|went back|reordered",
            Bug.MOVED_UNTOLD, "is held twice",
            Bug.GRANT_UNTOLD, "lacks|is counted wrongly|is deaf");

    @Test
    void everyBugIsFound() {
        assertEquals(EnumSet.allOf(Bug.class), EnumSet.copyOf(FINDINGS.keySet()));
        FINDINGS.forEach((bug, finding) -> {
            AssertionError found = assertThrows(AssertionError.class, () -> run(bug), bug + " is not found");
            assertTrue(
                    found.getMessage().matches(".*(" + finding + ").*"), bug + " is found as: " + found.getMessage());
        });
    }

    private static void run(Bug bug) {
        for (int seed = 1; seed <= MAX_SEEDS; seed++) {
            new SimulatedWorld(seed, Set.of(bug)).run();
        }
    }
}
