package megacomet.gateway.hold;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the waiting room does for every message: see {@code make bench-jmh}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WaitingRoomBenchmark {

    private static final int ARMED = 100_000;
    private static final int HOLD_MS = 55_000;

    private static final class Due extends Deadlines.Entry {}

    private final DeliveryCycle cycle = new DeliveryCycle();
    private final Deadlines deadlines = new Deadlines(0);
    private final Due[] entries = new Due[ARMED];
    private int next;
    private long runs;

    @Setup
    public void arm() {
        for (int i = 0; i < ARMED; i++) {
            entries[i] = new Due();
            deadlines.arm(entries[i], HOLD_MS + i % HOLD_MS);
        }
    }

    /** A wake, the answer, and the next poll with its cursor; of one client among a thousand. */
    @Benchmark
    public Object aDeliveryAndTheNextPoll() {
        if (++runs % 1_000 == 0) {
            cycle.pass(WaitingRoom.TICK_MS);
        }
        return cycle.run();
    }

    /** A deadline is set anew, among a hundred thousand. */
    @Benchmark
    public void armADeadline() {
        next = next + 1 == ARMED ? 0 : next + 1;
        deadlines.arm(entries[next], HOLD_MS + next);
    }
}
