package megacomet.bench;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.gateway.Gateway;
import megacomet.gateway.GatewayOptions;
import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.gateway.hold.RoomOptions;
import megacomet.model.ClientId;
import megacomet.redis.Publisher;
import megacomet.redis.Store;
import megacomet.redis.StoreOptions;
import megacomet.redis.TopicRules;
import megacomet.redis.link.RedisUrl;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.TrustedProxies;

/**
 * A gateway in whose process thousands of {@link PretendedSocket}s poll: {@code PretendedCrowd REDIS_URL HOLDS RATE SECONDS}.
 * When all of them wait, single ones are published to at a rate, and poll again. Prints at which uptimes of the JVM that began
 * and ended, in seconds, how many were delivered, and the CPU seconds of it all, collector included.
 */
public final class PretendedCrowd {

    private static final int AT_ONCE = 1_000;
    private static final long TICK_MS = 10;
    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");
    private static final byte[] DATA =
            "{\"text\":\"%s\"}".formatted("x".repeat(180)).getBytes(StandardCharsets.US_ASCII);

    private final LongAdder delivered = new LongAdder();
    private final PretendedDoor.Transport transport = new PretendedDoor.Transport();

    private PretendedCrowd() {}

    public static void main(String[] arguments) throws Exception {
        new PretendedCrowd()
                .run(
                        StoreOptions.of(RedisUrl.parse(arguments[0])),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        Integer.parseInt(arguments[3]));
        System.exit(0);
    }

    private void run(StoreOptions options, int holds, int rate, int seconds) throws Exception {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()))
                .withTransport(transport)
                .build();
        Gateway gateway = await(Gateway.start(
                vertx,
                options(holds),
                Store.open(vertx, options, (verb, nanos, isDone) -> {}),
                new Meters(),
                new Guard(new Meters())));
        until(gateway::isReady);
        for (int come = 0; come < holds; ) {
            for (int last = Math.min(holds, come + AT_ONCE); come < last; come++) {
                come(come);
            }
            int all = come;
            until(() -> gateway.holds() >= all);
        }
        System.gc(); // What their coming left behind is not what is asked for.
        double fromS = uptimeS();
        double cpuFromS = cpuS();
        publish(options, holds, rate, seconds);
        System.out.printf(
                Locale.ROOT,
                "steady %.3f %.3f delivered %d cpu %.2f%n",
                fromS,
                uptimeS(),
                delivered.sum(),
                cpuS() - cpuFromS);
    }

    private static GatewayOptions options(int holds) {
        return new GatewayOptions(
                new Listen("127.0.0.1", 80, null, false, holds),
                Runtime.getRuntime().availableProcessors(),
                RoomOptions.DEFAULT,
                null,
                new Origins(Set.of(), TrustedProxies.NONE),
                TrustedProxies.NONE,
                false,
                TopicRules.NONE,
                null,
                null,
                null,
                BayeuxOptions.DEFAULT);
    }

    private void come(int number) {
        PretendedSocket socket = new PretendedSocket(transport.door(), number, this::answered);
        transport.door().accept(socket);
        // Its event loop is known when it is registered there; what it sends is dealt with after that.
        transport.door().eventLoop().execute(() -> poll(socket, ""));
    }

    private static void poll(PretendedSocket socket, String cursor) {
        socket.send("GET /v1/poll?client=user-" + socket.number + "&timeoutMs=600000&conn=k3j5h2g4&n=1" + cursor
                + " HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Connection: keep-alive\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                + " Safari/537.36\r\n"
                + "Accept: */*\r\n"
                + "Referer: http://localhost/\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                + "Accept-Language: en-US,en;q=0.9\r\n"
                + "\r\n");
    }

    private void answered(PretendedSocket socket, String text) {
        Matcher cursor = CURSOR.matcher(text);
        if (cursor.find()) {
            delivered.increment();
            poll(socket, "&cursor=" + cursor.group(1));
        }
    }

    /** Publishes from an event loop of its own, and ends when that has been said. */
    private static void publish(StoreOptions options, int holds, int rate, int seconds) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Store store = Store.open(vertx, options, (verb, nanos, isDone) -> {});
        SplittableRandom random = new SplittableRandom(1);
        Context context = vertx.getOrCreateContext();
        context.runOnContext(run -> {
            Publisher publisher = store.onThisLoop().publisher();
            vertx.setPeriodic(TICK_MS, id -> {
                for (long i = 0; i < rate * TICK_MS / 1_000; i++) {
                    publisher.publish(
                            new ClientId("user-" + random.nextInt(holds)),
                            new Publisher.Publication(DATA, 60_000, null));
                }
            });
        });
        TimeUnit.SECONDS.sleep(seconds);
        store.close();
        await(vertx.close());
    }

    private static double uptimeS() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1_000.0;
    }

    private static double cpuS() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private interface Condition {
        boolean isMet();
    }

    private static void until(Condition condition) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2); !condition.isMet(); ) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it takes too long");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
