package megacomet.loadtest.chaos.browsers;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.dialect.Dialect;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.publish.Plan;
import megacomet.loadtest.wire.Target;

/** All virtual browsers of a run, on one event loop. Public methods may be called from any thread. */
public final class Visitors implements AutoCloseable {

    private static final long HOLD_TIMEOUT_MS = 20_000;

    /** Beyond a poll's time or a stream's heartbeat. */
    private static final long SILENCE_MS = HOLD_TIMEOUT_MS + 10_000;

    private static final int OPEN_TICK_MS = 5;
    private static final int OPENED_A_TICK = 5;
    private static final long LEAST_PAUSE_MS = 100;
    private static final long MOST_PAUSE_MS = 600;
    private static final long LEAST_AWAY_MS = 50;
    private static final int CHURN_TICK_MS = 5;
    private static final int FICKLE_MS = 30;
    private static final int FICKLE_ONE_IN = 2;

    private final Network network = new Network();
    private final EventLoop loop = network.loop();
    private final Recorder recorder;
    private final List<Target> gateways;
    private final Tokens tokens;
    private final SplittableRandom chance;
    private final List<Visitor> visitors = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final long mostAwayMs;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong departures = new AtomicLong();
    private final AtomicLong deliveries = new AtomicLong();
    private volatile boolean isResting;
    private volatile boolean isClosed;

    /**
     * @param run letters and digits of this run alone
     * @param count how many browsers
     * @param mostAwayMs how long one that goes is away at most
     * @param tokens makes each its token, or null if gateways are open
     */
    public Visitors(
            String run,
            int count,
            List<String> gatewayUrls,
            long mostAwayMs,
            Recorder recorder,
            long seed,
            Tokens tokens) {
        this.tokens = tokens;
        this.mostAwayMs = mostAwayMs;
        this.recorder = recorder;
        gateways = gatewayUrls.stream().map(Target::parse).toList();
        chance = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            visitors.add(visitor(run, i));
        }
        visitors.forEach(visitor -> recorder.add(visitor.reader()));
    }

    private Visitor visitor(String run, int index) {
        Kind kind = Kind.values()[index % Kind.values().length];
        Reader reader = Population.reader(run, index, kind);
        String topics = reader.follows().isEmpty() ? null : String.join(",", reader.follows());
        Setting setting = new Setting(run, topics, HOLD_TIMEOUT_MS, tokens);
        List<Dialect> dialects =
                gateways.stream().map(target -> kind.at(target, setting)).toList();
        return new Visitor(this, index, kind, reader, dialects, index % gateways.size());
    }

    // ---- what a run does with them

    /** They come, one after the other. */
    public void open() {
        loop.execute(() -> openFrom(0));
        loop.scheduleAtFixedRate(this::lookForSilence, 1, 1, TimeUnit.SECONDS);
    }

    /** So many a second go away and come back, until {@link #rest}. */
    public void churn(double aSecond) {
        if (aSecond > 0) {
            Plan plan = new Plan(Clock.nowUs(), aSecond, Long.MAX_VALUE);
            loop.execute(() -> churnFrom(plan, 0));
        }
    }

    /** Who is away comes back, and from now on all stay where they are. */
    public void rest() {
        isResting = true;
        loop.execute(() -> visitors.forEach(Visitor::connect));
    }

    /** All leave for good. */
    public void leave() throws InterruptedException {
        isClosed = true;
        loop.submit(() -> visitors.forEach(Visitor::drop)).sync();
    }

    public List<Reader> readers() {
        return visitors.stream().map(Visitor::reader).toList();
    }

    /** How many connections were made. */
    public long connections() {
        return connections.get();
    }

    /** How often one has gone away. */
    public long departures() {
        return departures.get();
    }

    public long deliveries() {
        return deliveries.get();
    }

    /** What went wrong for browsers, and how often. */
    public Map<String, Integer> failures() {
        synchronized (failures) {
            return new TreeMap<>(failures);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        network.close();
    }

    private void openFrom(int first) {
        for (int i = first; i < Math.min(first + OPENED_A_TICK, visitors.size()); i++) {
            visitors.get(i).connect();
        }
        if (first + OPENED_A_TICK < visitors.size()) {
            later(() -> openFrom(first + OPENED_A_TICK), OPEN_TICK_MS);
        }
    }

    private void churnFrom(Plan plan, long first) {
        long due = first;
        while (!isClosed && !isResting && plan.dueUs(due) <= Clock.nowUs()) {
            due++;
            Visitor one = visitors.get(chance.nextInt(visitors.size()));
            if (one.isConnected()) {
                one.goAwayFor(chance.nextLong(LEAST_AWAY_MS, mostAwayMs), chance.nextInt(FICKLE_ONE_IN) == 0);
            }
        }
        if (!isClosed && !isResting) {
            long next = due;
            later(() -> churnFrom(plan, next), CHURN_TICK_MS);
        }
    }

    private void lookForSilence() {
        long sinceMs = RunClock.nowMs() - SILENCE_MS;
        visitors.forEach(visitor -> visitor.leaveIfSilentSince(sinceMs));
    }

    // ---- what they do with it

    boolean isClosed() {
        return isClosed;
    }

    Recorder recorder() {
        return recorder;
    }

    ChannelFuture connect(Visitor visitor, int gateway) {
        return network.bootstrap()
                .handler(visitor)
                .connect(gateways.get(gateway).address());
    }

    void later(Runnable what, long afterMs) {
        loop.schedule(what, afterMs, TimeUnit.MILLISECONDS);
    }

    long pauseMs() {
        return chance.nextLong(LEAST_PAUSE_MS, MOST_PAUSE_MS);
    }

    long chooseFickleMs() {
        return chance.nextInt(FICKLE_MS);
    }

    int chooseGateway() {
        return chance.nextInt(gateways.size());
    }

    int chooseGatewayBut(int failed) {
        return gateways.size() == 1 ? 0 : (failed + 1 + chance.nextInt(gateways.size() - 1)) % gateways.size();
    }

    /** Whether one that goes tells the kernel so; else it is gone as if its machine were. */
    boolean chooseToClose() {
        return chance.nextBoolean();
    }

    void connected() {
        connections.incrementAndGet();
    }

    void departed() {
        departures.incrementAndGet();
    }

    void delivered(Delivery delivery) {
        deliveries.incrementAndGet();
        recorder.add(delivery);
    }

    void failed(String reason) {
        if (!isClosed) {
            synchronized (failures) {
                failures.merge(reason, 1, Integer::sum);
            }
        }
    }
}
