package megacomet.loadtest.siege;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.rest.Metrics;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.World;
import megacomet.loadtest.machine.Proc;

/** Watches a gateway, a publisher and Redis during an attack, from outside, and keeps the highest figures. */
final class Lookout implements AutoCloseable {

    private static final long LOOK_MS = 200;
    private static final long ASK_MS = 500;
    private static final double KB_A_MB = 1_024;
    private static final double BYTES_A_MB = 1 << 20;

    /** Each of these waits for others: the system, Redis, the two servers. */
    private static final int THREADS = 4;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "lookout");
        thread.setDaemon(true);
        return thread;
    });
    private final Server gateway;
    private final Server publisher;
    private final RedisServer redis;
    private final AtomicLong gatewayRssKb = new AtomicLong();
    private final AtomicLong publisherRssKb = new AtomicLong();
    private final AtomicLong directBytes = new AtomicLong();
    private final AtomicLong redisBytes = new AtomicLong();
    private final AtomicLong unansweredMs = new AtomicLong();
    private final long redisBytesBefore;
    private final long logLinesBefore;

    Lookout(World world) throws IOException {
        gateway = world.gateways().get(0);
        publisher = world.publishers().get(0);
        redis = world.redis().servers().get(0);
        redisBytesBefore = usedBytes(redis);
        logLinesBefore = logLines();
        every(LOOK_MS, this::lookAtProcesses);
        every(LOOK_MS, this::lookAtRedis);
        every(ASK_MS, new Question(gateway));
        every(ASK_MS, new Question(publisher));
    }

    /** The memory that Redis uses now, buffers of its clients and all. */
    static long usedBytes(RedisServer redis) throws IOException {
        return redis.command("INFO", "memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("Redis does not say how much memory it uses"));
    }

    Peaks peaks() {
        return new Peaks(
                gatewayRssKb.get() / KB_A_MB,
                publisherRssKb.get() / KB_A_MB,
                directBytes.get() / BYTES_A_MB,
                Math.max(0, redisBytes.get() - redisBytesBefore) / BYTES_A_MB,
                logLines() - logLinesBefore,
                unansweredMs.get());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void every(long ms, Runnable look) {
        threads.scheduleWithFixedDelay(look, 0, ms, TimeUnit.MILLISECONDS);
    }

    private void lookAtProcesses() {
        highest(gatewayRssKb, Proc.rssKb(gateway.pid()));
        highest(publisherRssKb, Proc.rssKb(publisher.pid()));
    }

    private void lookAtRedis() {
        try {
            highest(redisBytes, usedBytes(redis));
        } catch (IOException | RuntimeException doesNotAnswer) {
            // It is asked again soon.
        }
    }

    private long logLines() {
        return gateway.logLines() + publisher.logLines();
    }

    private static void highest(AtomicLong so, long now) {
        so.accumulateAndGet(now, Math::max);
    }

    /** What the gateway says itself, for a JVM does not see what Netty takes without it. */
    private static long direct(Metrics metrics) throws IOException {
        String own = "megacomet_direct_memory_used_bytes";
        return metrics.has(own) ? metrics.value(own) : metrics.sum("jvm_buffer_memory_used_bytes", "id=\"direct\"");
    }

    /** Asks a server for its metrics again and again; how long it left that unanswered counts also while it still does. */
    private final class Question implements Runnable {
        private final Server server;
        private long answeredMs = RunClock.nowMs();

        Question(Server server) {
            this.server = server;
        }

        @Override
        public void run() {
            long askedMs = RunClock.nowMs();
            try {
                Metrics metrics = Metrics.of(server);
                highest(unansweredMs, RunClock.nowMs() - Math.min(askedMs, answeredMs + ASK_MS));
                answeredMs = RunClock.nowMs();
                if (server == gateway) {
                    highest(directBytes, direct(metrics));
                }
            } catch (IOException notAnswered) {
                highest(unansweredMs, RunClock.nowMs() - answeredMs);
            } catch (InterruptedException isOver) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
