package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What the waiting room allocates for a message that is delivered, and for the poll that follows, does not grow. */
class DeliveryAllocationTest {

    private static final int WARM_UP = 20_000;
    private static final int RUNS = 10_000;

    /** A fifth more than was measured; the message itself and its cursor are in it. */
    private static final long MOST_BYTES = 1_800;

    @Test
    void aDeliveryAndTheNextPollTakeFewBytes() {
        DeliveryCycle cycle = new DeliveryCycle();
        for (int i = 0; i < WARM_UP; i++) {
            assertEquals(1, cycle.run().messages().size());
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RUNS; i++) {
            cycle.run();
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
        assertTrue(each < MOST_BYTES, each + " bytes a delivery");
        cycle.pass(WaitingRoom.TICK_MS);
    }
}
