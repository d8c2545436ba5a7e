package megacomet.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Admits connections at one listening port, for all event loops of the server behind it. A connection counts from the moment
 * it is accepted until its socket is closed, whatever it says or does not say.
 *
 * <pre>
 *  accepted ──TLS, PROXY header──▶ opened ──▶ welcome      at most {@code limit}
 *     │ waits in the lobby            └─────▶ turned away  told so on its first request
 *     └──more than both together: closed at once
 * </pre>
 *
 * <p>When no room is left, whoever has been silent longest gives way to who comes: in the lobby here, among the welcome in
 * {@link Connections}. So silent connections can fill a port and still keep nobody out. (nginx does the same with its
 * keep-alive connections.)
 *
 * <p>May be used from any thread. Costs an open connection nothing: it shares one listener with all others.
 */
public final class Door {

    /** How long TLS and a PROXY protocol header may take together, in ms. */
    public static final long HANDSHAKE_MS = 10_000;

    /** How long a connection must have been silent to give way to another, in ms: time enough to say something. */
    static final long GIVE_WAY_MS = 1_000;

    /** How long one that is turned away may take at least to send its request and be told. */
    static final long TELLING_MS = 100;

    /** Beyond a port's limit so many are taken to be told that there is no room: an eighth of it, and at most this. */
    private static final int MAX_TOLD = 100;

    private static final int TOLD_SHARE = 8;

    /** How many may be on their way out while others have their place already; bounds what is open at a time. */
    private static final int MAX_GIVING_WAY = 50;

    private final int limit;
    private final boolean isAtAccept;
    private final Guard guard;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final AtomicInteger givingWay = new AtomicInteger();
    private final ChannelFutureListener closed;
    /** Those that stay only to be told that they must go. */
    private final Lobby told;

    private final Lobby lobby;

    Door(Listen listen, boolean isAtAccept, Guard guard) {
        this(listen, isAtAccept, guard, HANDSHAKE_MS, () -> System.nanoTime() / 1_000_000);
    }

    Door(Listen listen, boolean isAtAccept, Guard guard, long handshakeMs, LongSupplier clockMs) {
        this.limit = listen.maxConnections();
        this.isAtAccept = isAtAccept;
        this.guard = guard;
        this.told = new Lobby(Long.MAX_VALUE, clockMs);
        boolean hasHandshake = listen.tls() != null || listen.hasProxyProtocol();
        this.lobby = isAtAccept && hasHandshake ? new Lobby(handshakeMs, clockMs) : null;
        this.closed = future -> {
            open.decrementAndGet();
            if (lobby != null) {
                lobby.left(future.channel());
            }
        };
    }

    /** Returns how many connections are taken beyond such a limit, to be told that there is no room. */
    public static int told(int limit) {
        return Math.min(MAX_TOLD, Math.max(1, limit / TOLD_SHARE));
    }

    /** Returns the largest limit that needs no more open files than that, {@link #told} included. */
    public static int served(long files) {
        return (int) Math.max(files - MAX_TOLD, files * TOLD_SHARE / (TOLD_SHARE + 1));
    }

    /** How many connections are open. */
    public int open() {
        return open.get();
    }

    // ---- on the thread that accepts

    /** Whether {@link #admit} is called when a connection is accepted; else who opens it must. */
    boolean isAtAccept() {
        return isAtAccept;
    }

    /** Counts a connection and returns true, or closes it at once and returns false. */
    boolean admit(Channel connection) {
        if (open.incrementAndGet() > limit + told(limit) && !hasOneGivenWay()) {
            open.decrementAndGet();
            guard.cut("no_room");
            closeNow(connection);
            return false;
        }
        if (lobby != null) {
            lobby.entered(connection);
        }
        connection.closeFuture().addListener(closed);
        return true;
    }

    private boolean hasOneGivenWay() {
        if (givingWay.get() >= MAX_GIVING_WAY) {
            return false;
        }
        Channel eldest = lobby == null ? null : lobby.takeSilent(GIVE_WAY_MS);
        if (eldest == null) {
            // Else silent ones that were turned away would keep everybody out who comes after them.
            eldest = told.takeSilent(TELLING_MS);
        }
        if (eldest == null) {
            return false;
        }
        givingWay.incrementAndGet();
        eldest.closeFuture().addListener(gone -> givingWay.decrementAndGet());
        guard.cut("gave_way");
        closeNow(eldest);
        return true;
    }

    /** Without a farewell: TLS would wait until the other side has taken in that it ends. */
    static void closeNow(Channel connection) {
        if (connection.isRegistered()) {
            connection
                    .eventLoop()
                    .execute(() -> connection.unsafe().close(connection.unsafe().voidPromise()));
        } else {
            connection.unsafe().closeForcibly();
        }
    }

    // ---- on the connection's event loop

    /** The connection is ready for HTTP. */
    void opened(Channel connection) {
        if (lobby != null) {
            lobby.left(connection);
        }
    }

    /** Whether one that has been {@link #opened} is too many to be welcome. */
    boolean isFull() {
        return open.get() - turnedAway.get() - (lobby == null ? 0 : lobby.size()) > limit;
    }

    /** A connection stays open only to be told that it must go; {@link #turnedAwayIsGone} follows. */
    void turnsAway(Channel connection) {
        turnedAway.incrementAndGet();
        told.entered(connection);
    }

    void turnedAwayIsGone(Channel connection) {
        turnedAway.decrementAndGet();
        told.left(connection);
    }

    /** Counts a connection that was closed because of how its peer behaved. */
    void cut(String reason) {
        guard.cut(reason);
    }

    /** Closes those whose handshake lasts too long. Called every few seconds. */
    void sweep() {
        if (lobby == null) {
            return;
        }
        for (Channel slow = lobby.takeLate(); slow != null; slow = lobby.takeLate()) {
            guard.cut("handshake_timeout");
            closeNow(slow);
        }
    }
}
