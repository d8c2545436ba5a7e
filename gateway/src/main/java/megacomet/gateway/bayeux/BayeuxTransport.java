package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.gateway.transport.Callback;
import megacomet.model.ClientId;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Browser;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.ErrorCode;
import megacomet.web.Guard;
import megacomet.web.MediaType;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.RefusalLog;
import megacomet.web.TrustedProxies;
import megacomet.web.Unsent;
import megacomet.web.Utf8;

/**
 * Bayeux over HTTP. {@code POST} brings messages in its body, as JSON or as parameters {@code message}, and is answered in
 * JSON; {@code GET} brings them in its query, and is answered by a script. A path may say what the messages are about, as
 * CometD does; what counts is their channel.
 */
final class BayeuxTransport {

    private static final Set<String> SUFFIXES =
            Set.of("", "/", "/handshake", "/connect", "/subscribe", "/unsubscribe", "/disconnect");
    private static final String MESSAGE = "message";
    private static final String DEFAULT_CALLBACK = "jsonpcallback";
    private static final int MAX_PARAMETERS = MessageReader.MAX_MESSAGES;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TEXT = "text/plain";
    private static final int ERROR_CODE_LENGTH = 3;
    private static final int SWEEP_MS = 5_000;
    private static final String PREFLIGHT_MAX_AGE_S = "7200";

    final Vertx vertx;
    final BayeuxOptions options;
    final Protocol protocol;
    final Connections connections;
    final WaitingRoom room;
    final Sessions sessions;
    final Positions positions;
    final Unsent unsent;
    private final Advices advices;
    private final Set<BayeuxSocket> sockets = new HashSet<>();
    final Deliveries deliveries = new Deliveries();
    private final Origins origins;
    private final TrustedProxies proxies;
    private final RefusalLog refusals;
    private final BodyReader bodies;
    private final LargeBodies largeBodies;
    final Guard guard;

    BayeuxTransport(
            Vertx vertx,
            BayeuxOptions options,
            Protocol protocol,
            Connections connections,
            WaitingRoom room,
            Sessions sessions,
            Positions positions,
            Advices advices,
            Origins origins,
            TrustedProxies proxies,
            BodyReader bodies,
            LargeBodies largeBodies,
            Guard guard) {
        this.refusals = guard.refusals();
        this.unsent = guard.unsent();
        this.bodies = bodies;
        this.largeBodies = largeBodies;
        this.guard = guard;
        this.vertx = vertx;
        this.options = options;
        this.protocol = protocol;
        this.connections = connections;
        this.room = room;
        this.sessions = sessions;
        this.positions = positions;
        this.advices = advices;
        this.origins = origins;
        this.proxies = proxies;
        vertx.setPeriodic(SWEEP_MS, timer -> {
            long thenNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(Connections.MAX_IDLE_MS);
            List.copyOf(sockets).forEach(socket -> socket.closeIfIdleSince(thenNanos));
        });
    }

    void on(Router router) {
        for (String path : options.paths()) {
            router.post(path + "*").handler(context -> {
                if (isOurs(context, path)) {
                    post(context);
                } else {
                    context.next();
                }
            });
            router.get(path + "*").handler(context -> {
                ClientId streamed = streamed(context, path);
                if (isOurs(context, path)) {
                    get(context);
                } else if (streamed != null) {
                    stream(context.request(), streamed);
                } else {
                    context.next();
                }
            });
            router.options(path + "*").handler(context -> answerPreflight(context.request()));
        }
    }

    private static boolean isOurs(RoutingContext context, String path) {
        return SUFFIXES.contains(context.request().path().substring(path.length()));
    }

    /** Returns the session whose {@code clientId} is the rest of the path, or null. */
    private static ClientId streamed(RoutingContext context, String path) {
        String rest = context.request().path().substring(path.length());
        return rest.startsWith("/") ? SessionId.client(rest.substring(1)) : null;
    }

    // ---- who

    Browser browserOf(HttpServerRequest request) {
        return new Browser(BrowserCookie.hashOf(request), options.isStrict());
    }

    /** Whether the browser speaks TLS with us. */
    boolean isSecure(HttpServerRequest request) {
        return proxies.scheme(request).equals("https");
    }

    /** Returns the address of the client; empty if nobody wants to know. */
    String addressOf(HttpServerRequest request) {
        return options.authUrl() == null ? "" : proxies.client(request);
    }

    private void demandOrigin(HttpServerRequest request) {
        try {
            origins.demand(request);
        } catch (Problem refused) {
            request.response().putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            throw refused;
        }
    }

    /**
     * Lets pages of an origin that was allowed send cookies. Just before a response is written: headers would be kept for as
     * long as a connect is held.
     *
     * @return whether the page is of another origin than ours
     */
    static boolean allowCredentials(HttpServerResponse response) {
        boolean isCrossSite = response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (isCrossSite) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        return isCrossSite;
    }

