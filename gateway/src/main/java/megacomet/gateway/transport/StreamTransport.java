package megacomet.gateway.transport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.web.Connections;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.RefusalLog;

/**
 * Server-sent events (HTML Standard, section 9.2): {@code GET /v1/stream} takes a poll's parameters, and every event is a
 * poll's answer with its cursor as id. So a browser that lost the stream comes back with {@code Last-Event-ID}, by itself,
 * and goes on where it was; what it got is confirmed by that, or sooner by {@link Confirmation}.
 *
 * <p>The response begins with the first answer: until then it can be refused with a status. Memory is bounded: a browser
 * that does not read is written no more than {@value #MAX_UNSENT_BYTES} bytes ahead, and once its stream has ended the
 * connection is cut if it does not take the end in within {@value StreamEnd#TIMEOUT_MS} ms.
 */
final class StreamTransport {

    private static final String PATH = "/v1/stream";

    /** How much is written that the browser has not taken in. */
    static final int MAX_UNSENT_BYTES = 64 << 10;

    /**
     * A browser that lost its stream comes back after this long, and a random part of it more. Not at once: a gateway that
     * was lost, was lost by all its browsers together.
     */
    private static final int RETRY_MS = 1_000;

    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    /** Some proxies pass nothing on until they have that much. */
    private static final Buffer PADDING = Buffer.buffer(":" + " ".repeat(2_048) + "\n\n", "US-ASCII");

    private static final CharSequence EVENTS = HttpHeaders.createOptimized("text/event-stream");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store, no-transform");
    private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");

    private final Vertx vertx;
    private final WaitingRoom room;
    private final Connections connections;
    private final Identities identities;
    private final Origins origins;
    private final Follows follows;
    private final AnswerJson answers;
    private final RandomGenerator random;
    private final RefusalLog refusals;

    StreamTransport(
            Vertx vertx,
            WaitingRoom room,
            Connections connections,
            Identities identities,
            Origins origins,
            Follows follows,
            AnswerJson answers,
            RandomGenerator random,
            RefusalLog refusals) {
        this.refusals = refusals;
        this.vertx = vertx;
        this.room = room;
        this.connections = connections;
        this.identities = identities;
        this.origins = origins;
        this.follows = follows;
        this.answers = answers;
        this.random = random;
    }

    void on(Router router) {
        router.get(PATH).handler(this::get);
        router.options(PATH).handler(context -> origins.answerPreflight(context.request(), HttpMethod.GET));
    }

    // ---- accept

    private void get(RoutingContext context) {
        HttpServerRequest request = context.request();
        origins.demand(request);
        Map<String, List<String>> query = PollRequest.queryOf(request);
        String lastEventId = request.getHeader(LAST_EVENT_ID);
        if (lastEventId != null && !lastEventId.isEmpty()) {
            // What the page put into the address when it began is older than what the browser knows.
            query = new java.util.HashMap<>(query);
            query.put("cursor", List.of(lastEventId));
        }
        boolean isPadded = query.getOrDefault("padding", List.of()).equals(List.of("1"));
        seat(request, PollRequest.of(query, 0), isPadded);
    }

    // ---- seat

    private void seat(HttpServerRequest request, PollRequest asked, boolean isPadded) {
        Identities.Identity who = identities.of(request, asked.client(), asked.token());
        identities.demandPace(who.client());
        List<TopicPattern> topics = follows.of(asked.topics(), who.permissions());
        Cursor cursor = asked.cursorOf(who.client());
        EventOutlet outlet = new EventOutlet(request, isPadded);
        Hold hold = new Hold(outlet, Transport.SSE, 0, cursor != null, topics, asked.isFromEarliest(), who.lifeMs());
        outlet.seat(hold);
        connections.waits(request);
        // Nobody reads them any more, and they are a kilobyte for as long as the stream lasts.
        request.headers().clear();
        room.seat(who.client(), asked.page(), hold, cursor);
    }

    // ---- outlet

    /** Answers in events. */
    private final class EventOutlet implements Outlet {
        private final HttpServerResponse response;
        private final HttpConnection connection;
        private final boolean isHttp2;
        private final boolean isPadded;

        EventOutlet(HttpServerRequest request, boolean isPadded) {
            this.response = request.response();
            this.connection = request.connection();
            this.isHttp2 = request.version() == HttpVersion.HTTP_2;
            this.isPadded = isPadded;
        }

        void seat(Hold hold) {
            response.closeHandler(closed -> {
                if (!hold.hasEnded()) {
                    connections.abandoned(connection);
                }
                room.leave(hold);
            });
            response.exceptionHandler(broken -> {}); // The close handler is called as well.
            response.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
            response.drainHandler(drained -> room.writable(hold));
        }

        @Override
        public void answer(Answer answer) {
            if (response.closed()) {
                return;
            }
            long retryMs = -1;
            if (!response.headWritten()) {
                begin();
                retryMs = RETRY_MS + random.nextInt(RETRY_MS);
            }
            if (answer.ended() != null && answer.advice().isToRetry()) {
                retryMs = RETRY_MS + answer.advice().intervalMs();
            }
            response.write(Buffer.buffer(answers.encodeForEvent(answer, retryMs)));
            if (answer.ended() != null) {
                end();
            }
            if (answer.ended() == EndReason.DRAINING) {
                LastAnswer.close(response, connection);
            }
        }

        private void begin() {
            response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, EVENTS)
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                    .putHeader("x-accel-buffering", "no")
                    .putHeader("x-content-type-options", "nosniff");
            if (isPadded) {
                response.write(PADDING);
            }
        }

        @Override
        public void refuse(EndReason why, long retryAfterMs) {
            Problem problem = Refusals.problem(why, retryAfterMs);
            refusals.refused(problem.code().word(), connection.remoteAddress(), PATH);
            if (!response.headWritten()) {
                connections.answered(connection);
                ProblemAnswers.answer(response, problem);
            } else if (!response.closed()) {
                response.write(Buffer.buffer(("retry: " + retryAfterMs + "\n\n").getBytes(StandardCharsets.US_ASCII)));
                end();
            }
        }

        private void end() {
            connections.answered(connection);
            StreamEnd.write(vertx, response, connection, isHttp2);
        }

        @Override
        public boolean isStream() {
            return true;
        }

        @Override
        public boolean isWritable() {
            return response.ended() || response.closed() || !response.writeQueueFull();
        }

        @Override
        public void heartbeat() {
            if (response.headWritten() && !response.closed()) {
                response.write(HEARTBEAT);
            }
        }
    }
}
