package megacomet.redis.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.embedded.RedisServer;
import megacomet.redis.Store;
import megacomet.redis.fixture.LoopThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is asked when masters change. */
class MastersIT {

    private static final Script SCRIPT = Script.load(Store.class, "answer");
    private static final String KEY = "key";
    private static final long TIMEOUT_MS = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final LoopThread loop = new LoopThread(vertx);
    private volatile RedisServer master;
    private int sentinelPort;

    /** A sentinel that says what the test wants. */
    @BeforeEach
    void startSentinel() {
        NetServer sentinel = vertx.createNetServer().connectHandler(this::answer);
        sentinelPort = sentinel.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private void answer(NetSocket socket) {
        socket.handler(command -> {
            String port = String.valueOf(master.port());
            boolean isHello = command.toString().contains("HELLO");
            socket.write(
                    isHello
                            ? "-ERR unknown command\r\n"
                            : "*2\r\n$9\r\n127.0.0.1\r\n$" + port.length() + "\r\n" + port + "\r\n");
        });
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One that was started again after it was replaced would answer, from nothing. */
    @Test
    void whoConnectsLooksUpWhetherItIsStillTheMaster() throws IOException {
        try (RedisServer former = RedisServer.start();
                RedisServer next = RedisServer.start()) {
            master = former;
            RedisUrl url = RedisUrl.parse("redis+sentinel://127.0.0.1:" + sentinelPort + "/some");
            Connections connections = new Connections(vertx, url, null, TIMEOUT_MS);
            Topology topology = Topology.start(connections);
            Masters masters = loop.make(() -> new Masters(connections, topology, (verb, nanos, isDone) -> {}));
            Awaitility.await().until(() -> !topology.map().masters().isEmpty());

            master = next;
            Script.Call call = SCRIPT.call(List.of(KEY.getBytes(StandardCharsets.UTF_8)), "1", 60_000);
            loop.await(() -> masters.call(0, call, Masters.Repeat.HARMFUL, TIMEOUT_MS));
            assertEquals("0", former.command("EXISTS", KEY), "written to who is no master any more");
            assertEquals("1", next.command("EXISTS", KEY));
            topology.close();
        }
    }
}
