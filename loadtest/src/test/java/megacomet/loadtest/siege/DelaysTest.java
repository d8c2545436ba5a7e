package megacomet.loadtest.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.Stream;
import org.junit.jupiter.api.Test;

/** What honest browsers waited, counted from when a message was first tried. */
class DelaysTest {

    private static final Stream MAILBOX = Stream.mailbox("a");
    private static final int TTL_MS = 120_000;

    private final Recorder recorder = new Recorder();

    DelaysTest() {
        recorder.add(new Reader("a", "mega-json", true, List.of()));
    }

    private void sent(int number, long atMs) {
        recorder.add(new Publish(number, MAILBOX, TTL_MS, atMs, atMs + 1, number + 1, 1));
    }

    private void came(int number, long atMs) {
        recorder.add(new Delivery("a", MAILBOX, number + 1, 0, number, atMs, 1));
    }

    private Delays delays() {
        return Delays.of(recorder.history(), 1_000, 2_000);
    }

    @Test
    void onlyWhatWasSentMeanwhileCounts() {
        sent(0, 999);
        sent(1, 1_000);
        sent(2, 2_000);
        sent(3, 2_001);
        for (int i = 0; i < 4; i++) {
            came(i, 2_100);
        }
        assertEquals(new Delays(2, 100, 1_100, 1_100), delays());
    }

    @Test
    void whatNeverCameWaitedForItsWholeLife() {
        sent(0, 1_500);
        assertEquals(new Delays(1, TTL_MS, TTL_MS, TTL_MS), delays());
    }

    @Test
    void whatCameTwiceCountsWhenItCameFirst() {
        sent(0, 1_500);
        came(0, 1_510);
        came(0, 9_000);
        assertEquals(new Delays(1, 10, 10, 10), delays());
    }
}
