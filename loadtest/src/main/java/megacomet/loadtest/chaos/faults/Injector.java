package megacomet.loadtest.chaos.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Brings faults about, one after another, with some calm between them. The seed says which, when and on what: all of them in
 * an order by chance, and then again in another.
 */
public final class Injector {

    private final List<Fault> faults;
    private final Scene scene;
    private final SplittableRandom chance;
    private final Random shuffling;
    private final long calmMs;
    private final Deque<Fault> next = new ArrayDeque<>();

    /** @param calmMs the least time from one fault's end to the next; the most is twice that */
    public Injector(List<Fault> faults, Scene scene, long seed, long calmMs) {
        this.faults = faults;
        this.scene = scene;
        this.calmMs = calmMs;
        chance = new SplittableRandom(seed);
        shuffling = new Random(seed);
    }

    /** Goes on until {@code endNanos}; the last fault may be healed later. */
    public void strikeUntil(long endNanos) throws Exception {
        while (true) {
            long pauseNanos = TimeUnit.MILLISECONDS.toNanos(chance.nextLong(calmMs, 2 * calmMs + 1));
            long leftNanos = endNanos - System.nanoTime();
            if (faults.isEmpty() || pauseNanos >= leftNanos) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, leftNanos));
                return;
            }
            TimeUnit.NANOSECONDS.sleep(pauseNanos);
            next().strike(scene);
        }
    }

    private Fault next() {
        if (next.isEmpty()) {
            List<Fault> shuffled = new ArrayList<>(faults);
            Collections.shuffle(shuffled, shuffling);
            next.addAll(shuffled);
        }
        return next.poll();
    }
}
