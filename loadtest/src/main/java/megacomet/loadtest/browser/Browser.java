package megacomet.loadtest.browser;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import megacomet.loadtest.dialect.Caller;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.MalformedResponse;
import megacomet.loadtest.wire.ResponseReader;

/**
 * A virtual browser: it connects, waits as its dialect does, takes what comes, and waits again; if its connection ends it
 * comes back after a pause. It is its connection's only handler, so that it and its connection are all there is in memory
 * for it; while it waits it has no reader, no buffer and no timer.
 *
 * <p>It belongs to its crowd's event loop.
 */
@Sharable // It joins one connection after the other.
final class Browser extends ChannelInboundHandlerAdapter implements Caller, Stamp.Finder {

    private final Crowd crowd;
    private final int index;
    private Channel channel;
    private ResponseReader reader;
    private byte[] memory;
    private int count;

    /** Of the messages for it alone, and of its topic's; null until the first came. */
    private Order ownOrder;

    private Order topicOrder;

    /** How many messages were published to it alone. */
    private int published;

    private boolean isCounted;
    private boolean isHeld;
    private boolean isAsking;

    /** It was dropped by a storm, and is not back yet. */
    private boolean isAway;

    Browser(Crowd crowd, int index) {
        this.crowd = crowd;
        this.index = index;
    }

    // ---- what its crowd does with it

    /** Whether it has a connection, or is about to have one. */
    boolean isConnected() {
        return channel != null;
    }

    /** Begins to connect. */
    void connecting(Channel connection) {
        channel = connection;
    }

    /** Drops its connection, as a browser does that is killed. It is away until it is back. */
    void drop() {
        isAway = true;
        isAsking = crowd.dialect.canAsk();
        Channel dropped = channel;
        leave();
        if (dropped != null) {
            crowd.drop(dropped);
        }
    }

    int nextSequence() {
        return published++;
    }

    /** The connection could not be made. */
    void notConnected(Channel connection, Throwable why) {
        if (connection == channel) {
            leave();
            crowd.failedToConnect(this, why);
        }
    }

    // ---- its connection

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (context.channel() == channel) {
            isCounted = true;
            crowd.connected();
            ask();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && context.channel() == channel) {
                read(in);
            }
        } catch (MalformedResponse e) {
            failed("malformed: " + e.getMessage());
            comeBack(crowd.pauseMs());
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (context.channel() != channel) {
            return; // It has left this connection already.
        }
        if (reader != null && reader.end()) {
            act(crowd.dialect.read(this, reader));
        } else {
            crowd.lostConnection("connection closed by the server");
            comeBack(crowd.pauseMs());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (context.channel() == channel) {
            crowd.lostConnection(Crowd.reasonOf(cause));
            comeBack(crowd.pauseMs());
        }
    }

    private void read(ByteBuf in) {
        if (reader == null) {
            reader = crowd.takeReader();
        }
        reader.read(in);
        if (reader.isHeadComplete()) {
            act(crowd.dialect.read(this, reader));
        }
    }

    private void act(long next) {
        if (next == Dialect.WAIT) {
            return;
        }
        boolean isAnswered = reader.isComplete();
        boolean isEnding = !isAnswered || reader.endsConnection();
        crowd.answered();
        if (isAnswered) {
            crowd.returnReader(reader);
            reader = null;
        }
        setHeld(false);
        if (isAsking) {
            isAsking = false;
            back();
        }
        if (next == Dialect.STOP) {
            leaveAndClose();
        } else if (isEnding) {
            comeBack(next);
        } else if (next > 0) {
            Channel asked = channel;
            crowd.later(() -> askAgain(asked), next);
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
        boolean waits = crowd.dialect.request(this, out);
        crowd.asked();
        send(out);
        if (waits && !isAsking) {
            holds();
        }
    }

    private void comeBack(long afterMs) {
        leaveAndClose();
        crowd.reconnect(this, afterMs);
    }

    private void leaveAndClose() {
        Channel left = channel;
        leave();
        if (left != null) {
            left.close();
        }
    }

    private void leave() {
        if (isCounted) {
            isCounted = false;
            crowd.disconnected();
        }
        channel = null;
        reader = null;
        setHeld(false);
    }

    private void setHeld(boolean held) {
        if (held != isHeld) {
            isHeld = held;
            crowd.held(held ? 1 : -1);
        }
    }

    private void back() {
        if (isAway) {
            isAway = false;
            crowd.back();
        }
    }

    // ---- what its dialect does with it

    @Override
    public int index() {
        return index;
    }

    @Override
    public String client() {
        return crowd.clientOf(index);
    }

    @Override
    public int next() {
        return ++count;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public byte[] memory() {
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
    public boolean isAsking() {
        return isAsking;
    }

    @Override
    public void holds() {
        if (!isHeld) {
            setHeld(true);
            back();
        }
    }

    @Override
    public void received(byte[] bytes, int from, int to) {
        crowd.stamp.findAll(bytes, from, to, this);
    }

    @Override
    public void missed() {
        crowd.gap();
    }

    @Override
    public void failed(String reason) {
        crowd.error(reason);
    }

    @Override
    public ByteBuf buffer() {
        return channel.alloc().directBuffer(Crowd.REQUEST_BYTES);
    }

    @Override
    public void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    // ---- messages

    @Override
    public void found(int group, boolean isOfTopic, int number, int sequence, long dueUs) {
        Order.Arrival arrival;
        if (isOfTopic) {
            topicOrder = topicOrder == null ? new Order() : topicOrder;
            arrival = topicOrder.arrived(sequence);
        } else {
            ownOrder = ownOrder == null ? new Order() : ownOrder;
            arrival = ownOrder.arrived(sequence);
        }
        crowd.delivered(arrival, isOfTopic, number, dueUs);
    }

    @Override
    public void foundForeign() {
        crowd.foreign();
    }
}
