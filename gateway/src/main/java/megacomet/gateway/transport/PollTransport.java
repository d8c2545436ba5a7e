package megacomet.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Transport;
import megacomet.web.Bearer;
import megacomet.web.Connections;
import megacomet.web.ErrorCode;
import megacomet.web.MediaType;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.Tokens;

/**
 * Long-polling: {@code GET} and {@code POST /v1/poll}, answered in JSON or, with a callback, as a script (JSONP). A client
 * sends a poll, gets what there is for it, or waits until there is something or its time is over, and polls again.
 *
 * <p>JSONP is for pages whose browsers or proxies let nothing else through. A script element sees no status, so errors too
 * are answered 200, through the callback; only a callback that is none is answered 400.
 */
public final class PollTransport {

    /** The largest body of a poll. */
    private static final int MAX_BODY_BYTES = 16 << 10;

    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence SCRIPT = HttpHeaders.createOptimized("text/javascript; charset=utf-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence X_CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");

    private final WaitingRoom room;
    private final Connections connections;
    private final Tokens tokens;
    private final Origins origins;
    private final int timeoutMs;

    /** @param timeoutMs how long a poll is held that does not say otherwise */
    public PollTransport(WaitingRoom room, Connections connections, Tokens tokens, Origins origins, int timeoutMs) {
        this.room = room;
        this.connections = connections;
        this.tokens = tokens;
        this.origins = origins;
        this.timeoutMs = timeoutMs;
    }

    /** Adds the transport's routes. */
    public void on(Router router) {
        router.get("/v1/poll").handler(this::get);
        router.post("/v1/poll").handler(this::admitPost);
        router.post("/v1/poll").handler(bodies).handler(this::post);
        router.options("/v1/poll")
                .handler(context -> origins.answerPreflight(context.request(), HttpMethod.GET, HttpMethod.POST));
    }

    // ---- accept

    private void get(RoutingContext context) {
        HttpServerRequest request = context.request();
        Map<String, List<String>> query = queryOf(request);
        String callback;
        try {
            callback = PollRequest.callbackOf(query);
        } catch (Problem invalidCallback) {
            refuseCallback(request.response());
            return;
        }
        try {
            if (callback == null) {
                origins.demand(request);
            }
            seat(request, PollRequest.of(query, timeoutMs));
        } catch (Problem problem) {
            refuse(request.response(), callback, problem);
        }
    }

    /** Not the request's own parameters: it would keep them for as long as the hold lasts. */
    private static Map<String, List<String>> queryOf(HttpServerRequest request) {
        try {
            return new QueryStringDecoder(request.uri()).parameters();
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, "The query is not percent-encoded as it should be.");
        }
    }

    private void admitPost(RoutingContext context) {
        origins.demand(context.request());
        if (!MediaType.of(context.request()).equals(MediaType.JSON)) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "A poll's body is application/json.");
        }
        context.next();
    }

    private void post(RoutingContext context) {
        JsonNode body = PollRequest.objectOf(context.body().buffer());
        String callback;
        try {
            callback = PollRequest.callbackOf(body);
        } catch (Problem invalidCallback) {
            refuseCallback(context.response());
            return;
        }
        try {
            seat(context.request(), PollRequest.of(body, timeoutMs));
        } catch (Problem problem) {
            refuse(context.response(), callback, problem);
        }
    }

    // ---- seat

    private void seat(HttpServerRequest request, PollRequest poll) {
        ClientId client = clientOf(request, poll);
        Cursor cursor = poll.cursor() != null && poll.cursor().isOf(client) ? poll.cursor() : null;
        HttpServerResponse response = request.response();
        PollOutlet outlet = poll.callback() == null
                ? new PollOutlet(response, request.connection())
                : new ScriptOutlet(response, request.connection(), poll.callback());
        Hold hold = new Hold(outlet, outlet.transport(), poll.timeoutMs(), cursor != null);
        HttpConnection connection = request.connection();
        response.closeHandler(closed -> {
            if (!hold.hasEnded()) {
                connections.left(connection);
                room.leave(hold);
            }
        });
        connections.waits(request);
        // Nobody reads them any more, and they are a kilobyte for as long as the hold lasts.
        request.headers().clear();
        room.seat(client, poll.page(), hold, cursor);
    }

    /** The token says who it is. Without tokens, in an open server, the request may say what it likes. */
    private ClientId clientOf(HttpServerRequest request, PollRequest poll) {
        if (tokens.isOpen()) {
            if (poll.client() == null) {
                throw Problem.of(ErrorCode.MISSING_CLIENT);
            }
            return clientId(poll.client(), ErrorCode.INVALID_CLIENT);
        }
        String bearer = Bearer.of(request);
        String subject = tokens.check(bearer != null ? bearer : poll.token()).subject();
        if (poll.client() != null && !poll.client().equals(subject)) {
            throw Problem.of(ErrorCode.CLIENT_NOT_ALLOWED);
        }
        return clientId(subject, ErrorCode.TOKEN_INVALID);
    }

    private static ClientId clientId(String text, ErrorCode otherwise) {
        try {
            return new ClientId(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(otherwise, e.getMessage());
        }
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

        @Override
        public final void answer(Answer answer) {
            connections.answered(connection);
            write(answer);
        }

        @Override
        public final void unavailable(long retryAfterMs) {
            connections.answered(connection);
            refuse(response, callback(), Problem.later(ErrorCode.REDIS_UNAVAILABLE, retryAfterMs, null));
        }

        void write(Answer answer) {
            writeJson(response, AnswerJson.encode(answer));
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
        void write(Answer answer) {
            writeScript(response, AnswerJson.encodeForScript(answer, callback));
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
