package megacomet.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.web.BodyLimits;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.ErrorCode;
import megacomet.web.HeadReader;
import megacomet.web.MediaType;
import megacomet.web.OpenMode;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.RefusalLog;
import megacomet.web.RequestBody;
import megacomet.web.TrustedProxies;
import megacomet.web.Unsent;

/**
 * Long-polling: {@code GET} and {@code POST /v1/poll}, answered in JSON or, with a callback, as a script (JSONP). A client
 * sends a poll, gets what there is for it, or waits until there is something or its time is over, and polls again.
 *
 * <p>JSONP is for pages whose browsers or proxies let nothing else through. A script element sees no status, so errors too
 * are answered 200, through the callback; only a callback that is none is answered 400.
 */
final class PollTransport {

    static final String PATH = "/v1/poll";

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence SCRIPT = HttpHeaders.createOptimized("text/javascript; charset=utf-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence X_CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");

    private final WaitingRoom room;
    private final Connections connections;
    private final Identities identities;
    private final Origins origins;
    private final Follows follows;
    private final AnswerJson answers;
    private final int timeoutMs;
    private final RefusalLog refusals;
    private final TrustedProxies proxies;
    private final Unsent unsent;

    PollTransport(
            WaitingRoom room,
            Connections connections,
            Identities identities,
            Origins origins,
            Follows follows,
            AnswerJson answers,
            int timeoutMs,
            RefusalLog refusals,
            TrustedProxies proxies,
            Unsent unsent) {
        this.refusals = refusals;
        this.proxies = proxies;
        this.unsent = unsent;
        this.room = room;
        this.connections = connections;
        this.identities = identities;
        this.origins = origins;
        this.follows = follows;
        this.answers = answers;
        this.timeoutMs = timeoutMs;
    }

    void on(Router router, BodyReader bodies, BodyLimits limits) {
        router.get(PATH).handler(this::get);
        router.post(PATH).handler(context -> {
            demandJson(context.request());
            bodies.read(context.request(), limits)
                    .onSuccess(body -> post(context, body))
                    .onFailure(context::fail);
        });
        router.options(PATH)
                .handler(context -> origins.answerPreflight(context.request(), HttpMethod.GET, HttpMethod.POST));
    }

    // ---- accept

    private void get(RoutingContext context) {
        HttpServerRequest request = context.request();
        Map<String, List<String>> query = PollRequest.queryOf(request);
        String callback;
        try {
            callback = PollRequest.callbackOf(query);
        } catch (Problem invalidCallback) {
            refusals.refused(invalidCallback.code(), request, proxies);
            refuseCallback(request.response());
            return;
        }
        try {
            if (callback == null) {
                origins.demand(request);
            }
            seat(request, PollRequest.of(query, timeoutMs));
        } catch (Problem problem) {
            refuse(request, callback, problem);
        }
    }

