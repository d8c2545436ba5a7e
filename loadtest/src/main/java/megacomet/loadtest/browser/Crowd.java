package megacomet.loadtest.browser;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.wire.ResponseReader;
import megacomet.loadtest.wire.Target;

/**
 * The virtual browsers of one group that this process has, at one server, and what they share. {@link Opening} opens them.
 *
 * <p>It belongs to one event loop.
 */
public final class Crowd {

    /** So many connects may be on their way at once: the server's queue of those is finite, and a lost SYN costs a second. */
    private static final int MAX_CONNECTING = 1_000;

    private static final int MAX_SPARE_READERS = 64;
    private static final int TICK_MS = 5;
    private static final long PAUSE_MS = 1_000;

    private final Identity identity;
    private final Target target;
    private final List<InetSocketAddress> sources;
    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final Tally tally;
    private final Browser[] browsers;
    private final Deque<ResponseReader> spareReaders = new ArrayDeque<>();
    private final SplittableRandom chance;
    private int connecting;
    private int opened;
    private boolean isClosed;

    final Dialect dialect;
    final Stamp stamp;

    /**
     * Who they are.
     *
     * @param group the index of their group
     * @param first the index of the first of them in the group
     * @param step to the next: the group's other crowds have those between
     * @param count how many they are
     * @param clientPrefix what their ids begin with
     */
    public record Identity(int group, int first, int step, int count, String clientPrefix) {}

    public Crowd(
            Identity identity,
            Target target,
            Dialect dialect,
            Stamp stamp,
            List<InetSocketAddress> sources,
            Network network,
            Tally tally) {
        this.identity = identity;
        this.target = target;
        this.dialect = dialect;
        this.stamp = stamp;
        this.sources = sources;
        this.tally = tally;
        bootstrap = network.bootstrap();
        loop = network.loop();
        chance = new SplittableRandom(identity.first());
        browsers = new Browser[identity.count()];
        for (int i = 0; i < browsers.length; i++) {
            browsers[i] = new Browser(this, identity.first() + i * identity.step());
        }
    }

    // ---- what the process does with them

    public int size() {
        return browsers.length;
    }

    /** Opens one more of them. Returns false if none is left to be, or too many are just being opened. */
    public boolean openNext() {
        if (isOpened() || connecting >= MAX_CONNECTING) {
            return false;
        }
        connect(browsers[opened++]);
        return true;
    }

    /** Whether none is left to be opened. */
    public boolean isOpened() {
        return opened == browsers.length || isClosed;
    }

    /** Drops all of them, and opens them again at once. */
    public void storm() {
        for (Browser browser : browsers) {
            browser.drop();
        }
        opened = 0;
        openAll();
    }

    private void openAll() {
        while (openNext()) {}
        if (!isOpened()) {
            later(this::openAll, TICK_MS);
        }
    }

    /** One of them, by chance, leaves and comes back. */
    public void churn() {
        Browser browser = browsers[chance.nextInt(browsers.length)];
        if (browser.isConnected()) {
            browser.drop();
            reconnect(browser, 0);
        }
    }

    /** From now on none comes back. */
    public void close() {
        isClosed = true;
    }

    /** The id of the browser at a place of this crowd, from 0. */
    public String clientAt(int place) {
        return clientOf(browsers[place].index());
    }

    /** The number of the next message for the browser at a place. */
    public int nextSequenceAt(int place) {
        return browsers[place].nextSequence();
    }

    private void connect(Browser browser) {
        if (browser.isConnected() || isClosed) {
            return;
        }
        connecting++;
        ChannelFuture connect = sources.isEmpty()
                ? bootstrap.handler(browser).connect(target.address())
                : bootstrap.handler(browser).connect(target.address(), sourceOf(browser));
        browser.connect(connect.channel());
        connect.addListener(done -> {
            connecting--;
            if (!done.isSuccess()) {
                browser.notConnected(connect.channel(), done.cause());
            }
        });
    }

    private InetSocketAddress sourceOf(Browser browser) {
        return sources.get(browser.index() / identity.step() % sources.size());
    }

    // ---- what they do with it

    String clientOf(int index) {
        return identity.clientPrefix() + "-" + index;
    }

    ResponseReader takeReader() {
        ResponseReader spare = spareReaders.poll();
        return spare == null ? new ResponseReader() : spare;
    }

    void returnReader(ResponseReader reader) {
        if (spareReaders.size() < MAX_SPARE_READERS) {
            reader.reset();
            spareReaders.push(reader);
        }
    }

    /** Up to twice the usual pause, so that not all come back at once. */
    long pauseMs() {
        return PAUSE_MS + chance.nextLong(PAUSE_MS);
    }

    void later(Runnable what, long afterMs) {
        loop.schedule(what, afterMs, TimeUnit.MILLISECONDS);
    }

    void reconnect(Browser browser, long afterMs) {
        if (!isClosed) {
            later(() -> connect(browser), afterMs);
        }
    }

    void failedToConnect(Browser browser, Throwable why) {
        String reason = reasonOf(why);
        String exhausted = Exhaustion.sentence(reason);
        if (exhausted != null) {
            tally.exhausted(exhausted);
            return;
        }
        error(reason);
        reconnect(browser, pauseMs());
    }

    void connected() {
        counts().connects++;
        tally.connected(1);
    }

    void disconnected() {
        tally.connected(-1);
    }

    void lostConnection(String reason) {
        if (!isClosed) {
            counts().drops++;
            error(reason);
        }
    }

    void held(int change) {
        tally.held(change);
    }

    void asked() {
        counts().requests++;
    }

    void answered() {
        counts().answers++;
    }

    void back() {
        tally.back();
    }

    void gap() {
        counts().gaps++;
    }

    void error(String reason) {
        counts().error(reason);
    }

    void foreign() {
        counts().foreign++;
    }

    void delivered(Order.Arrival arrival, boolean isOfTopic, int number, long dueUs) {
        if (arrival == Order.Arrival.DUPLICATED) {
            counts().duplicated++;
            return;
        }
        if (arrival == Order.Arrival.REORDERED) {
            counts().reordered++;
        }
        counts().deliveries++;
        tally.delivered(identity.group(), isOfTopic, number, dueUs);
    }

    private Counts counts() {
        return tally.counts();
    }

    /** The same words for the same failure, whatever address it was at. */
    static String reasonOf(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.replaceFirst("^.*failed with error\\(-\\d+\\): ", "")
                .replaceAll(":? ?/?[0-9a-f.:\\[\\]]+:\\d+", "")
                .replaceAll("\\(\\.\\.\\)|\\(\\.\\.\\.\\)", "")
                .strip();
    }
}
