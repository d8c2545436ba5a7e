package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import megacomet.gateway.publish.Payer;
import megacomet.gateway.publish.Quotas;
import megacomet.model.ClientId;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Binding;
import megacomet.web.ErrorCode;
import megacomet.web.Meters;
import megacomet.web.Problem;

/** Begins sessions. */
final class Handshakes {

    /** What is offered, the best first. */
    static final List<String> CONNECTION_TYPES = List.of(
            "websocket", "eventsource", "long-polling", "callback-polling", "cross-origin-long-polling", "iframe");

    private static final String VERSION = "1.0";

    private final BayeuxOptions options;
    private final Sessions sessions;
    private final Advices advices;
    private final Authority authority;
    private final Quotas quotas;
    private final Meters meters;

    Handshakes(
            BayeuxOptions options,
            Sessions sessions,
            Advices advices,
            Authority authority,
            Quotas quotas,
            Meters meters) {
        this.options = options;
        this.sessions = sessions;
        this.advices = advices;
        this.authority = authority;
        this.quotas = quotas;
        this.meters = meters;
    }

    Future<ObjectNode> reply(Peer peer, BayeuxMessage message) {
        if (message.version() == null) {
            return failed(message, Errors.MISSING_VERSION);
        }
        if (message.supportedConnectionTypes() == null) {
            return failed(message, Errors.MISSING_TYPES);
        }
        if (message.supportedConnectionTypes().isEmpty()) {
            return failed(message, Errors.NO_COMMON_TYPE);
        }
        return authority
                .ofHandshake(message, peer.address())
                .compose(visitor ->
                        visitor == null ? failed(message, Errors.HANDSHAKE_DENIED) : begin(peer, message, visitor))
                .otherwise(failure -> Replies.failed(message, Protocol.errorOf(failure))
                        .set("advice", advices.withHosts(advices.handshake().put("interval", retryAfterMs(failure)))));
    }

    private static long retryAfterMs(Throwable failure) {
        return failure instanceof Problem problem ? problem.retryAfterMs() : Connects.RETRY_AFTER_MS;
    }

    /** A session takes memory of Redis until it expires, so they begin no faster than their clients may begin them. */
    private void demandRate(Payer payer) {
        long waitMs = quotas.takeHandshake(payer);
        if (waitMs > 0) {
            meters.handshakesRefused().increment();
            throw Problem.later(ErrorCode.RATE_LIMITED, apartMs(waitMs), null);
        }
    }

    /** Thousands may be refused at a time, who must not all come back for the next session that may begin. */
    private static long apartMs(long waitMs) {
        return Math.max(waitMs, Connects.RETRY_AFTER_MS)
                + ThreadLocalRandom.current().nextLong(Connects.RETRY_AFTER_MS);
    }

    private Future<ObjectNode> begin(Peer peer, BayeuxMessage message, Visitor visitor) {
        String clientId = SessionId.random();
        ClientId client = SessionId.client(clientId);
        demandRate(visitor.payer(client));
        boolean isAcking = message.extension("ack").asBoolean()
                || message.extension("ack").path("enabled").asBoolean();
        byte[] who = visitor.withTab(Tabs.nameIn(message)).toBytes();
        return sessions.open(client, who, isAcking, options.silentMs(), bindingOf(peer))
                .map(opened -> {
                    peer.lives();
                    ObjectNode reply = versioned(Replies.successful(message)).put("clientId", clientId);
                    reply.set("advice", advices.withHosts(advices.retry()));
                    if (isAcking) {
                        reply.putObject("ext").put("ack", true);
                    }
                    return reply;
                });
    }

    /**
     * A browser that has its cookie is bound to it at once. One over HTTP is given it with the reply, and shows with its next
     * message whether it takes cookies. A socket brought all it ever will with its upgrade; and a client that begins there without
     * a cookie may have none at all.
     */
    private static Binding bindingOf(Peer peer) {
        String hash = peer.browser().hash();
        if (!hash.isEmpty()) {
            return Binding.to(hash);
        }
        return peer.isPushing() ? Binding.NONE : Binding.UNDECIDED;
    }

    private Future<ObjectNode> failed(BayeuxMessage message, String error) {
        ObjectNode reply = versioned(Replies.failed(message, error));
        reply.set("advice", advices.none());
        return Future.succeededFuture(reply);
    }

    private static ObjectNode versioned(ObjectNode reply) {
        ArrayNode types =
                reply.put("version", VERSION).put("minimumVersion", VERSION).putArray("supportedConnectionTypes");
        CONNECTION_TYPES.forEach(types::add);
        return reply;
    }
}
