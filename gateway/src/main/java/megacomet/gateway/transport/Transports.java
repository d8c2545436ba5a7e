package megacomet.gateway.transport;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.random.RandomGenerator;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.model.ClientId;
import megacomet.web.BodyLimits;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.Guard;
import megacomet.web.HttpCodec;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.RateLimit;
import megacomet.web.RefusalLog;
import megacomet.web.Tokens;
import megacomet.web.TrustedProxies;
import megacomet.web.Unsent;

/** All ways by which browsers reach one event loop's waiting room. */
public final class Transports {

    /** The largest message that a WebSocket takes from a browser. */
    public static final int MAX_SOCKET_MESSAGE_BYTES = Socket.MAX_MESSAGE_BYTES;

    /** The subprotocol that a browser may name, so that it can name its token beside it. */
    public static final String SOCKET_PROTOCOL = "megacomet";

    /** The largest body of a poll. */
    private static final int MAX_BODY_BYTES = 16 << 10;

    private static final BodyLimits BODIES = BodyLimits.ofStranger(MAX_BODY_BYTES, BodyLimits.Pace.WHOLE);

    private final BodyReader bodies;
    private final PollTransport polls;
    private final PlainPolls plainPolls;
    private final StreamTransport streams;
    private final SocketTransport sockets;
    private final Confirmation confirmation;

    /**
     * @param timeoutMs how long a poll is held that does not say otherwise
     * @param pollLimit how often each client may poll, and ask otherwise for what costs Redis work
     * @param publisher for what browsers publish
     * @param bodies reads those of this loop
     */
    public Transports(
            Vertx vertx,
            WaitingRoom room,
            Connections connections,
            Tokens tokens,
            Origins origins,
            BrowserPublisher publisher,
            Meters meters,
            RandomGenerator random,
            int timeoutMs,
            RateLimit<ClientId> pollLimit,
            HttpCodec codec,
            BodyReader bodies,
            Guard guard,
            TrustedProxies proxies) {
        this.bodies = bodies;
        RefusalLog refusals = guard.refusals();
        Unsent unsent = guard.unsent();
        Identities identities = new Identities(tokens, pollLimit);
        Follows follows = new Follows();
        AnswerJson answers = new AnswerJson();
        polls = new PollTransport(
                room, connections, identities, origins, follows, answers, timeoutMs, refusals, proxies, unsent);
        plainPolls = new PlainPolls(vertx, polls, connections, answers, codec, refusals, unsent);
        streams =
                new StreamTransport(vertx, room, connections, identities, origins, follows, answers, random, refusals);
        TopicPublishing publishing = new TopicPublishing(publisher, meters);
        sockets = new SocketTransport(
                vertx, room, connections, identities, origins, follows, answers, publishing, refusals, guard.bodies());
        confirmation = new Confirmation(room, identities, origins);
    }

    /** The shortest way for polls, before the router. */
    public PlainPolls plainPolls() {
        return plainPolls;
    }

    /** Adds the routes, those that are used most first. */
    public void on(Router router) {
        polls.on(router, bodies, BODIES);
        streams.on(router);
        sockets.on(router);
        confirmation.on(router, bodies, BODIES);
    }
}
