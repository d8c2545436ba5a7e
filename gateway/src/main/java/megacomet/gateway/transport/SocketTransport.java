package megacomet.gateway.transport;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.TopicPattern;
import megacomet.web.Bodies;
import megacomet.web.Connections;
import megacomet.web.ErrorCode;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.RefusalLog;

/**
 * WebSockets (RFC 6455): {@code GET /v1/ws} takes a poll's parameters; see {@link Socket} for what is said then.
 *
 * <p>The origin is checked before the upgrade, because a browser lets any page open a WebSocket to any server. What else is
 * wrong with the request is told after the upgrade, by a frame and a close code: a page sees no status.
 *
 * <p>A page cannot set headers, and what stands in an address stands in logs. So the token may come as a subprotocol too:
 * {@code new WebSocket(url, ["megacomet", "bearer." + token])}.
 */
final class SocketTransport {

    static final String PATH = "/v1/ws";

    /** The most bytes of a message that a browser publishes. */
    static final int MAX_DATA_BYTES = 64 << 10;

    private static final String BEARER = "bearer.";

    /** How many subprotocols are looked at for a token; pages offer two. */
    private static final int MAX_SUBPROTOCOLS = 16;

    final Vertx vertx;
    final WaitingRoom room;
    final Connections connections;
    final Identities identities;
    private final Origins origins;
    final Follows follows;
    final AnswerJson answers;
    final TopicPublishing publishing;
    final RefusalLog refusals;
    final Bodies bodies;

    SocketTransport(
            Vertx vertx,
            WaitingRoom room,
            Connections connections,
            Identities identities,
            Origins origins,
            Follows follows,
            AnswerJson answers,
            TopicPublishing publishing,
            RefusalLog refusals,
            Bodies bodies) {
        this.refusals = refusals;
        this.bodies = bodies;
        this.vertx = vertx;
        this.room = room;
        this.connections = connections;
        this.identities = identities;
        this.origins = origins;
        this.follows = follows;
        this.answers = answers;
        this.publishing = publishing;
    }

    void on(Router router) {
        router.get(PATH).handler(this::get);
    }

    // ---- accept

    private void get(RoutingContext context) {
        HttpServerRequest request = context.request();
        origins.demand(request);
        if (!request.canUpgradeToWebSocket()) {
            request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            throw Problem.of(ErrorCode.UPGRADE_REQUIRED);
        }
        HttpConnection connection = request.connection();
        String subprotocols = request.getHeader("sec-websocket-protocol");
        request.toWebSocket()
                .onSuccess(socket -> {
                    connections.upgraded(connection);
                    accept(request, subprotocols, socket, connection);
                })
                .onFailure(context::fail);
    }

    private void accept(
            HttpServerRequest request, String subprotocols, ServerWebSocket webSocket, HttpConnection connection) {
        Socket socket = new Socket(this, webSocket, connection);
        try {
            PollRequest asked = PollRequest.of(PollRequest.queryOf(request), 0);
            String token = tokenOf(subprotocols);
            Identities.Identity who = identities.of(request, asked.client(), token != null ? token : asked.token());
            identities.demandPace(who.client());
            seat(asked, who, socket);
        } catch (Problem problem) {
            socket.refuse(problem);
        }
        // Nobody reads them any more, and they are a kilobyte for as long as the socket lasts.
        request.headers().clear();
    }

    /** Returns the token among the subprotocols, or null. */
    private static String tokenOf(String subprotocols) {
        if (subprotocols != null) {
            for (String one : subprotocols.split(",", MAX_SUBPROTOCOLS + 1)) {
                if (one.strip().startsWith(BEARER)) {
                    return one.strip().substring(BEARER.length());
                }
            }
        }
        return null;
    }

    // ---- seat

    private void seat(PollRequest asked, Identities.Identity who, Socket socket) {
        List<TopicPattern> topics = follows.of(asked.topics(), who.permissions());
        socket.seat(who, topics, asked.page(), asked.cursorOf(who.client()), asked.isFromEarliest());
    }
}
