package megacomet.loadtest.browser;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import megacomet.loadtest.dialect.Caller;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.wire.MalformedResponse;
import megacomet.loadtest.wire.ResponseReader;

/**
 * A virtual browser as far as its connection goes: it connects, waits as its dialect does, takes what comes, and waits again;
 * if its connection ends it comes back after a pause. It is its connection's only handler, so that it and its connection are
 * all there is in memory for it; while it waits it has no reader, no buffer and no timer. What it is told, counts and keeps
 * is the matter of those who extend it.
 *
 * <p>It belongs to one event loop.
 */
@Sharable // It joins one connection after the other.
public abstract class Speaker extends ChannelInboundHandlerAdapter implements Caller {

    private static final int REQUEST_BYTES = 1 << 10;

    private Channel channel;
    private ResponseReader reader;
    private byte[] memory;
    private int count;
    private boolean isCounted;
    private boolean isHeld;
    private boolean isAsking;

    // ---- what it must be given

    /** How it speaks on the connection that it has. */
    protected abstract Dialect dialect();

    /** A reader for one response; it is {@link #returnReader returned} once that is read. */
    protected abstract ResponseReader takeReader();

    protected abstract void returnReader(ResponseReader read);

    /** How long to stay away when something went wrong. */
    protected abstract long pauseMs();

    protected abstract void later(Runnable what, long afterMs);

    /** Connects again after a while, unless it shall not. */
    protected abstract void reconnect(long afterMs);

    // ---- what it tells

    protected abstract void connected();

    protected abstract void disconnected();

    protected abstract void asked();

    protected abstract void answered();

    /** It waits, or waits no more. */
    protected abstract void held(boolean isSo);

    /** It is served: it waits, or its {@link #isAsking question} was answered. */
    protected abstract void served();

    protected abstract void lostConnection(String reason);

    /** The server wants it no more; it has gone. */
    protected abstract void dismissed();

    // ---- what is done with it

    /** Whether it has a connection, or is about to have one. */
    public final boolean isConnected() {
        return channel != null;
    }

    /** Begins to connect. */
    protected final void connecting(Channel connection) {
        channel = connection;
    }

    /** The connection could not be made; tells whether that still matters. */
    protected final boolean couldNotConnect(Channel connection) {
        boolean isMine = connection == channel;
        if (isMine) {
            leave();
        }
        return isMine;
    }

    /** Its next request, where the dialect can, asks for an answer at once. */
    protected final void askFirst() {
        isAsking = dialect().canAsk();
    }

    /** Leaves its connection, and returns it unclosed; null if it has none. */
    protected final Channel leave() {
        Channel left = channel;
        if (isCounted) {
            isCounted = false;
            disconnected();
        }
        channel = null;
        reader = null;
        setHeld(false);
        return left;
    }

    /** Leaves its connection and closes it. */
    protected final void leaveAndClose() {
        Channel left = leave();
        if (left != null) {
            left.close();
        }
    }

    // ---- its connection

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        if (context.channel() == channel) {
            isCounted = true;
            connected();
            ask();
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && context.channel() == channel) {
                read(in);
            }
        } catch (MalformedResponse e) {
            failed("malformed: " + e.getMessage());
            comeBack(pauseMs());
        } finally {
            in.release();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        if (context.channel() != channel) {
            return; // It has left this connection already.
        }
        if (reader != null && reader.end()) {
            act(dialect().read(this, reader));
        } else {
            lostConnection("connection closed by the server");
            comeBack(pauseMs());
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (context.channel() == channel) {
            lostConnection(Crowd.reasonOf(cause));
            comeBack(pauseMs());
        }
    }

    private void read(ByteBuf in) {
        if (reader == null) {
            reader = takeReader();
        }
        reader.read(in);
        if (reader.isHeadComplete()) {
            act(dialect().read(this, reader));
        }
    }

    private void act(long next) {
        if (next == Dialect.WAIT) {
            return;
        }
        boolean isAnswered = reader.isComplete();
        boolean isEnding = !isAnswered || reader.endsConnection();
        answered();
        if (isAnswered) {
            returnReader(reader);
            reader = null;
        }
        setHeld(false);
        if (isAsking) {
            isAsking = false;
            served();
        }
        if (next == Dialect.STOP) {
            leaveAndClose();
            dismissed();
        } else if (isEnding) {
            comeBack(next);
        } else if (next > 0) {
            Channel asked = channel;
            later(() -> askAgain(asked), next);
        } else {
            ask();
        }
    }

    private void askAgain(Channel asked) {
        if (channel == asked && asked.isActive()) {
            ask();
        }
    }

    private void ask() {
        ByteBuf out = buffer();
        boolean waits = dialect().request(this, out);
        asked();
        send(out);
        if (waits && !isAsking) {
            holds();
        }
    }

    private void comeBack(long afterMs) {
        leaveAndClose();
        reconnect(afterMs);
    }

    private void setHeld(boolean held) {
        if (held != isHeld) {
            isHeld = held;
            held(held);
        }
    }

    // ---- what its dialect does with it

    @Override
    public final int next() {
        return ++count;
    }

    @Override
    public final int count() {
        return count;
    }

    @Override
    public final byte[] memory() {
        return memory;
    }

    @Override
    public void remember(byte[] kept) {
        memory = kept;
        if (kept == null) {
            count = 0;
        }
    }

    @Override
    public final boolean isAsking() {
        return isAsking;
    }

    @Override
    public final void holds() {
        if (!isHeld) {
            setHeld(true);
            served();
        }
    }

    @Override
    public final ByteBuf buffer() {
        return channel.alloc().directBuffer(REQUEST_BYTES);
    }

    @Override
    public final void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }
}