    private void answerPreflight(HttpServerRequest request) {
        demandOrigin(request);
        allowCredentials(request.response());
        request.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS")
                .putHeader(
                        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
                        "Content-Type, Accept, Authorization, Pragma, X-Requested-With")
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_S)
                .setStatusCode(204)
                .end();
    }

    // ---- long-polling

    private void post(RoutingContext context) {
        HttpServerRequest request = context.request();
        demandOrigin(request);
        String mediaType = MediaType.of(request);
        bodies.read(request, largeBodies.limits(request, browserOf(request)))
                .onSuccess(body -> {
                    List<BayeuxMessage> messages;
                    try {
                        messages = messagesOf(body.buffer(), mediaType);
                    } catch (RuntimeException refused) {
                        body.close();
                        context.fail(refused);
                        return;
                    }
                    new Exchange(protocol, new HttpPeer(this, request, null), messages).run(body::close);
                })
                .onFailure(context::fail);
    }

    private static List<BayeuxMessage> messagesOf(Buffer body, String mediaType) {
        String text = Utf8.decode(body.getBytes());
        boolean isForm = mediaType.equals(FORM) || mediaType.equals(TEXT) && text.startsWith(MESSAGE + "=");
        return isForm ? messagesOf(parameters(text, false)) : MessageReader.read(text);
    }

    private static Map<String, List<String>> parameters(String text, boolean hasPath) {
        try {
            return new QueryStringDecoder(text, StandardCharsets.UTF_8, hasPath, MAX_PARAMETERS).parameters();
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, "It is not percent-encoded as it should be.");
        }
    }

    /** Each parameter is a message or an array of them. */
    private static List<BayeuxMessage> messagesOf(Map<String, List<String>> parameters) {
        List<BayeuxMessage> messages = new ArrayList<>();
        for (String text : parameters.getOrDefault(MESSAGE, List.of())) {
            MessageReader.read(text, messages);
        }
        return messages;
    }

    // ---- callback-polling

    private void get(RoutingContext context) {
        HttpServerRequest request = context.request();
        demandOrigin(request);
        if (request.canUpgradeToWebSocket()) {
            upgrade(context);
            return;
        }
        Map<String, List<String>> query = parameters(request.uri(), true);
        String callback;
        try {
            callback = Callback.check(query.getOrDefault("jsonp", List.of(DEFAULT_CALLBACK)));
        } catch (Problem invalid) {
            refusals.refused(invalid.code(), request, proxies);
            refuseCallback(request.response());
            return;
        }
        if (!query.containsKey(MESSAGE)) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "There is no message.");
        }
        new Exchange(protocol, new HttpPeer(this, request, callback), messagesOf(query)).run();
    }

    private static void refuseCallback(HttpServerResponse response) {
        response.setStatusCode(ErrorCode.INVALID_CALLBACK.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-content-type-options", "nosniff")
                .end(ErrorCode.INVALID_CALLBACK.word() + ": " + ErrorCode.INVALID_CALLBACK.title() + "\n");
    }

    // ---- eventsource, iframe

    private void stream(HttpServerRequest request, ClientId client) {
        demandOrigin(request);
        List<String> callbacks = parameters(request.uri(), true).get("iframe");
        if (callbacks == null) {
            new EventStream(this, request, null).open(client, request);
            return;
        }
        String callback;
        try {
            callback = Callback.checkFunction(callbacks);
        } catch (Problem invalid) {
            refusals.refused(invalid.code(), request, proxies);
            refuseCallback(request.response());
            return;
        }
        new EventStream(this, request, callback).open(client, request);
    }

    // ---- websocket

    private void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpConnection connection = request.connection();
        String browser = BrowserCookie.hashOf(request);
        String address = addressOf(request);
        request.toWebSocket()
                .onSuccess(webSocket -> {
                    connections.upgraded(connection);
                    sockets.add(new BayeuxSocket(this, webSocket, connection, browser, address));
                    // Nobody reads them any more, and they are a kilobyte for as long as the socket lasts.
                    request.headers().clear();
                })
                .onFailure(context::fail);
    }

    /** Leaves a trace of replies that say that something was refused. */
    void told(List<ObjectNode> replies, HttpConnection connection) {
        for (ObjectNode reply : replies) {
            if (reply.has("error")) {
                String code = reply.get("error").textValue().substring(0, ERROR_CODE_LENGTH);
                refusals.refused(
                        "bayeux_" + code,
                        connection.remoteAddress(),
                        options.paths().get(0));
            }
        }
    }

    /** Leaves a trace of a response that refuses a request. */
    void refused(Problem problem, HttpConnection connection) {
        refusals.refused(
                problem.code().word(),
                connection.remoteAddress(),
                options.paths().get(0));
    }

    /** Leaves a trace of a socket that is closed for what its client did. */
    void closes(int code, HttpConnection connection) {
        refusals.closed(code, connection.remoteAddress(), options.paths().get(0));
    }

    void isClosed(BayeuxSocket socket) {
        sockets.remove(socket);
    }

    /** Returns the reply to a connect of a session that is pushed messages no more. */
    ObjectNode lastReply(BayeuxMessage connect, EndReason why, long retryAfterMs) {
        return switch (why) {
            case DELETED -> advised(Replies.successful(connect), advices.none());
            case TOKEN_EXPIRED -> advised(Replies.failed(connect, Errors.UNKNOWN_CLIENT), advices.handshake());
            case UNAVAILABLE, TOO_FAST ->
                advised(Replies.failed(connect, Errors.UNAVAILABLE), advices.retry(retryAfterMs));
            default -> advised(Replies.successful(connect), advices.retry(retryAfterMs));
        };
    }

    private static ObjectNode advised(ObjectNode reply, ObjectNode advice) {
        reply.set("advice", advice);
        return reply;
    }
}
