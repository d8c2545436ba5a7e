package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import megacomet.web.fixture.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the management port of a process in production answers. */
class ManagementIT {

    private static final Vertx VERTX = Doors.vertx(new VertxOptions());
    private static int port;

    @BeforeAll
    static void serve() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Meters meters = new Meters();
        new Management(meters, new Guard(meters))
                .start(
                        VERTX,
                        new Listen("127.0.0.1", port, null, false, 10),
                        new HostNames(List.of("ops.internal")),
                        false)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/health/live", "/health/ready"})
    void aWebsitesNameIsRefusedAndAnAddressOrAnAllowedNameIsNot(String path) throws IOException {
        for (String host : List.of("127.0.0.1:" + port, "10.0.0.1", "ops.internal", "localhost")) {
            assertEquals(
                    200,
                    ask("GET " + path + " HTTP/1.1\r\nhost: " + host + "\r\n\r\n")
                            .status(),
                    host);
        }
        assertEquals(200, ask("GET " + path + " HTTP/1.0\r\n\r\n").status(), "a health check without a name");
        RawHttp.Answer refused = ask("GET " + path + " HTTP/1.1\r\nhost: evil.example:" + port + "\r\n\r\n");
        assertEquals(403, refused.status());
        assertTrue(refused.body().contains("\"code\":\"host_not_allowed\""), refused.body());
    }

    private static RawHttp.Answer ask(String request) throws IOException {
        return RawHttp.exchange(port, request);
    }
}