    private void demandJson(HttpServerRequest request) {
        origins.demand(request);
        if (!MediaType.of(request).equals(MediaType.JSON)) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "A poll's body is application/json.");
        }
    }

    private void post(RoutingContext context, RequestBody sent) {
        JsonNode body;
        try (sent) {
            body = PollRequest.objectOf(sent.buffer());
        } catch (Problem refused) {
            context.fail(refused);
            return;
        }
        String callback;
        try {
            callback = PollRequest.callbackOf(body);
        } catch (Problem invalidCallback) {
            refusals.refused(invalidCallback.code(), context.request(), proxies);
            refuseCallback(context.response());
            return;
        }
        try {
            seat(context.request(), PollRequest.of(body, timeoutMs));
        } catch (Problem problem) {
            refuse(context.request(), callback, problem);
        }
    }

    // ---- seat

    private void seat(HttpServerRequest request, PollRequest poll) {
        HttpServerResponse response = request.response();
        PollOutlet outlet = poll.callback() == null
                ? new PollOutlet(response, request.connection())
                : new ScriptOutlet(response, request.connection(), poll.callback());
        Admitted admitted = admit(poll, request.getHeader(HttpHeaders.AUTHORIZATION), outlet, outlet.transport());
        response.closeHandler(closed -> {
            outlet.abandon(admitted.hold);
            room.leave(admitted.hold);
        });
        connections.waits(request);
        // Nobody reads them any more, and they are a kilobyte for as long as the hold lasts.
        request.headers().clear();
        seat(admitted, poll);
    }

    /** A poll that may be seated. */
    private record Admitted(ClientId client, Hold hold, Cursor cursor) {}

    /** Throws a {@link Problem} if it is not to be seated. */
    private Admitted admit(PollRequest poll, String authorization, Outlet outlet, Transport transport) {
        Identities.Identity who = identities.of(authorization, poll.client(), poll.token());
        identities.demandPace(who.client());
        List<TopicPattern> topics = follows.of(poll.topics(), who.permissions());
        Cursor cursor = poll.cursorOf(who.client());
        Hold hold = new Hold(
                outlet, transport, poll.timeoutMs(), cursor != null, topics, poll.isFromEarliest(), who.lifeMs());
        return new Admitted(who.client(), hold, cursor);
    }

    private void seat(Admitted admitted, PollRequest poll) {
        room.seat(admitted.client, poll.page(), admitted.hold, admitted.cursor);
    }

    /**
     * Seats a poll of which only its plain head was read, if it is one for JSON with which nothing is wrong; else it does nothing, and
     * the poll is to be answered as any other request.
     */
    boolean take(HeadReader head, PollConnection connection) {
        PollRequest poll;
        Admitted admitted;
        String origin = head.origin();
        String listed = origin == null ? null : origins.listed(origin);
        if (origin != null && listed == null) {
            return false;
        }
        try {
            if (identities.isOpen()) {
                OpenMode.demand(head.host(), origin, head.referer(), head.fetchSite(), origins);
            }
            poll = PollRequest.of(head.query(), timeoutMs);
            if (poll.callback() != null) {
                return false;
            }
            admitted = admit(poll, head.authorization(), connection, Transport.JSON);
        } catch (Problem toBeAnswered) {
            return false;
        }
        connections.waits(connection.connection);
        connection.isHeld(admitted.hold, listed);
        seat(admitted, poll);
        return true;
    }

    /** The browser of a poll that was so taken is gone. */
    void left(Hold hold) {
        room.leave(hold);
    }

    // ---- outlet

    /** Answers in JSON. */
    private class PollOutlet implements Outlet {
        final HttpServerResponse response;
        private final HttpConnection connection;

        PollOutlet(HttpServerResponse response, HttpConnection connection) {
            this.response = response;
            this.connection = connection;
        }

        Transport transport() {
            return Transport.JSON;
        }

        /** The browser has gone; its connection, if it is HTTP/2, may still be there. */
        void abandon(Hold hold) {
            if (!hold.hasEnded()) {
                connections.abandoned(connection);
            }
        }

        @Override
        public final void answer(Answer answer) {
            connections.answered(connection);
            boolean isLast = answer.ended() == EndReason.DRAINING;
            if (isLast) {
                LastAnswer.announce(response);
            }
            byte[] body = encode(answer);
            if (unsent.refuses(body.length)) { // Nothing is lost: the next poll confirms nothing of it, and gets it.
                PollTransport.refuse(response, callback(), Unsent.refusal());
            } else {
                write(body);
            }
            if (isLast) {
                LastAnswer.close(response, connection);
            }
        }

        @Override
        public final void refuse(EndReason why, long retryAfterMs) {
            connections.answered(connection);
            Problem problem = Refusals.problem(why, retryAfterMs);
            refusals.refused(problem.code().word(), connection.remoteAddress(), PATH);
            PollTransport.refuse(response, callback(), problem);
        }

        byte[] encode(Answer answer) {
            return answers.encode(answer);
        }

        void write(byte[] body) {
            writeJson(response, body);
        }

        String callback() {
            return null;
        }

        @Override
        public boolean isStream() {
            return false;
        }
    }

    /** Answers with a script. */
    private final class ScriptOutlet extends PollOutlet {
        private final String callback;

        ScriptOutlet(HttpServerResponse response, HttpConnection connection, String callback) {
            super(response, connection);
            this.callback = callback;
        }

        @Override
        Transport transport() {
            return Transport.JSONP;
        }

        @Override
        byte[] encode(Answer answer) {
            return answers.encodeForScript(answer, callback);
        }

        @Override
        void write(byte[] body) {
            writeScript(response, body);
        }

        @Override
        String callback() {
            return callback;
        }
    }

    private static void writeJson(HttpServerResponse response, byte[] json) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(X_CONTENT_TYPE_OPTIONS, NOSNIFF)
                .end(Buffer.buffer(json));
    }

    private static void writeScript(HttpServerResponse response, byte[] script) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, SCRIPT)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(X_CONTENT_TYPE_OPTIONS, NOSNIFF)
                .putHeader("content-disposition", "attachment; filename=f.txt")
                .putHeader("cross-origin-resource-policy", "cross-origin")
                .end(Buffer.buffer(script));
    }

    private void refuse(HttpServerRequest request, String callback, Problem problem) {
        refusals.refused(problem.code(), request, proxies);
        refuse(request.response(), callback, problem);
    }

    private static void refuse(HttpServerResponse response, String callback, Problem problem) {
        if (callback == null) {
            ProblemAnswers.answer(response, problem);
        } else if (!response.ended() && !response.closed()) {
            writeScript(response, AnswerJson.forScript("{\"error\":" + problem.errorJson() + "}", callback));
        }
    }

    private static void refuseCallback(HttpServerResponse response) {
        response.setStatusCode(ErrorCode.INVALID_CALLBACK.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(X_CONTENT_TYPE_OPTIONS, NOSNIFF)
                .end(ErrorCode.INVALID_CALLBACK.word() + ": " + ErrorCode.INVALID_CALLBACK.title() + "\n");
    }
}
