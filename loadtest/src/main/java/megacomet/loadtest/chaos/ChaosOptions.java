package megacomet.loadtest.chaos;

import java.nio.file.Path;
import java.util.List;
import megacomet.loadtest.chaos.faults.Fault;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.chaos.world.Shape;
import megacomet.loadtest.chaos.world.WrongClock;

/**
 * What is asked of a run.
 *
 * @param seed decides on all that is left to chance
 * @param durationMs how long faults strike
 * @param calmMs the least time between two of them
 * @param redisClockS by how much the clock of one Redis master, and of its replica, is ahead; negative if it is behind
 * @param rate messages a second for single browsers, of all together
 * @param topicRate messages a second for topics, of all together
 * @param churn how many browsers a second go away and come back
 * @param lingerMs how long gateways take a client for there that is between two polls
 * @param classPathFirst what stands before the product's own class path in the processes that are started, or null
 */
public record ChaosOptions(
        long seed,
        long durationMs,
        long calmMs,
        Shape shape,
        int redisClockS,
        List<Fault> faults,
        int gateways,
        int publishers,
        int browsers,
        double rate,
        double topicRate,
        double churn,
        long lingerMs,
        Bounds bounds,
        Path classPathFirst) {

    public ChaosOptions {
        require(durationMs >= 1_000, "--duration must be at least 1s");
        require(gateways >= 1 && gateways <= 50, "--gateways must be from 1 to 50");
        require(publishers >= 1 && publishers <= 50, "--publishers must be from 1 to 50");
        require(redisClockS == 0 || WrongClock.obstacle() == null, "--redis-clock: " + WrongClock.obstacle());
        require(Math.abs(redisClockS) <= 86_400, "--redis-clock must be a day at most");
        require(browsers >= 1 && browsers <= 20_000, "--browsers must be from 1 to 20000");
        require(rate >= 0 && topicRate >= 0 && churn >= 0, "--rate, --topic-rate and --churn must not be negative");
        faults = List.copyOf(faults);
    }

    private static void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
