package megacomet.gateway.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.List;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.hold.Hold;
import megacomet.gateway.hold.Outlet;
import megacomet.gateway.transport.Identities.Identity;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.web.Connections;
import megacomet.web.ErrorCode;
import megacomet.web.Inflating;
import megacomet.web.Problem;

/**
 * One browser's WebSocket. What it is told are a poll's answers, a text frame each; what it says are {@link Frame}s. When its
 * hold ends, the last answer says why, and so does the close code.
 *
 * <p>Memory is bounded. No more than {@value TextOutbox#MAX_UNSENT_BYTES} bytes are written ahead of what the browser
 * reads; one that does not read, or has so many messages on their way to Redis, is not listened to either, until it does. A
 * socket that is closed and does not take that in is cut off, and so is one that answers no {@link Pings}.
 */
final class Socket implements Outlet {

    /** The largest message that a browser may send: what it may publish, and what is around that. */
    static final int MAX_MESSAGE_BYTES = SocketTransport.MAX_DATA_BYTES + (8 << 10);

    /** How many frames may be wrong. */
    static final int MAX_BAD_FRAMES = 10;

    private static final int MAX_UNANSWERED_PUBLISHES = 64;

    /** How long a close may be on its way. */
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private static final short POLICY_VIOLATION = 1008;

    /** With the status of HTTP it makes a close code of those that are ours (RFC 6455, section 7.4.2). */
    private static final int REFUSED = 4_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketTransport transport;
    private final ServerWebSocket webSocket;
    private final HttpConnection connection;
    private Identity who;
    private List<TopicPattern> topics = List.of();
    private Hold hold;
    private final TextFrames frames;
    private final TextOutbox outbox;
    private final Pings pings;
    private int badFrames;
    private int unansweredPublishes;
    private boolean isPaused;
    private boolean isClosing;

    /** @param connection what it was before it was a WebSocket */
    Socket(SocketTransport transport, ServerWebSocket webSocket, HttpConnection connection) {
        this.transport = transport;
        this.webSocket = webSocket;
        this.connection = connection;
        this.frames = new TextFrames(MAX_MESSAGE_BYTES, transport.bodies, new TextFrames.Listener() {
            @Override
            public void heard(String text) {
                Socket.this.heard(text);
            }

            @Override
            public void refused(short closeCode, String why) {
                close(closeCode, why);
            }
        });
        this.outbox = new TextOutbox(transport.vertx, webSocket, this::drained);
        this.pings = new Pings(webSocket, connection, outbox);
        webSocket.closeHandler(closed -> {
            isClosing = true;
            frames.close();
            transport.connections.closed(connection);
            if (hold != null) {
                transport.room.leave(hold);
            }
        });
        webSocket.exceptionHandler(this::broken);
    }

    /** Nobody waits here: tells why, and closes it. */
    void refuse(Problem problem) {
        tellRefused(problem, null);
        close(REFUSED + problem.code().status(), problem.code().word());
    }

    /** Waits here for a client's messages. */
    void seat(Identity whose, List<TopicPattern> follows, Page page, Cursor cursor, boolean isFromEarliest) {
        who = whose;
        topics = follows;
        hold = new Hold(this, Transport.WEBSOCKET, 0, cursor != null, follows, isFromEarliest, whose.lifeMs());
        webSocket.frameHandler(this::heard);
        transport.room.seat(whose.client(), page, hold, cursor);
    }

    // ---- outlet

    @Override
    public void answer(Answer answer) {
        say(TextFrames.text(transport.answers.encode(answer)));
        if (answer.ended() != null) {
            close(answer.ended().closeCode(), answer.ended().word());
        }
    }

    @Override
    public void refuse(EndReason why, long retryAfterMs) {
        tellRefused(Refusals.problem(why, retryAfterMs), null);
        close(why.closeCode(), why.word());
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return isClosing || !outbox.isFull();
    }

    @Override
    public void heartbeat() {
        if (!isClosing) {
            pings.send();
        }
    }

    private void tellRefused(Problem problem, String id) {
        countRefused(problem.code());
        say(TopicPublishing.error(problem, id));
    }

    private void countRefused(ErrorCode code) {
        transport.refusals.refused(code.word(), connection.remoteAddress(), SocketTransport.PATH);
    }

    private void say(String json) {
        if (!isClosing) {
            outbox.write(json);
        }
    }

    private void drained() {
        if (!isClosing && hold != null) {
            listen();
            transport.room.writable(hold);
        }
    }

