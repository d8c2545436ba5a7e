package megacomet.loadtest.chaos.publish;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.publish.Plan;

/** Publishes at constant rates, whatever becomes of the messages before: to single browsers and to topics chosen by chance. */
public final class Publishing implements AutoCloseable {

    private static final int TICK_MS = 5;
    private static final int SHORT_ONE_IN = 3;
    private static final long LEAST_SHORT_MS = 1_000;
    private static final long MOST_SHORT_MS = 6_000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "publishing");
        thread.setDaemon(true);
        return thread;
    });
    private final Application application;
    private final SplittableRandom chance;
    private final long longTtlMs;

    /** @param longTtlMs the life of two thirds of the messages; the others' is a few seconds, and not longer */
    public Publishing(Application application, long longTtlMs, long seed) {
        this.application = application;
        this.longTtlMs = longTtlMs;
        chance = new SplittableRandom(seed);
    }

    /** From now on so many a second go to one of these, until {@link #close}. */
    public void start(List<Stream> streams, double rate) {
        if (rate > 0) {
            Plan plan = new Plan(Clock.nowUs(), rate, Long.MAX_VALUE);
            long[] next = new long[1];
            timer.scheduleAtFixedRate(
                    () -> {
                        while (plan.dueUs(next[0]) <= Clock.nowUs()) {
                            next[0]++;
                            application.publish(streams.get(chance.nextInt(streams.size())), ttlMs());
                        }
                    },
                    0,
                    TICK_MS,
                    TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private long ttlMs() {
        return chance.nextInt(SHORT_ONE_IN) == 0
                ? chance.nextLong(LEAST_SHORT_MS, Math.min(MOST_SHORT_MS, longTtlMs))
                : longTtlMs;
    }
}
