package megacomet.redis.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import megacomet.redis.fixture.LoopThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What attempts to reach a Redis that is away leave behind: nothing. */
class ConnectionsTest {

    private static final int ATTEMPTS = 200;
    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    @Test
    void attemptsThatAreRefusedLeaveNothing() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertLeaveNothing(port, 1_000, ATTEMPTS);
    }

    @Test
    void attemptsThatAreNotAnsweredLeaveNothing() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, ATTEMPTS, InetAddress.getLoopbackAddress())) {
            assertLeaveNothing(deaf.getLocalPort(), 20, ATTEMPTS / 4);
        }
    }

    private static void assertLeaveNothing(int port, long timeoutMs, int attempts) {
        LoopThread loop = new LoopThread(vertx);
        Connections connections = new Connections(vertx, RedisUrl.parse("redis://127.0.0.1:" + port), null, timeoutMs);
        for (int i = 0; i < attempts; i++) {
            loop.awaitFailure(() -> connections.open(new Address("127.0.0.1", port), false));
        }
        Awaitility.await()
                .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertEquals(0, live("io.vertx.core.net.impl.NetClientImpl")));
    }

    /** How many live objects there are of a class, by a histogram, which collects garbage first. */
    private static long live(String className) throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        assertTrue(histogram.contains("java.lang.String"), histogram);
        return histogram
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length > 3 && columns[3].equals(className))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }
}
