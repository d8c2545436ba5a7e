package megacomet.gateway.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How many bytes of a client are alive. */
class KeptBytesTest {

    private static final long NOW_MS = 1_000_000_007;

    private final KeptBytes kept = new KeptBytes();

    @Test
    void bytesCountForAsLongAsTheyLiveAndForAtMostAnEighthMore() {
        for (long lifeMs : new long[] {1, 500, 60_000, 3_600_000, 90_000_000, 604_800_000}) {
            long endMs = KeptBytes.endOf(NOW_MS, lifeMs);
            assertTrue(endMs >= NOW_MS + lifeMs, "too early for " + lifeMs);
            assertTrue(endMs <= NOW_MS + lifeMs + Math.max(1_024, lifeMs / 8), "too late for " + lifeMs);
            kept.add(endMs, 10);
            assertEquals(10, kept.sum(endMs - 1));
            assertEquals(0, kept.sum(endMs));
        }
    }

    @Test
    void aMillionMessagesOfAllLivesAreAtMostSomeHundredSums() {
        for (int i = 0; i < 1_000_000; i++) {
            long lifeMs = 1 + (long) (Math.pow(i / 1e6, 8) * 604_800_000L);
            kept.add(KeptBytes.endOf(NOW_MS + i, lifeMs), 1);
        }
        assertTrue(kept.size() < 500, kept.size() + " sums");
    }

    @Test
    void roomComesWhenEnoughHasGone() {
        kept.add(NOW_MS + 10, 60);
        kept.add(NOW_MS + 20, 40);
        assertEquals(0, kept.waitMs(0, 100, NOW_MS));
        assertEquals(10, kept.waitMs(60, 100, NOW_MS));
        assertEquals(20, kept.waitMs(61, 100, NOW_MS));
        assertEquals(Long.MAX_VALUE, kept.waitMs(101, 100, NOW_MS));
        assertEquals(0, kept.waitMs(60, 100, NOW_MS + 10));
    }

    @Test
    void whatIsTakenBackDoesNotCountAndWhatHasGoneIsNotTakenBackTwice() {
        kept.add(NOW_MS + 10, 60);
        kept.add(NOW_MS + 10, 5);
        kept.remove(NOW_MS + 10, 60);
        assertEquals(5, kept.sum(NOW_MS));
        assertEquals(0, kept.sum(NOW_MS + 10));
        kept.remove(NOW_MS + 10, 5);
        assertEquals(0, kept.sum(NOW_MS + 10));
    }
}
