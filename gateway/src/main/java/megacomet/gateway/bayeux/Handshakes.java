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
        if (message.supportedConnectionTypes().stream().noneMatch(CONNECTION_TYPES::contains)) {
            return failed(message, Errors.NO_COMMON_TYPE);
        }
        return authority
                .ofHandshake(message, peer.address())
                .compose(
                        visitor -> visitor == null ? failed(message, Errors.HANDSHAKE_DENIED) : begin(message, visitor))
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

    private Future<ObjectNode> begin(BayeuxMessage message, Visitor visitor) {
        String clientId = SessionId.random();
        ClientId client = SessionId.client(clientId);
        demandRate(visitor.payer(client));
        boolean isAcking = message.extension("ack").asBoolean()
                || message.extension("ack").path("enabled").asBoolean();
        return sessions.open(client, visitor.withTab(Tabs.nameIn(message)).toBytes(), isAcking, options.silentMs())
                .map(opened -> {
                    ObjectNode reply = versioned(Replies.successful(message)).put("clientId", clientId);
                    reply.set("advice", advices.withHosts(advices.retry()));
                    if (isAcking) {
                        reply.putObject("ext").put("ack", true);
                    }
                    return reply;
                });
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
