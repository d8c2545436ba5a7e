package megacomet.loadtest.chaos.browsers;

import io.netty.channel.Channel;
import java.util.List;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.browser.Speaker;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.wire.ResponseReader;

/**
 * A virtual browser that remembers all that it was told, goes to another gateway when one fails it, and now and then away and
 * back, or away at once after it has asked, so that the answer is lost.
 */
final class Visitor extends Speaker implements Answers.Listener {

    private final Visitors all;
    private final int index;
    private final Kind kind;
    private final Reader reader;

    /** How it speaks to each gateway. */
    private final List<Dialect> dialects;

    private int gateway;
    private int answers;
    private long heardMs;

    /** It goes as soon as it has asked again. */
    private boolean isFickle;

    Visitor(Visitors all, int index, Kind kind, Reader reader, List<Dialect> dialects, int gateway) {
        this.all = all;
        this.index = index;
        this.kind = kind;
        this.reader = reader;
        this.dialects = dialects;
        this.gateway = gateway;
    }

    Reader reader() {
        return reader;
    }

    int gateway() {
        return gateway;
    }

    // ---- what is done with it

    void connect() {
        if (isConnected() || all.isClosed()) {
            return;
        }
        heardMs = RunClock.nowMs();
        if (memory() == null) {
            askFirst();
        }
        var connect = all.connect(this, gateway);
        connecting(connect.channel());
        connect.addListener(done -> {
            if (!done.isSuccess() && couldNotConnect(connect.channel())) {
                elsewhere();
                reconnect(pauseMs());
            }
        });
    }

    /** Goes away for a while, in the middle of whatever it does: by closing, or without a word. */
    void goAwayFor(long ms, boolean isFickleThen) {
        long nowMs = RunClock.nowMs();
        all.recorder().add(Disturbance.absence(reader.client(), nowMs, nowMs + ms));
        isFickle = isFickleThen;
        all.departed();
        if (all.chooseToClose()) {
            leaveAndClose();
        } else {
            drop();
        }
        gateway = all.chooseGateway();
        reconnect(ms);
    }

    /** Nothing was heard for longer than can be: the connection or what is behind it is dead. */
    void leaveIfSilentSince(long ms) {
        if (isConnected() && heardMs < ms) {
            drop();
            elsewhere();
            reconnect(pauseMs());
        }
    }

    void drop() {
        Channel dropped = leave();
        if (dropped != null) {
            Network.reset(dropped);
        }
    }

    private void elsewhere() {
        gateway = all.chooseGatewayBut(gateway);
    }

    // ---- what it is given

    @Override
    protected Dialect dialect() {
        return dialects.get(gateway);
    }

    @Override
    protected ResponseReader takeReader() {
        heardMs = RunClock.nowMs();
        return new ResponseReader();
    }

    @Override
    protected void returnReader(ResponseReader read) {
        // The next is a new one.
    }

    @Override
    protected long pauseMs() {
        return all.pauseMs();
    }

    @Override
    protected void later(Runnable what, long afterMs) {
        all.later(what, afterMs);
    }

    @Override
    protected void reconnect(long afterMs) {
        if (!all.isClosed()) {
            all.later(this::connect, afterMs);
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public String client() {
        return reader.client();
    }

    // ---- what it tells

    @Override
    protected void connected() {
        all.connected();
    }

    @Override
    protected void disconnected() {
        // A lost connection is told by itself.
    }

    @Override
    protected void asked() {
        if (isFickle) {
            isFickle = false;
            all.later(() -> goAwayFor(all.pauseMs(), false), all.chooseFickleMs());
        }
    }

    @Override
    protected void answered() {
        heardMs = RunClock.nowMs();
    }

    @Override
    protected void held(boolean isSo) {
        // It does not matter whether a message finds it waiting or between two polls.
    }

    @Override
    protected void served() {
        heardMs = RunClock.nowMs();
    }

    @Override
    protected void lostConnection(String reason) {
        all.failed(reason);
        elsewhere();
    }

    @Override
    protected void dismissed() {
        reconnect(pauseMs()); // It should not have been, and is seen to be deaf if it is not taken back.
    }

    @Override
    public void failed(String reason) {
        all.failed(reason);
    }

    @Override
    public void missed() {
        // Which messages, the answer has said.
    }

    @Override
    public void remember(byte[] kept) {
        super.remember(kept);
        if (kind.hasJoined(kept)) {
            all.recorder().joined(reader.client(), RunClock.nowMs());
        } else {
            all.recorder().lost(reader.client(), RunClock.nowMs());
        }
    }

    // ---- messages

    @Override
    public void received(byte[] bytes, int from, int to) {
        heardMs = RunClock.nowMs();
        answers++;
        Answers.read(reader.client(), bytes, from, to, this);
    }

    @Override
    public void delivered(Stream stream, long seq, long atMs, int number) {
        if (number != Delivery.FOREIGN) {
            all.delivered(new Delivery(reader.client(), stream, seq, atMs, number, heardMs, answers));
        }
    }

    @Override
    public void missed(Stream stream, int missed, String reason) {
        all.recorder().add(new GapTold(reader.client(), stream, missed, reason, heardMs, answers));
    }
}
