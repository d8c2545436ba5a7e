package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Page;
import megacomet.model.Transport;
import megacomet.redis.Clients;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Connect;
import megacomet.redis.Sessions.Connected;

/**
 * Takes connects in. One over HTTP, or of a session that acknowledges, is a hold that is answered with messages. Where
 * messages are pushed a connect is but a sign of life.
 *
 * <p>The first connect of a session is answered at once, so that the client learns that it can be; and so is one that came
 * with other messages.
 */
final class Connects {

    /** After how long it is worth another try, when Redis did not answer. */
    static final long RETRY_AFTER_MS = 2_000;

    /** How long a stream may take to be opened beside the first connects. */
    private static final long STREAM_OPENS_WITHIN_MS = 2_000;

    private static final List<String> PUSHED_BESIDE = List.of("eventsource", "iframe");
    private static final Set<Transport> PUSHING_BESIDE =
            EnumSet.of(Transport.BAYEUX_EVENTSOURCE, Transport.BAYEUX_IFRAME);

    final BayeuxOptions options;
    final Sessions sessions;
    final Advices advices;
    final WaitingRoom room;
    private final Vertx vertx;
    private final Clients clients;
    private final Tabs tabs;

    Connects(
            Vertx vertx,
            BayeuxOptions options,
            Sessions sessions,
            Clients clients,
            Advices advices,
            WaitingRoom room,
            Tabs tabs) {
        this.vertx = vertx;
        this.options = options;
        this.sessions = sessions;
        this.clients = clients;
        this.advices = advices;
        this.room = room;
        this.tabs = tabs;
    }

    void take(Exchange exchange, BayeuxMessage message) {
        long receivedMs = System.currentTimeMillis();
        ClientId client = SessionId.client(message.clientId());
        if (message.connectionType() == null || !Handshakes.CONNECTION_TYPES.contains(message.connectionType())) {
            fail(exchange, message, receivedMs, Errors.BAD_CONNECTION_TYPE, advices.retry());
        } else if (client == null) {
            fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
        } else if (!exchange.peer.isPushing() && PUSHED_BESIDE.contains(message.connectionType())) {
            connectBesideStream(exchange, message, client, receivedMs);
        } else if (exchange.peer.isPushingTo(client)) {
            beat(exchange, message, client, receivedMs);
        } else {
            connect(exchange, message, client, receivedMs);
        }
    }

    private void fail(Exchange exchange, BayeuxMessage message, long receivedMs, String error, ObjectNode advice) {
        ObjectNode reply = Replies.failed(message, error);
        reply.set("advice", advice);
        TimeSync.answer(message, reply, receivedMs);
        exchange.connected(reply, List.of());
    }

    private void failLater(Exchange exchange, BayeuxMessage message, long receivedMs, Throwable failure) {
        if (failure instanceof Sessions.Inactive) {
            ClientId client = SessionId.client(message.clientId());
            exchange.protocol
                    .close(client)
                    .onComplete(closed -> fail(exchange, message, receivedMs, Errors.INACTIVE, advices.none()));
            return;
        }
        fail(exchange, message, receivedMs, Protocol.errorOf(failure), advices.retry(RETRY_AFTER_MS));
    }

    private ObjectNode successful(BayeuxMessage message, ObjectNode advice, long receivedMs) {
        ObjectNode reply = Replies.successful(message);
        reply.set("advice", advice);
        TimeSync.answer(message, reply, receivedMs);
        return reply;
    }

    // ---- messages are pushed

    /**
     * Beside a stream a connect is but a sign of life. If no stream is open, messages come with the connect: a browser never
     * opens a stream again that was once answered with an error, as by a proxy whose server is being started, and Faye does not
     * notice. One that is just being opened is given time, since to take its session away would repeat messages.
     */
    private void connectBesideStream(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        isPushedBeside(client)
                .compose(isPushed -> isPushed
                        ? Future.succeededFuture(true)
                        : vertx.timer(STREAM_OPENS_WITHIN_MS, TimeUnit.MILLISECONDS)
                                .compose(later -> isPushedBeside(client)))
                .onSuccess(isPushed -> {
                    if (isPushed) {
                        signOfLife(exchange, message, client, receivedMs);
                    } else {
                        connect(exchange, message, client, receivedMs);
                    }
                })
                .onFailure(failure -> failLater(exchange, message, receivedMs, failure));
    }

