package megacomet.loadtest.browser;

import io.netty.channel.Channel;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.ResponseReader;

/** One of a crowd's virtual browsers: it counts what comes, and keeps next to nothing. It belongs to its crowd's event loop. */
final class Browser extends Speaker implements Stamp.Finder {

    private static final int MAX_DOUBLINGS = 4;

    private final Crowd crowd;
    private final int index;

    /** Of the messages for it alone, and of its topic's; null until the first came. */
    private Order ownOrder;

    private Order topicOrder;

    /** How many messages were published to it alone. */
    private int published;

    /** It was dropped by a storm, and is not back yet. */
    private boolean isAway;

    /** How often it was refused since it was last told something. */
    private byte refusals;

    Browser(Crowd crowd, int index) {
        this.crowd = crowd;
        this.index = index;
    }

    // ---- what its crowd does with it

    /** Begins to connect. */
    void connect(Channel connection) {
        connecting(connection);
    }

    /** Drops its connection, as a browser does that is killed. It is away until it is back. */
    void drop() {
        isAway = true;
        askFirst();
        Channel dropped = leave();
        if (dropped != null) {
            Network.reset(dropped);
        }
    }

    int nextSequence() {
        return published++;
    }

    /** The connection could not be made. */
    void notConnected(Channel connection, Throwable why) {
        if (couldNotConnect(connection)) {
            crowd.failedToConnect(this, why);
        }
    }

    // ---- what it has from its crowd

    @Override
    protected Dialect dialect() {
        return crowd.dialect;
    }

    @Override
    protected ResponseReader takeReader() {
        return crowd.takeReader();
    }

    @Override
    protected void returnReader(ResponseReader read) {
        crowd.returnReader(read);
    }

    @Override
    protected long pauseMs() {
        return crowd.pauseMs();
    }

    @Override
    protected void later(Runnable what, long afterMs) {
        crowd.later(what, afterMs);
    }

    @Override
    protected void reconnect(long afterMs) {
        crowd.reconnect(this, afterMs);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String client() {
        return crowd.clientOf(index);
    }

    // ---- what it tells its crowd

    @Override
    protected void connected() {
        crowd.connected();
    }

    @Override
    protected void disconnected() {
        crowd.disconnected();
    }

    @Override
    protected void asked() {
        crowd.asked();
    }

    @Override
    protected void answered() {
        crowd.answered();
    }

    @Override
    protected void held(boolean isSo) {
        crowd.held(isSo ? 1 : -1);
    }

    @Override
    protected void served() {
        if (isAway) {
            isAway = false;
            crowd.back();
        }
    }

    @Override
    protected void lostConnection(String reason) {
        crowd.lostConnection(reason);
    }

    @Override
    protected void dismissed() {
        // Its dialect has said why.
    }

    @Override
    public void missed() {
        crowd.gap();
    }

    @Override
    public void failed(String reason) {
        crowd.error(reason);
    }

    /** Twice as long each time, as a good client does, so that a server that is overrun comes to its senses. */
    @Override
    public long backOffMs() {
        long pauseMs = crowd.pauseMs() << refusals;
        refusals = (byte) Math.min(refusals + 1, MAX_DOUBLINGS);
        return pauseMs;
    }

    @Override
    public void remember(byte[] kept) {
        super.remember(kept);
        refusals = 0;
    }

    // ---- messages

    @Override
    public void received(byte[] bytes, int from, int to) {
        crowd.stamp.findAll(bytes, from, to, this);
    }

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
