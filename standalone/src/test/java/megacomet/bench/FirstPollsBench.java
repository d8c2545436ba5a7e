package megacomet.bench;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;

/**
 * How many first polls a CPU-second of a gateway is enough for: {@value #POLLS} clients that were never there before come,
 * {@value #AT_ONCE} at a time, each on a connection of its own; counted from the first connection until all are seated and all are claimed in Redis. Redis's
 * own CPU is said beside it.
 *
 * <p>{@code make bench-first-polls} runs it. Those rounds come first that let the JVM compile what is hot, {@value #ROUNDS} with
 * the last, which counts.
 */
public final class FirstPollsBench {

    private static final int POLLS = 19_000;

    /** So many as a cold JVM can claim before Redis counts as away. */
    private static final int AT_ONCE = 1_000;

    private static final int ROUNDS = 5;
    private static final double WANTED = 15_000;

    private FirstPollsBench() {}

    public static void main(String[] arguments) throws Exception {
        double perCpuSecond = 0;
        try (RedisServer redis = RedisServer.start();
                MeasuredGateway gateway = MeasuredGateway.start(redis.url(), "--hold-timeout", "10m")) {
            for (int round = 1; round <= ROUNDS; round++) {
                perCpuSecond = POLLS / round(redis, gateway, "round" + round);
                System.out.printf(
                        Locale.ROOT,
                        "%s, Java %s: round %d: %,.0f first polls a CPU-second of the gateway%n",
                        LocalDate.now(),
                        gateway.javaVersion(),
                        round,
                        perCpuSecond);
            }
        }
        boolean isReached = perCpuSecond >= WANTED;
        System.out.printf(
                Locale.ROOT,
                "first polls: %,.0f a CPU-second, wanted %,.0f: %s%n",
                perCpuSecond,
                WANTED,
                isReached ? "reached" : "NOT REACHED");
        if (!isReached) {
            System.exit(1);
        }
    }

    /** Returns the CPU-seconds that the gateway took for all of them. */
    private static double round(RedisServer redis, MeasuredGateway gateway, String prefix) throws Exception {
        double before = gateway.cpuSeconds();
        double cpuS;
        try (IdlePolls polls = IdlePolls.open(MeasuredGateway.PORT, prefix, 0)) {
            for (int come = AT_ONCE; come <= POLLS; come += AT_ONCE) {
                polls.come(AT_ONCE);
                awaitClaims(redis, prefix, come);
            }
            cpuS = gateway.cpuSeconds() - before;
        }
        gateway.awaitHolds(0);
        return cpuS;
    }

    /** Redis is asked, because the gateway's metrics would be work for it that counts. */
    private static void awaitClaims(RedisServer redis, String prefix, int count)
            throws IOException, InterruptedException {
        for (int i = 0; i < 1_200; i++) {
            if (redis.command("KEYS", "mc:*:owner:" + prefix + "-*").lines().count() >= count) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("not all were claimed");
    }
}
