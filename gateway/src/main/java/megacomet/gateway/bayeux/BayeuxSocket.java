package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.transport.Pings;
import megacomet.gateway.transport.TextFrames;
import megacomet.gateway.transport.TextOutbox;
import megacomet.gateway.transport.Transports;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Transport;
import megacomet.redis.Sessions.Browser;
import megacomet.redis.Sessions.Connected;
import megacomet.web.Connections;
import megacomet.web.Inflating;
import megacomet.web.Problem;

/**
 * A client's WebSocket: frames of text, each an array of messages. What comes is answered in the order in which it came; a
 * connect that is held keeps nothing up. Messages are pushed from a session's first connect on; but to one that acknowledges
 * they come with connects, as over HTTP.
 *
 * <p>Memory is bounded: who does not read, or has sent so much that is not answered, is not listened to. Frames wait as they
 * came, and are taken apart when it is their turn.
 *
 * <p>A socket without a session is closed after a while. Only what has an effect on a session keeps it: not frames of no messages,
 * pings, or messages that are refused, which cost nothing to send.
 */
final class BayeuxSocket implements Peer, TextFrames.Listener {

    private static final int MAX_WAITING_FRAMES = 64;

    /** Together; a frame more may come. */
    private static final int MAX_WAITING_CHARS = 256 << 10;

    private static final int MAX_BAD_FRAMES = 10;

    /** The most sessions of one socket; a client has one. */
    private static final int MAX_SESSIONS = 16;

    /** How long a close may be on its way. */
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private static final short POLICY_VIOLATION = 1008;
    private static final short GOING_AWAY = 1001;

    private final BayeuxTransport transport;
    private final ServerWebSocket webSocket;
    private final HttpConnection connection;
    private final String browserHash;
    private final String address;
    private final TextFrames frames;
    private final TextOutbox outbox;
    private final Pings pings;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Set<PolledHold> held = new HashSet<>(2);
    /** The eldest first. */
    private final Map<ClientId, Pushed> pushed = new LinkedHashMap<>(2);

    private boolean isBusy;
    private boolean isPaused;
    private boolean isClosing;
    private boolean isDismissed;
    private int badFrames;
    private int waitingChars;
    private long lastLifeNanos = System.nanoTime();

    BayeuxSocket(
            BayeuxTransport transport,
            ServerWebSocket webSocket,
            HttpConnection connection,
            String browserHash,
            String address) {
        this.transport = transport;
        this.webSocket = webSocket;
        this.connection = connection;
        this.browserHash = browserHash;
        this.address = address;
        this.frames = new TextFrames(Transports.MAX_SOCKET_MESSAGE_BYTES, transport.guard.bodies(), this);
        this.outbox = new TextOutbox(transport.vertx, webSocket, this::drained);
        this.pings = new Pings(webSocket, connection, outbox);
        webSocket.frameHandler(this::heard);
        webSocket.closeHandler(closed -> closed());
        webSocket.exceptionHandler(this::broken);
    }

    private void drained() {
        listen();
        List.copyOf(pushed.values()).forEach(session -> session.hold.isWritableAgain());
    }

    private void closed() {
        isClosing = true;
        frames.close();
        transport.isClosed(this);
        transport.connections.closed(connection);
        List.copyOf(held).forEach(PolledHold::leave);
        List.copyOf(pushed.values()).forEach(Pushed::leave);
    }

