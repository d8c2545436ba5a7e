package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.ClientId;
import megacomet.model.Page;
import megacomet.model.Transport;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Connect;
import megacomet.redis.Sessions.Connected;
import megacomet.redis.Sessions.Entered;
import megacomet.redis.Sessions.Push;

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

    /** How often a client with a stream gives a sign of life, and so how soon it gets messages when the stream was lost. */
    private static final long BEAT_BESIDE_MS = 10_000;

    private static final Map<String, Transport> PUSHED_BESIDE =
            Map.of("eventsource", Transport.BAYEUX_EVENTSOURCE, "iframe", Transport.BAYEUX_IFRAME);

    final BayeuxOptions options;
    final Sessions sessions;
    final Advices advices;
    final WaitingRoom room;
    private final Tabs tabs;

    Connects(BayeuxOptions options, Sessions sessions, Advices advices, WaitingRoom room, Tabs tabs) {
        this.options = options;
        this.sessions = sessions;
        this.advices = advices;
        this.room = room;
        this.tabs = tabs;
    }

    void take(Exchange exchange, BayeuxMessage message) {
        long receivedMs = System.currentTimeMillis();
        ClientId client = SessionId.client(message.clientId());
        if (!exchange.affords(Work.A_CONNECT)) {
            fail(exchange, message, receivedMs, Errors.TOO_MUCH, advices.retry());
            return;
        }
        long waitMs = exchange.protocol.waitMs(client, Work.A_CONNECT);
        if (waitMs > 0) {
            fail(exchange, message, receivedMs, Errors.tooOften(waitMs), advices.retry(waitMs));
        } else if (message.connectionType() == null
                || !Handshakes.CONNECTION_TYPES.contains(message.connectionType())) {
            fail(exchange, message, receivedMs, Errors.BAD_CONNECTION_TYPE, advices.retry());
        } else if (client == null) {
            fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
        } else if (!exchange.peer.isPushing() && PUSHED_BESIDE.containsKey(message.connectionType())) {
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
        exchange.isRefused(failure);
        boolean isLost = failure instanceof Sessions.CookieMissing;
        ObjectNode advice = isLost ? advices.handshake() : advices.retry(RETRY_AFTER_MS);
        fail(exchange, message, receivedMs, Protocol.errorOf(failure), advice);
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
     * notice. One that was opened a moment ago may not hold the session yet; to take it away would repeat messages.
     */
    private void connectBesideStream(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        sessions.signOfLife(
                        client, exchange.peer.browser(), options.timeoutMs() + options.silentMs(), options.inactiveMs())
                .onSuccess(session -> {
                    if (session == null || exchange.protocol.visitor(session.who()) == null) {
                        fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
                    } else if (isPushedBeside(session)) {
                        exchange.connected(successful(message, beside(), receivedMs), List.of());
                    } else {
                        connect(exchange, message, client, receivedMs);
                    }
                })
                .onFailure(failure -> failLater(exchange, message, receivedMs, failure));
    }

    private static boolean isPushedBeside(Entered session) {
        return session.isStreamOpening() || session.heldBy() != null && PUSHED_BESIDE.containsValue(session.heldBy());
    }

    /**
     * Messages go another way. Faye's server advises a timeout of 0 here. Faye's client then waits for no reply longer than 1.2 times its {@code retry}: it would give up every connect that
     * is held, with the messages it brings, once the stream is lost.
     */
    private ObjectNode beside() {
        return advices.retry(Math.min(options.timeoutMs(), BEAT_BESIDE_MS));
    }

    /** A connect where its session is pushed messages already. */
    private void beat(Exchange exchange, BayeuxMessage message, ClientId client, long receivedMs) {
        long timeoutMs = timeoutMs(exchange, message);
        sessions.signOfLife(client, exchange.peer.browser(), timeoutMs + options.silentMs(), options.inactiveMs())
                .onSuccess(session -> {
                    if (session == null || exchange.protocol.visitor(session.who()) == null) {
                        fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
                    } else {
                        exchange.peer.lives();
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
                exchange.peer.isPushing() ? Push.YES : Push.NO,
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
        Visitor visitor = session == null ? null : exchange.protocol.visitor(session.who());
        if (visitor == null) {
            fail(exchange, message, receivedMs, Errors.UNKNOWN_CLIENT, advices.handshake());
            return;
        }
        exchange.knows(client, visitor);
        if (session.isStreamOpening()) {
            exchange.connected(successful(message, beside(), receivedMs), List.of());
            return;
        }
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
            polled.seat(room, visitor, session.cursor(), heldMs);
        }
    }

    /** Which poll of which page a connect is: of two of a session the later wins. */
    static Page pageOf(ClientId client, long n) {
        return Page.of(client.value(), n);
    }
}
