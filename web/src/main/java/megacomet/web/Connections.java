package megacomet.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * An event loop's connections of one server, from when they are ready for HTTP. Those on which nothing has happened for
 * {@value #MAX_IDLE_MS} ms are closed, so that silent and slow ones do not pile up. A connection on which a request waits for
 * its answer, or its stream's next event, is not idle, however long that takes, and costs nothing here; nor is a WebSocket.
 *
 * <p>How many there may be, the server's {@link Door} knows. When it has no room, the connection that has been idle longest
 * gives way; if there is none, the new one is told to come later. One instance an event loop.
 */
public final class Connections {

    /** How long a connection may be without a request that is whole, in ms. */
    public static final long MAX_IDLE_MS = 75_000;

    private static final long SWEEP_MS = 5_000;

    /** How long one that is turned away has to ask, so that it can be told, in ms. */
    private static final long TURNED_AWAY_MS = 2_000;

    private static final String EVERYBODY = "everybody";

    private final Vertx vertx;
    private final Door door;
    private final RateLimit<String> acceptLimit;
    private final long maxIdleMs;
    private final long sweepMs;
    /** In the order of their last sign of life. */
    private final Map<HttpConnection, Long> idleSinceMs = new LinkedHashMap<>();
    /** HTTP/2 connections with requests that wait, and how many. */
    private final Map<HttpConnection, Integer> waiting = new HashMap<>();

    /** Those that are turned away, and why. */
    private final Map<HttpConnection, ErrorCode> turnedAway = new HashMap<>();

    /** @param door of the server, where its event loops together count */
    public Connections(Vertx vertx, Door door) {
        this(vertx, door, new RateLimit<>(null));
    }

    /** @param acceptLimit how many may come in at a time; shared by the server's event loops */
    public Connections(Vertx vertx, Door door, RateLimit<String> acceptLimit) {
        this(vertx, door, acceptLimit, MAX_IDLE_MS, SWEEP_MS);
    }

    Connections(Vertx vertx, Door door, RateLimit<String> acceptLimit, long maxIdleMs, long sweepMs) {
        this.acceptLimit = acceptLimit;
        this.vertx = vertx;
        this.door = door;
        this.maxIdleMs = maxIdleMs;
        this.sweepMs = sweepMs;
    }

    /** Watches the connections of a server that does not listen yet. */
    public void on(HttpServer server) {
        on(server, welcome -> {});
    }

    /** @param welcomed is told of each connection that is not turned away, before anything is read of it */
    public void on(HttpServer server, Consumer<HttpConnection> welcomed) {
        server.connectionHandler(connection -> opened(connection, welcomed));
        vertx.setPeriodic(sweepMs, timer -> sweep());
    }

    private void opened(HttpConnection connection, Consumer<HttpConnection> welcomed) {
        Channel channel = channel(connection);
        if (!door.isAtAccept() && !door.admit(channel)) {
            return;
        }
        HttpCodec.harden(connection);
        door.opened(channel);
        connection.closeHandler(closed -> closed(connection));
        ErrorCode why = whyNot();
        if (why != null) {
            turnAway(connection, why);
        } else {
            idleSinceMs.put(connection, nowMs());
            welcomed.accept(connection);
        }
    }

    private ErrorCode whyNot() {
        if (acceptLimit.take(EVERYBODY, 1) > 0) {
            return ErrorCode.TOO_MANY_NEW_CONNECTIONS;
        }
        return door.isFull() && !hasEldestGivenWay() ? ErrorCode.TOO_MANY_CONNECTIONS : null;
    }

    private boolean hasEldestGivenWay() {
        Iterator<Map.Entry<HttpConnection, Long>> eldestFirst =
                idleSinceMs.entrySet().iterator();
        if (!eldestFirst.hasNext()) {
            return false;
        }
        Map.Entry<HttpConnection, Long> eldest = eldestFirst.next();
        if (nowMs() - eldest.getValue() < Door.GIVE_WAY_MS) {
            return false;
        }
        eldestFirst.remove();
        door.cut("gave_way");
        cut(eldest.getKey());
        return true;
    }

    private void turnAway(HttpConnection connection, ErrorCode why) {
        turnedAway.put(connection, why);
        door.turnsAway(channel(connection));
        vertx.setTimer(TURNED_AWAY_MS, late -> {
            if (turnedAway.containsKey(connection)) {
                cut(connection);
            }
        });
    }

    /** The connection is closed, or a WebSocket that was on it. */
    public void closed(HttpConnection connection) {
        idleSinceMs.remove(connection);
        waiting.remove(connection);
        if (turnedAway.remove(connection) != null) {
            door.turnedAwayIsGone(channel(connection));
        }
    }

    /** A request came in on the connection. */
    public void seen(HttpServerRequest request) {
        if (idleSinceMs.remove(request.connection()) != null) {
            idleSinceMs.put(request.connection(), nowMs());
        }
    }

    /**
     * Throws a {@link Problem}, and has the connection closed after the answer, if it is one too many.
     *
     * @param retryAfterMs after how long at most it should come back; spread, so that not all do at once
     */
    public void demandRoom(HttpServerRequest request, long retryAfterMs) {
        ErrorCode why = turnedAway.isEmpty() ? null : turnedAway.get(request.connection());
        if (why != null) {
            if (request.version() != HttpVersion.HTTP_2) { // which has no such header
                request.response().putHeader("connection", "close");
            }
            long spreadMs = retryAfterMs / 2 + ThreadLocalRandom.current().nextLong(retryAfterMs / 2 + 1);
            throw Problem.later(why, spreadMs, null);
        }
    }

    /**
     * A request on the connection waits for its answer; {@link #answered} or {@link #left} must follow, unless the
     * connection closes.
     */
    public void waits(HttpServerRequest request) {
        waits(request.connection());
        if (request.version() == HttpVersion.HTTP_2) {
            waiting.merge(request.connection(), 1, Integer::sum);
        }
    }

    /**
     * A request is not idle until it is answered or given up, by a server that keeps no other account of its requests.
     */
    public void waitsUntilEnded(RoutingContext context) {
        HttpServerRequest request = context.request();
        waits(request);
        context.addEndHandler(ended -> {
            if (ended.succeeded()) {
                answered(request.connection());
            } else {
                abandoned(request.connection());
            }
        });
    }

    /** The same of the only request on a connection of HTTP/1.1. */
    public void waits(HttpConnection connection) {
        idleSinceMs.remove(connection);
    }

    /** One such request waits no more. */
    public void answered(HttpConnection connection) {
        Integer others = waiting.computeIfPresent(connection, (same, all) -> all == 1 ? null : all - 1);
        if (others == null) {
            idleSinceMs.put(connection, nowMs());
        }
    }

    /** One such request waits no more, because its browser gave it up; the connection may be open for others. */
    public void abandoned(HttpConnection connection) {
        if (waiting.containsKey(connection)) {
            answered(connection);
        }
    }

    /**
     * The connection is a WebSocket now: it is never idle. {@link #closed} must be told, because Vert.x
     * does not call a connection's close handler once it is something else.
     */
    public void upgraded(HttpConnection connection) {
        idleSinceMs.remove(connection);
    }

    /**
     * Closes the connection of a request or WebSocket at once. {@link HttpConnection#close} would wait until all that was
     * written has been taken in, which whoever does not read never does.
     *
     * @param connection of HTTP/1.1; others' requests may be on one of HTTP/2
     */
    public static void cut(HttpConnection connection) {
        // From the outermost handler on: the inner ones would wait.
        ChannelHandlerContext outermost = pipeline(connection).firstContext();
        if (outermost != null) { // else it is closed already
            outermost.close();
        }
    }

    /** What a connection's bytes pass through. */
    public static ChannelPipeline pipeline(HttpConnection connection) {
        return channel(connection).pipeline();
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    private void sweep() {
        long nowMs = nowMs();
        Set<HttpConnection> tooLong = new HashSet<>();
        Iterator<Map.Entry<HttpConnection, Long>> eldestFirst =
                idleSinceMs.entrySet().iterator();
        while (eldestFirst.hasNext()) {
            Map.Entry<HttpConnection, Long> idle = eldestFirst.next();
            if (nowMs - idle.getValue() < maxIdleMs) {
                break;
            }
            tooLong.add(idle.getKey());
        }
        tooLong.forEach(connection -> {
            idleSinceMs.remove(connection);
            door.cut("idle");
            connection.close();
        });
        door.sweep();
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
