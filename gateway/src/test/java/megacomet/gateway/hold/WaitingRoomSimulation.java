package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of {@linkplain SimulatedWorld worlds}, each with its seed.
 *
 * <p>{@code -Dmegacomet.simulation.seeds=N} runs more seeds, {@code -Dmegacomet.simulation.first=S} begins with another, and
 * {@code -Dmegacomet.simulation.threads=T} uses more than one core; {@code make simulate-million} does all three.
 */
class WaitingRoomSimulation {

    private static final int PROGRESS_SEEDS = 50_000;
    private static final int MAX_FAILURES = 20;

    @Test
    void nothingIsLostRepeatedOrReorderedInAnyOrderOfEvents() throws InterruptedException {
        runAll(seed -> new SimulatedWorld(seed, Set.of()));
    }

    @Test
    void norIfMastersServeWithNothingBeforeTheyAreReplaced() throws InterruptedException {
        runAll(seed -> new SimulatedWorld(seed, Set.of(), true));
    }

    private static void runAll(IntFunction<SimulatedWorld> worlds) throws InterruptedException {
        int first = Integer.getInteger("megacomet.simulation.first", 1);
        int seeds = Integer.getInteger("megacomet.simulation.seeds", 3_000);
        AtomicInteger next = new AtomicInteger(first);
        ConcurrentSkipListMap<Integer, Throwable> failures = new ConcurrentSkipListMap<>();
        Thread[] threads = IntStream.range(0, Integer.getInteger("megacomet.simulation.threads", 1))
                .mapToObj(number -> new Thread(() -> run(worlds, next, first, seeds, failures)))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            Throwable why = failures.firstEntry().getValue();
            assertEquals(Set.of(), failures.keySet(), why + "; replay the first with " + replay(failures.firstKey()));
        }
    }

    /** Each of them found a fault that others may not find again. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                16_942, 44_602, 82_955, 98_213, 106_037, 124_264, 128_927, 151_543, 188_044, 235_818, 343_299, 394_949,
                398_700
            })
    void noSeedThatOnceFailedFailsAgain(int seed) {
        new SimulatedWorld(seed, Set.of()).run();
    }

    private static void run(
            IntFunction<SimulatedWorld> worlds,
            AtomicInteger next,
            int first,
            int seeds,
            ConcurrentSkipListMap<Integer, Throwable> failures) {
        for (int seed = next.getAndIncrement(); seed < first + seeds; seed = next.getAndIncrement()) {
            try {
                worlds.apply(seed).run();
            } catch (RuntimeException | AssertionError e) {
                failures.put(seed, e);
                System.out.println("seed " + seed + " fails: " + e.getMessage() + "; replay with " + replay(seed));
            }
            if (failures.size() >= MAX_FAILURES) {
                return;
            }
            if ((seed - first + 1) % PROGRESS_SEEDS == 0) {
                System.out.println((seed - first + 1) + " of " + seeds + " seeds, " + failures.size() + " failed");
            }
        }
    }

    private static String replay(int seed) {
        return "make simulate FIRST=" + seed;
    }
}