    private void broken(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            close(corrupted.closeStatus().code(), "broken frame");
        } else if (failure instanceof DecompressionException notInflated) {
            close(Inflating.closeCode(notInflated), "it does not inflate to a message");
        }
        // Vert.x closes the connection as soon as this returns, and would lose what it has not flushed.
        Connections.pipeline(connection).flush();
    }

    private void close(int code, String reason) {
        if (isClosing) {
            return;
        }
        isClosing = true;
        transport.closes(code, connection);
        // Else what was written would stay in memory for as long as the client does not read.
        long timer = transport.vertx.setTimer(CLOSE_TIMEOUT_MS, late -> Connections.cut(connection));
        webSocket.close((short) code, reason).onComplete(closed -> transport.vertx.cancelTimer(timer));
    }

    /** Closes it if it has had no session, and nothing came for one, since then, in the time of {@link System#nanoTime}. */
    void closeIfIdleSince(long thenNanos) {
        if (held.isEmpty() && pushed.isEmpty() && lastLifeNanos - thenNanos < 0) {
            close(GOING_AWAY, "idle");
        }
    }

    // ---- what the client says

    private void heard(WebSocketFrame frame) {
        pings.heard();
        if (!isClosing) {
            frames.take(frame);
        }
        if (!isClosing) {
            listen();
        }
    }

    @Override
    public void heard(String text) {
        waiting.add(text);
        waitingChars += text.length();
        answerNext();
    }

    @Override
    public void refused(short closeCode, String why) {
        close(closeCode, why);
    }

    private void answerNext() {
        if (isBusy || waiting.isEmpty() || isClosing) {
            return;
        }
        isBusy = true;
        String text = waiting.poll();
        waitingChars -= text.length();
        List<BayeuxMessage> messages;
        try {
            messages = MessageReader.read(text);
        } catch (Problem problem) {
            refuseFrame();
            isAnswered();
            return;
        }
        new Exchange(transport.protocol, this, messages).run(this::isAnswered);
    }

    private void isAnswered() {
        isBusy = false;
        // Not by recursion: there may be many, of which each is done at once.
        transport.vertx.runOnContext(next -> {
            answerNext();
            listen();
        });
    }

    private void refuseFrame() {
        ObjectNode told =
                JsonNodeFactory.instance.objectNode().put("successful", false).put("error", Errors.BAD_REQUEST);
        write(List.of(), List.of(told));
        badFrames++;
        if (badFrames > MAX_BAD_FRAMES) {
            close(POLICY_VIOLATION, "too many bad frames");
        }
    }

    /** Listens on, or not: who does not read what is said, or has so much under way, must wait. */
    private void listen() {
        if (isClosing) {
            return;
        }
        boolean isToPause =
                waiting.size() >= MAX_WAITING_FRAMES || waitingChars >= MAX_WAITING_CHARS || outbox.isFull();
        if (isToPause && !isPaused) {
            webSocket.pause();
        } else if (!isToPause && isPaused) {
            webSocket.resume();
        }
        isPaused = isToPause;
    }

    // ---- what it is told

    @Override
    public void write(List<Message> messages, List<ObjectNode> replies) {
        transport.told(replies, connection);
        if (!isClosing) {
            outbox.write(TextFrames.text(transport.deliveries.encode(messages, replies)));
        }
        if (isDismissed) {
            close(EndReason.DRAINING.closeCode(), EndReason.DRAINING.word());
        }
    }

    @Override
    public void dismiss() {
        isDismissed = true;
    }

    @Override
    public void overtaken() {
        // Its session has gone on elsewhere, and nobody waits for it here.
    }

    @Override
    public void tooOften(long retryAfterMs) {
        throw new IllegalStateException("its connections are not scarce");
    }

    // ---- a session here

    /** A session that is pushed messages here, and its connect. */
    private final class Pushed implements PushedHold.Sink {
        final PushedHold hold;
        BayeuxMessage connect;
        ObjectNode reply;
        long receivedMs;
        long timer;

        Pushed(ClientId client, long n) {
            hold = new PushedHold(transport.room, transport.positions, this, client, n);
            timer = transport.vertx.setTimer(transport.options.silentMs(), silent -> leave());
        }

        /** A connect has come, which is due after a while. One before it is due now: a client waits for one at most. */
        void beat(BayeuxMessage message, ObjectNode itsReply, long itsReceivedMs, long timeoutMs) {
            answer();
            connect = message;
            reply = itsReply;
            receivedMs = itsReceivedMs;
            isDueIn(timeoutMs, this::answer);
        }

        private void isDueIn(long ms, Runnable then) {
            transport.vertx.cancelTimer(timer);
            timer = transport.vertx.setTimer(ms, due -> then.run());
        }

        /** Answers the connect, if there is one; without another the session will be gone in a while. */
        void answer() {
            ObjectNode due = reply;
            if (due != null) {
                reply = null;
                TimeSync.answer(connect, due, receivedMs);
                write(List.of(), List.of(due));
            }
            isDueIn(transport.options.silentMs(), this::leave);
        }

        void leave() {
            forget();
            hold.leave();
        }

        private void forget() {
            transport.vertx.cancelTimer(timer);
            pushed.remove(hold.client, this);
        }

        @Override
        public void push(List<Message> messages, List<ObjectNode> others) {
            write(messages, others);
        }

        @Override
        public void over(EndReason why, long retryAfterMs) {
            forget();
            if (reply != null && why != EndReason.OVERTAKEN && why != EndReason.SUPERSEDED) {
                ObjectNode due = transport.lastReply(connect, why, retryAfterMs);
                TimeSync.answer(connect, due, receivedMs);
                write(List.of(), List.of(due));
            }
            if (why == EndReason.DRAINING || why == EndReason.SLOW_READER) {
                close(why.closeCode(), why.word());
            }
        }

        @Override
        public boolean isWritable() {
            return isClosing || !outbox.isFull();
        }

        @Override
        public void heartbeat() {
            ping();
        }
    }

    private void ping() {
        if (!isClosing) {
            pings.send();
        }
    }

    @Override
    public boolean isPushingTo(ClientId client) {
        return pushed.containsKey(client);
    }

    @Override
    public void push(ClientId client, Visitor visitor, Connected session) {
        if (isClosing) {
            return;
        }
        if (pushed.size() >= MAX_SESSIONS) {
            new ArrayList<>(pushed.values()).get(0).leave();
        }
        Pushed anew = new Pushed(client, session.n());
        pushed.put(client, anew);
        anew.hold.seat(Transport.BAYEUX_WEBSOCKET, visitor, session);
    }

    @Override
    public void beat(ClientId client, BayeuxMessage message, ObjectNode reply, long receivedMs, long timeoutMs) {
        Pushed session = pushed.get(client);
        if (session != null) {
            session.beat(message, reply, receivedMs, timeoutMs);
        } else {
            write(List.of(), List.of(reply)); // It ended a moment ago; the next connect will tell.
        }
    }

    // ---- who it is

    @Override
    public Transport transport() {
        return Transport.BAYEUX_WEBSOCKET;
    }

    @Override
    public Browser browser() {
        return new Browser(browserHash, transport.options.isStrict());
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void lives() {
        lastLifeNanos = System.nanoTime();
        transport.protocol.knows(browser());
    }

    @Override
    public void lacksCookie() {
        close(POLICY_VIOLATION, "cookie missing");
    }

    @Override
    public boolean isGone() {
        return isClosing;
    }

    @Override
    public boolean isPushing() {
        return true;
    }

    @Override
    public boolean isScarce() {
        return false;
    }

    @Override
    public void holds(PolledHold connect) {
        held.add(connect);
    }

    @Override
    public void frees(PolledHold connect) {
        held.remove(connect);
    }
}