    private Future<Boolean> isPushedBeside(ClientId client) {
        return clients.look(client).map(seen -> seen.transport() != null && PUSHING_BESIDE.contains(seen.transport()));
    }

    /** Messages go another way; the client comes again when this one would have been over. */
    private void signOfLife(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        sessions.signOfLife(
                        client, exchange.peer.browser(), options.timeoutMs() + options.silentMs(), options.inactiveMs())
                .onSuccess(who -> {
                    if (Protocol.visitor(who) == null) {
                        fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
                    } else {
                        ObjectNode advice = advices.retry(options.timeoutMs()).put("timeout", 0);
                        exchange.connected(successful(message, advice, receivedMs), List.of());
                    }
                })
                .onFailure(failure -> failLater(exchange, message, receivedMs, failure));
    }

    /** A connect where its session is pushed messages already. */
    private void beat(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        long timeoutMs = timeoutMs(exchange, message);
        sessions.signOfLife(client, exchange.peer.browser(), timeoutMs + options.silentMs(), options.inactiveMs())
                .onSuccess(who -> {
                    if (Protocol.visitor(who) == null) {
                        fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
                    } else {
                        answerAfter(exchange, message, client, receivedMs, timeoutMs);
                    }
                })
                .onFailure(failure -> failLater(exchange, message, receivedMs, failure));
    }

    private void answerAfter(
            Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs, long timeoutMs) {
        if (timeoutMs == 0) {
            exchange.connected(successful(message, advices.retry(), receivedMs), List.of());
        } else {
            ObjectNode reply = Replies.successful(message);
            reply.set("advice", advices.retry());
            exchange.peer.beat(client, message, reply, receivedMs, timeoutMs);
            exchange.connectedLater();
        }
    }

    // ---- a connect that is held

    private long timeoutMs(Exchange exchange, BayeuxMessage message) {
        return exchange.isOfOne() ? Math.min(options.timeoutMs(), message.timeoutMs(options.timeoutMs())) : 0;
    }

    private void connect(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        long timeoutMs = timeoutMs(exchange, message);
        boolean isHurried = exchange.isOfOne() && timeoutMs == 0;
        JsonNode ack = message.extension("ack");
        Connect connect = new Connect(
                message.idText(),
                isHurried,
                ack.isIntegralNumber() ? ack.asLong() : null,
                exchange.peer.isPushing(),
                timeoutMs + options.silentMs(),
                options.silentMs());
        sessions.connect(client, exchange.peer.browser(), connect, options.inactiveMs())
                .onSuccess(session -> connected(exchange, message, client, receivedMs, timeoutMs, session))
                .onFailure(failure -> failLater(exchange, message, receivedMs, failure));
    }

    private void connected(
            Exchange exchange,
            BayeuxMessage message,
            ClientId client,
            long receivedMs,
            long timeoutMs,
            Connected session) {
        Visitor visitor = session == null ? null : Protocol.visitor(session.who());
        if (visitor == null) {
            fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
            return;
        }
        exchange.knows(client, visitor);
        long heldMs = session.n() == 1 ? 0 : timeoutMs;
        if (exchange.peer.isPushing() && !session.isAcking()) {
            exchange.peer.push(client, visitor, session);
            answerAfter(exchange, message, client, receivedMs, heldMs);
            return;
        }
        PolledHold polled = new PolledHold(this, exchange, message, client, session, receivedMs);
        if (heldMs > 0 && exchange.peer.isScarce()) {
            tabs.admit(polled, visitor, session.cursor(), heldMs);
        } else {
            polled.seat(room, session.cursor(), heldMs);
        }
    }

    /** Which poll of which page a connect is: of two of a session the later wins. */
    static Page pageOf(ClientId client, long n) {
        return Page.of(client.value(), n);
    }
}
