package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DirectMemoryTest {

    private long nowMs = 5;
    private int relieved;
    private int exited;
    private final DirectMemory memory = new DirectMemory(new Meters(), () -> relieved++, () -> exited++, () -> nowMs);

    private void failAt(long ms) {
        nowMs = ms;
        memory.failed(new OutOfMemoryError("Cannot reserve 4194304 bytes of direct buffer memory"));
    }

    @Test
    void whenItEndsThoseThatDoNotReadAreCutAndTheProcessGoesOn() {
        failAt(1_000);
        failAt(1_001);
        failAt(1_000 + DirectMemory.RELIEF_MS - 1);
        assertEquals(1, relieved);
        assertEquals(0, exited);
    }

    @Test
    void whenThatDoesNotHelpTheProcessExitsRatherThanLimps() {
        failAt(1_000);
        failAt(1_000 + DirectMemory.RELIEF_MS);
        assertEquals(1, exited);
    }

    @Test
    void aFailureLongAgoIsForgotten() {
        failAt(1_000);
        failAt(1_000 + DirectMemory.FORGOTTEN_MS);
        assertEquals(2, relieved);
        assertEquals(0, exited);
    }

    @Test
    void otherFailuresAreNotItsBusiness() {
        memory.failed(new IllegalStateException("Connection reset by peer"));
        assertEquals(0, relieved);
    }

    @Test
    void howMuchThereIsAndHowMuchMayBeIsKnown() {
        assertTrue(DirectMemory.maxBytes() > 0);
        assertTrue(DirectMemory.usedBytes() >= 0 && DirectMemory.usedBytes() <= DirectMemory.maxBytes());
    }
}