    private void close(int code, String reason) {
        if (isClosing) {
            return;
        }
        isClosing = true;
        transport.refusals.closed(code, connection.remoteAddress(), SocketTransport.PATH);
        // Else what was written would stay in memory for as long as the browser does not read.
        long timer = transport.vertx.setTimer(CLOSE_TIMEOUT_MS, late -> Connections.cut(connection));
        webSocket.close((short) code, reason).onComplete(closed -> transport.vertx.cancelTimer(timer));
    }

    // ---- what the browser says

    private void heard(WebSocketFrame frame) {
        pings.heard();
        if (isClosing) {
            return;
        }
        frames.take(frame);
        if (!isClosing) {
            listen();
        }
    }

    private void heard(String text) {
        FrameReader.Read read = FrameReader.read(text);
        Problem problem = read.problem();
        if (problem == null) {
            try {
                obey(read.frame());
            } catch (Problem refused) {
                problem = refused;
            }
        }
        if (problem != null) {
            tellRefused(problem, read.id());
            badFrames++;
            if (badFrames > MAX_BAD_FRAMES) {
                close(POLICY_VIOLATION, "too many bad frames");
            }
        }
    }

    private void obey(Frame frame) {
        if (frame instanceof Frame.Publish publish) {
            publish(publish);
            return;
        }
        transport.identities.demandPace(who.client());
        if (frame instanceof Frame.Ack ack) {
            confirm(PollRequest.cursor(ack.cursor()));
        } else if (frame instanceof Frame.Follow follow) {
            follow(follow.names());
        } else if (frame instanceof Frame.Unfollow unfollow) {
            unfollow(transport.follows.named(unfollow.names()));
        } else if (frame instanceof Frame.Refresh refresh) {
            refresh(refresh.token());
        }
    }

    private void publish(Frame.Publish publish) {
        if (who.isExpired()) { // The hold ends within a tick; until then, too, nothing is taken.
            throw Problem.of(ErrorCode.TOKEN_EXPIRED);
        }
        Topic topic = publish.post().topic();
        if (!who.permissions().mayPublish(topic)) {
            throw Problem.of(ErrorCode.TOPIC_NOT_ALLOWED, "It may not publish to " + topic + ".");
        }
        unansweredPublishes++;
        transport
                .publishing
                .publish(transport.identities.payer(who), publish.post(), this::countRefused)
                .onSuccess(told -> {
                    unansweredPublishes--;
                    say(told);
                    if (!isClosing) {
                        listen();
                    }
                });
    }

    private void confirm(Cursor cursor) {
        if (cursor.isOf(who.client())) {
            transport.room.confirm(who.client(), cursor);
        }
    }

    private void follow(List<String> names) {
        List<TopicPattern> all = transport.follows.with(topics, names, who.permissions());
        List<TopicPattern> more =
                all.stream().filter(topic -> !topics.contains(topic)).toList();
        topics = all;
        if (!more.isEmpty()) {
            transport.room.follow(hold, more);
        }
    }

    private void unfollow(List<TopicPattern> named) {
        List<TopicPattern> less = named.stream().filter(topics::contains).toList();
        topics = transport.follows.without(topics, less);
        if (!less.isEmpty()) {
            transport.room.unfollow(hold, less);
        }
    }

    /** A token that is no good changes nothing: the one before is good until it expires. */
    private void refresh(String token) {
        Identity renewed;
        try {
            renewed = transport.identities.of(who.client().value(), token);
        } catch (Problem problem) {
            if (problem.code() != ErrorCode.CLIENT_NOT_ALLOWED) {
                throw problem;
            }
            tellRefused(problem, null);
            close(EndReason.TOKEN_EXPIRED.closeCode(), problem.code().word());
            return;
        }
        who = renewed;
        List<TopicPattern> forbidden = renewed.permissions().forbidden(topics);
        unfollow(forbidden);
        transport.room.refresh(hold, renewed.lifeMs());
        ObjectNode told = JSON.createObjectNode().put("token", "ok");
        if (renewed.lifeMs() != Hold.FOR_EVER) {
            told.put("expiresInMs", renewed.lifeMs());
        }
        if (!forbidden.isEmpty()) {
            ArrayNode names = told.putArray("unfollowed");
            forbidden.forEach(topic -> names.add(topic.value()));
        }
        say(told.toString());
    }

    // ---- limits

    /** Listens on, or not: who does not read what is said, or has so much under way, must wait. */
    private void listen() {
        boolean isToPause = unansweredPublishes >= MAX_UNANSWERED_PUBLISHES || outbox.isFull();
        if (isToPause && !isPaused) {
            webSocket.pause();
        } else if (!isToPause && isPaused) {
            webSocket.resume();
        }
        isPaused = isToPause;
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
}
