package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import megacomet.web.BodyLimits.Pace;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import megacomet.web.fixture.Served;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much the process keeps of bodies that have begun to come, whoever sends them. */
class BodyReaderIT {

    private static final int BUDGET_BYTES = 128 << 10;
    private static final int MAX_BYTES = 96 << 10;
    private static final int STRANGER_BYTES = 16 << 10;
    private static final long MAX_MS = 500;

    private final Meters meters = new Meters();
    private final Guard guard = new Guard(meters, Guard.Budgets.defaults().withBodiesMaxBytes(BUDGET_BYTES));
    private final Queue<Promise<Boolean>> asked = new ConcurrentLinkedQueue<>();
    private Context loop;
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(null, this::routes);
    }

    @AfterEach
    void close() {
        Awaitility.await().until(() -> guard.bodies().bytes() == 0);
        served.close();
    }

    private void routes(HttpServer server, Router router) {
        loop = Vertx.currentContext();
        BodyReader patient = new BodyReader(Vertx.currentContext().owner(), guard);
        BodyReader hasty = new BodyReader(Vertx.currentContext().owner(), guard, MAX_MS, 20);
        route(router, "/known", patient, BodyLimits.ofKnown(MAX_BYTES, Pace.WHOLE));
        route(router, "/stranger", patient, new BodyLimits(MAX_BYTES, Pace.WHOLE, STRANGER_BYTES, this::ask));
        route(router, "/whole", hasty, BodyLimits.ofKnown(MAX_BYTES, Pace.WHOLE));
        route(router, "/progress", hasty, BodyLimits.ofKnown(1 << 20, Pace.PROGRESS));
    }

    private Future<Boolean> ask(Buffer begun) {
        Promise<Boolean> answer = Promise.promise();
        asked.add(answer);
        return answer.future();
    }

    private void answer(boolean mayGoOn) {
        loop.runOnContext(later -> asked.remove().complete(mayGoOn));
    }

    private static void route(Router router, String path, BodyReader reader, BodyLimits limits) {
        router.post(path)
                .handler(context -> reader.read(context.request(), limits)
                        .onSuccess(body -> {
                            try (body) {
                                context.end("" + body.buffer().length());
                            }
                        })
                        .onFailure(context::fail));
    }

    private static String head(String path, String headers) {
        return "POST " + path + " HTTP/1.1\r\nhost: localhost\r\n" + headers + "\r\n\r\n";
    }

    private RawHttp begin(String path, int announced, int sent) throws IOException {
        return RawHttp.connect(served.port())
                .send(head(path, "content-length: " + announced))
                .send("x".repeat(sent));
    }

    private static void assertRefused(int status, String code, RawHttp http) throws IOException {
        Answer answer = http.read();
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer.body());
        assertEquals("close", answer.header("connection"));
        http.awaitClosed();
    }

    private boolean isCut(String reason) {
        return meters.scrape().contains("megacomet_connections_cut_total{reason=\"" + reason + "\"} 1");
    }

    @Test
    void bytesCountWhenTheyComeAndNotWhenTheyAreAnnounced() throws IOException {
        try (RawHttp http = begin("/known", MAX_BYTES, 9_000)) {
            Awaitility.await().until(() -> guard.bodies().bytes() == 9_000);
            assertEquals(
                    "" + MAX_BYTES,
                    http.send("x".repeat(MAX_BYTES - 9_000)).read().body());
        }
    }

    @Test
    void whatBreaksOffIsForgotten() throws IOException {
        RawHttp http = begin("/known", MAX_BYTES, 9_000);
        Awaitility.await().until(() -> guard.bodies().bytes() == 9_000);
        http.close();
    }

    @Test
    void whenAllBodiesTogetherAreTooMuchOneMoreIsRefusedAndThoseOfOnePieceAreTaken() throws IOException {
        List<RawHttp> halves = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            halves.add(begin("/known", MAX_BYTES, 62_000));
        }
        Awaitility.await().until(() -> guard.bodies().bytes() == 124_000);
        try (RawHttp oneTooMany = begin("/known", MAX_BYTES, 8_192)) {
            Answer answer = oneTooMany.read();
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("\"code\":\"too_many_bodies\""), answer.body());
            assertTrue(Integer.parseInt(answer.header("retry-after")) <= 2);
            oneTooMany.awaitClosed();
            assertTrue(isCut("bodies_full"), meters.scrape());
        }
        assertEquals(
                "5000",
                RawHttp.exchange(served.port(), RawHttp.post("/known", "text/plain", "x".repeat(5_000)))
                        .body());
        for (RawHttp half : halves) {
            half.close();
        }
    }

    @Test
    void strangersFillNoMoreThanHalfOfIt() throws IOException {
        try (RawHttp first = begin("/known", MAX_BYTES, 64_000)) {
            Awaitility.await().until(() -> guard.bodies().bytes() == 64_000);
            try (RawHttp stranger = begin("/stranger", MAX_BYTES, 5_000)) {
                assertRefused(503, "too_many_bodies", stranger);
            }
            try (RawHttp known = begin("/known", MAX_BYTES, 5_000)) {
                Awaitility.await().until(() -> guard.bodies().bytes() == 69_000);
            }
        }
    }

    @Test
    void ofAStrangerNotMuchIsReadUntilItIsKnownWhoItIs() throws IOException {
        try (RawHttp http = begin("/stranger", MAX_BYTES, MAX_BYTES)) {
            Awaitility.await().until(() -> !asked.isEmpty());
            assertTrue(guard.bodies().bytes() <= STRANGER_BYTES + 8_192);
            answer(true);
            assertEquals("" + MAX_BYTES, http.read().body());
        }
    }

    @Test
    void aStrangerWhoStaysOneIsRefused() throws IOException {
        try (RawHttp http = begin("/stranger", MAX_BYTES, STRANGER_BYTES + 1)) {
            Awaitility.await().until(() -> !asked.isEmpty());
            answer(false);
            assertRefused(413, "body_too_large", http);
        }
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUp() throws IOException {
        for (int sent : new int[] {0, 100}) {
            try (RawHttp http = begin("/whole", MAX_BYTES, sent)) {
                assertRefused(408, "body_timeout", http);
            }
        }
        assertTrue(meters.scrape().contains("megacomet_connections_cut_total{reason=\"slow_body\"} 2"));
    }

    @Test
    void aLargeBodyThatComesOnSteadilyMayTakeLonger() throws IOException {
        try (RawHttp steady = begin("/progress", 1 << 20, BodyReader.PROGRESS_BYTES)) {
            Awaitility.await().until(() -> guard.bodies().bytes() == BodyReader.PROGRESS_BYTES);
            try (RawHttp clock = begin("/whole", MAX_BYTES, 1)) {
                assertEquals(408, clock.read().status());
            }
            assertEquals(BodyReader.PROGRESS_BYTES, guard.bodies().bytes(), "it is read on");
            assertRefused(408, "body_timeout", steady); // because nothing more came
        }
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotAskedFor() throws IOException {
        try (RawHttp http = RawHttp.connect(served.port())) {
            http.send(head("/known", "expect: 100-continue\r\ncontent-length: " + (MAX_BYTES + 1)));
            assertRefused(413, "body_too_large", http);
        }
    }

    @Test
    void whoWaitsToBeAskedForTheBodyIsAsked() throws IOException {
        try (RawHttp http = RawHttp.connect(served.port())) {
            http.send(head("/known", "expect: 100-continue\r\ncontent-length: 3"));
            assertEquals(100, http.read().status());
            assertEquals("3", http.send("xyz").read().body());
        }
    }

    @Test
    void aCompressedBodyIsRefused() throws IOException {
        try (RawHttp http = RawHttp.connect(served.port())) {
            http.send(head("/known", "content-encoding: gzip\r\ncontent-length: 3"));
            assertRefused(415, "unsupported_media_type", http);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "3\r\nxyzz", "3\r\nxyz\r\n-1\r\n", "5;a=\"\u0001\"\r\n"})
    void aChunkThatIsNoneIsToldSo(String chunks) throws IOException {
        try (RawHttp http = RawHttp.connect(served.port())) {
            http.send(head("/known", "transfer-encoding: chunked") + chunks);
            Answer answer = http.read();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("\"code\":\"invalid_request\""), answer.body());
            assertNull(http.read());
        }
    }
}
