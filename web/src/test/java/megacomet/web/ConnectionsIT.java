package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.Served;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How many connections a server takes, and how long it keeps those on which nothing happens. */
class ConnectionsIT {

    private static final int LIMIT = 3;
    private static final long MAX_IDLE_MS = 2_000;

    private final Queue<HttpServerRequest> waiting = new ConcurrentLinkedQueue<>();
    private Connections connections;
    private Door door;
    private Context context;

    private Served serve() throws IOException {
        return new Served(LIMIT, null, this::routes);
    }

    private void routes(Door atPort, HttpServer server, Router router) {
        door = atPort;
        context = Vertx.currentContext();
        connections = new Connections(context.owner(), door, new RateLimit<>(null), MAX_IDLE_MS, 20);
        connections.on(server);
        router.route().handler(routing -> {
            connections.seen(routing.request());
            connections.demandRoom(routing.request(), 10_000);
            routing.next();
        });
        router.get("/now").handler(routing -> routing.response().end("now"));
        router.get("/later").handler(routing -> {
            connections.waits(routing.request());
            waiting.add(routing.request());
        });
    }

    @Test
    void oneTooManyIsToldWhenToComeBackAndARoomIsFreeWhenAnotherGoes() throws IOException {
        try (Served served = serve()) {
            List<RawHttp> taken = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                taken.add(RawHttp.connect(served.port()).send(RawHttp.get("/later")));
            }
            Awaitility.await().until(() -> waiting.size() == LIMIT);
            try (RawHttp oneTooMany = RawHttp.connect(served.port())) {
                RawHttp.Answer answer = oneTooMany.send(RawHttp.get("/now")).read();
                assertEquals(503, answer.status());
                int retryAfterS = Integer.parseInt(answer.header("retry-after"));
                assertTrue(retryAfterS >= 5 && retryAfterS <= 10, "spread over the second half: " + retryAfterS);
                assertEquals("close", answer.header("connection"));
                assertTrue(answer.body().contains("\"code\":\"too_many_connections\""), answer.body());
                oneTooMany.awaitClosed();
            }
            taken.get(0).close();
            Awaitility.await().until(() -> door.open() == LIMIT - 1);
            assertEquals(
                    "now", RawHttp.exchange(served.port(), RawHttp.get("/now")).body());
            for (RawHttp one : taken) {
                one.close();
            }
            Awaitility.await().until(() -> door.open() == 0);
        }
    }

    @Test
    void silentConnectionsAreClosedWhetherTheyEverSaidAnythingOrNot() throws IOException {
        try (Served served = serve();
                RawHttp silent = RawHttp.connect(served.port());
                RawHttp halfway = RawHttp.connect(served.port());
                RawHttp once = RawHttp.connect(served.port())) {
            halfway.send("GET /now HTTP/1.1\r\nhost: localhost\r\nx-slow");
            assertEquals("now", once.send(RawHttp.get("/now")).read().body());
            silent.awaitClosed();
            halfway.awaitClosed();
            once.awaitClosed();
            Awaitility.await().until(() -> door.open() == 0);
        }
    }

    @Test
    void whoHasBeenSilentLongestGivesWayToWhoComesAndWhoWaitsForAnAnswerDoesNot() throws IOException {
        try (Served served = serve();
                RawHttp patient = RawHttp.connect(served.port()).send(RawHttp.get("/later"));
                RawHttp silent = RawHttp.connect(served.port());
                RawHttp halfway = RawHttp.connect(served.port()).send("GET /now HTTP/1.1\r\nhost:")) {
            Awaitility.await().until(() -> waiting.size() == 1 && door.open() == LIMIT);
            // Until the silent one has been silent for a second, who comes is told to come later.
            Awaitility.await()
                    .atMost(4 * Door.GIVE_WAY_MS, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        RawHttp.Answer answer = RawHttp.exchange(served.port(), RawHttp.get("/now"));
                        return answer != null && answer.status() == 200;
                    });
            silent.awaitClosed();
            HttpServerRequest request = waiting.remove();
            context.runOnContext(later -> {
                connections.answered(request.connection());
                request.response().end("later");
            });
            assertEquals("later", patient.read().body());
        }
    }

    @Test
    void oneThatIsTurnedAwayAndAsksNothingDoesNotStay() throws IOException {
        try (Served served = serve()) {
            List<RawHttp> taken = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                taken.add(RawHttp.connect(served.port()).send(RawHttp.get("/later")));
            }
            Awaitility.await().until(() -> waiting.size() == LIMIT);
            try (RawHttp oneTooMany = RawHttp.connect(served.port())) {
                oneTooMany.awaitClosed();
            }
            Awaitility.await().until(() -> door.open() == LIMIT);
            for (RawHttp one : taken) {
                one.close();
            }
        }
    }

    @Test
    void afterAConnectionThatCouldNotBeAcceptedOthersAreAcceptedAgain() throws IOException {
        try (Served served = serve()) {
            AtomicReference<Channel> listening = new AtomicReference<>();
            try (RawHttp first = RawHttp.connect(served.port()).send(RawHttp.get("/later"))) {
                Awaitility.await().until(() -> !waiting.isEmpty());
                listening.set(Connections.pipeline(waiting.remove().connection())
                        .channel()
                        .parent());
            }
            listening.get().pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
            Awaitility.await().until(() -> !listening.get().config().isAutoRead()); // It does not spin,
            RawHttp.Answer next = RawHttp.exchange(served.port(), RawHttp.get("/now")); // and goes on.
            assertEquals("now", next.body());
            assertTrue(listening.get().isOpen());
        }
    }

    @Test
    void aConnectionOnWhichARequestWaitsIsNotIdleUntilItIsAnswered() throws IOException {
        try (Served served = serve();
                RawHttp patient = RawHttp.connect(served.port())) {
            patient.send(RawHttp.get("/later"));
            Awaitility.await().until(() -> waiting.size() == 1);
            // One that came later is idle for its whole time, and is closed; the patient one is not.
            try (RawHttp silent = RawHttp.connect(served.port())) {
                silent.awaitClosed();
            }
            HttpServerRequest request = waiting.remove();
            context.runOnContext(later -> {
                connections.answered(request.connection());
                request.response().end("later");
            });
            assertEquals("later", patient.read().body());
            patient.awaitClosed();
        }
    }
}
