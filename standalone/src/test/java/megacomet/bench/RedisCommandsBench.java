package megacomet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;

/**
 * How many commands Redis gets from outside: for each message that is published to one client, delivered to its poll and confirmed
 * by the next, on a connection that is kept; and for each minute of a client that only waits, of {@value #IDLE} at one gateway,
 * with everything that the gateway and a publisher do all the while.
 *
 * <p>{@code make bench-redis-commands} runs it.
 */
public final class RedisCommandsBench {

    private static final int IDLE = 19_000;
    private static final long IDLE_S = 120;
    private static final double WANTED_IDLE = 0.05;
    private static final double WANTED_DELIVERED = 1.1;
    private static final int PUBLISH_PORT = 18_081;
    private static final int PUBLISHER_MANAGEMENT_PORT = 18_091;

    private RedisCommandsBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean isReached;
        try (RedisServer redis = RedisServer.start();
                MeasuredGateway gateway = MeasuredGateway.start(redis.url(), "--hold-timeout", "10m")) {
            Process publisher = run(
                    "publisher",
                    "--open",
                    "--redis-url",
                    redis.url(),
                    "--log-level",
                    "warn",
                    "--publish-host",
                    "127.0.0.1",
                    "--publish-port",
                    "" + PUBLISH_PORT,
                    "--management-port",
                    "" + PUBLISHER_MANAGEMENT_PORT);
            try (OutsideCommands commands = new OutsideCommands(redis)) {
                MeasuredGateway.awaitReady(PUBLISHER_MANAGEMENT_PORT);
                isReached = delivered(commands);
                isReached &= idle(commands, gateway);
            } finally {
                publisher.destroy();
                publisher.waitFor();
            }
        }
        if (!isReached) {
            System.exit(1);
        }
    }

    private static boolean delivered(OutsideCommands commands) throws Exception {
        File figures = File.createTempFile("megacomet-bench", ".json");
        long before = commands.count();
        int code = run(
                        "loadtest",
                        "loop",
                        "-n",
                        "500",
                        "--duration",
                        "15s",
                        "--json",
                        figures.getPath(),
                        "--gateway",
                        "http://127.0.0.1:" + MeasuredGateway.PORT,
                        "--publisher",
                        "http://127.0.0.1:" + PUBLISH_PORT)
                .waitFor();
        long count = commands.count() - before;
        long deliveries = new ObjectMapper()
                .readTree(figures)
                .path("counts")
                .path("deliveries")
                .asLong();
        figures.deleteOnExit();
        return say("a delivered message", count, deliveries, WANTED_DELIVERED) && code == 0;
    }

    private static boolean idle(OutsideCommands commands, MeasuredGateway gateway) throws Exception {
        gateway.awaitHolds(0);
        try (IdlePolls polls = IdlePolls.open(MeasuredGateway.PORT, "idle", IDLE)) {
            gateway.awaitHolds(IDLE);
            // What their coming brings with it is over.
            TimeUnit.SECONDS.sleep(10);
            long before = commands.count();
            TimeUnit.SECONDS.sleep(IDLE_S);
            return say("an idle client's minute", commands.count() - before, IDLE * IDLE_S / 60, WANTED_IDLE);
        }
    }

    private static boolean say(String of, long commands, long count, double wanted) {
        double each = (double) commands / count;
        boolean isReached = each <= wanted;
        System.out.printf(
                Locale.ROOT,
                "Redis commands of %s: %,d for %,d, %.4f each, wanted %.2f: %s%n",
                of,
                commands,
                count,
                each,
                wanted,
                isReached ? "reached" : "NOT REACHED");
        return isReached;
    }

    private static Process run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("bin/megacomet"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).inheritIO().start();
    }
}
