package megacomet.loadtest.worker;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import megacomet.loadtest.browser.Crowd;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.browser.Opening;
import megacomet.loadtest.browser.Tally;
import megacomet.loadtest.dialect.Dialects;
import megacomet.loadtest.dialect.PublishDialect;
import megacomet.loadtest.dialect.PublishSetting;
import megacomet.loadtest.dialect.Setting;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.message.Stamp;
import megacomet.loadtest.profile.Group;
import megacomet.loadtest.profile.Share;
import megacomet.loadtest.publish.Ledger;
import megacomet.loadtest.publish.Plan;
import megacomet.loadtest.publish.Publishing;
import megacomet.loadtest.wire.Target;
import org.HdrHistogram.Histogram;

/**
 * One process's share of a run: browsers, the publishing to them, and the account of both. Everything in it happens on one
 * event loop.
 */
final class Worker implements Tally {

    private static final long FINISH_S = 10;
    private static final long INTERVAL_MS = 500;

    private final WorkerSpec spec;
    private final Consumer<Line> out;
    private final Network network = new Network();
    private final Counts counts = new Counts();
    private final Ledger ledger = new Ledger();
    private final Publishing publishing;
    private final Fanning fanning;
    private final List<List<Crowd>> crowdsOfGroups = new ArrayList<>();
    private final List<Publishing.Line> linesOfGroups = new ArrayList<>();
    private final Histogram latency = Latencies.empty();
    private final Histogram back = Latencies.empty();
    private int connected;
    private int held;
    private int storms;
    private int away;
    private long stormUs;
    private boolean isFinished;

    Worker(WorkerSpec spec, Consumer<Line> out) {
        this.spec = spec;
        this.out = out;
        fanning = new Fanning(out);
        publishing = new Publishing(
                network,
                counts,
                ledger,
                (group, number) -> out.accept(new Line.Accepted(group, number)),
                spec.seed() + spec.worker());
    }

    // ---- commands; from any thread

    /** Opens all browsers, and says how it is going from then on. */
    void open() {
        network.loop().execute(() -> {
            List<Target> gateways = spec.gateways().stream().map(Target::parse).toList();
            for (int group = 0; group < spec.groups().size(); group++) {
                crowdsOfGroups.add(crowds(group, gateways));
            }
            List<Crowd> all = crowdsOfGroups.stream().flatMap(List::stream).toList();
            new Opening(network.loop(), all, spec.connectRate(), spec.worker()).start();
            connectPublishers();
            network.loop().scheduleAtFixedRate(this::report, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
        });
    }

    /** Begins the plans. */
    void go(long startUs) {
        network.loop().execute(() -> {
            for (int i = 0; i < spec.groups().size(); i++) {
                begin(spec.groups().get(i), i, startUs);
            }
            publishing.start();
        });
    }

    /** Drops all browsers, and opens them again. */
    void storm() {
        network.loop().execute(() -> {
            storms++;
            stormUs = Clock.nowUs();
            away = browsers();
            crowdsOfGroups.forEach(crowds -> crowds.forEach(Crowd::storm));
        });
    }

    /** Ends it and says the last line. Returns once that is said. */
    synchronized void finish() {
        if (!network.loop().isShuttingDown()) {
            network.loop().submit(this::finishNow).awaitUninterruptibly(FINISH_S, TimeUnit.SECONDS);
            network.close();
        }
    }

    private void finishNow() {
        if (isFinished) {
            return;
        }
        isFinished = true;
        publishing.stop();
        crowdsOfGroups.forEach(crowds -> crowds.forEach(Crowd::close));
        fanning.end();
        counts.lost = ledger.outstanding();
        out.accept(interval(true));
    }

    // ---- the parts

    private List<Crowd> crowds(int index, List<Target> gateways) {
        Group group = spec.groups().get(index);
        Share share = Share.of(group.browsers(), spec.worker(), spec.workers());
        Stamp stamp = new Stamp(spec.run());
        Setting setting =
                new Setting(spec.run(), group.topic(), spec.holdTimeoutMs(), Tokens.fromFile(spec.secretFile()));
        List<InetSocketAddress> sources = spec.sources().stream()
                .map(address -> new InetSocketAddress(address, 0))
                .toList();
        List<Crowd> crowds = new ArrayList<>();
        for (int i = 0; i < gateways.size(); i++) {
            // Each gateway has every so many-th browser.
            int count = (share.count() - i + gateways.size() - 1) / gateways.size();
            if (count > 0) {
                Crowd.Identity identity = new Crowd.Identity(
                        index, share.first() + i, gateways.size(), count, spec.clientPrefix() + "-" + index);
                Target target = gateways.get(i);
                crowds.add(new Crowd(
                        identity,
                        target,
                        Dialects.named(group.dialect()).at(target, setting),
                        stamp,
                        sources,
                        network,
                        this));
            }
        }
        return crowds;
    }

    private void connectPublishers() {
        List<Target> publishers = spec.publishers().stream().map(Target::parse).toList();
        String apiKey = ApiKey.fromFile(spec.apiKeyFile());
        for (int i = 0; i < spec.groups().size(); i++) {
            Group group = spec.groups().get(i);
            if (!group.isPublishedTo() || crowdsOfGroups.get(i).isEmpty()) {
                linesOfGroups.add(null);
                continue;
            }
            PublishSetting setting = new PublishSetting(spec.run(), group.topic(), group.bytes(), spec.ttlMs(), apiKey);
            List<PublishDialect> dialects = publishers.stream()
                    .map(target -> Dialects.named(group.dialect()).publisherAt(target, setting))
                    .toList();
            linesOfGroups.add(
                    publishing.connect(i, crowdsOfGroups.get(i), publishers, dialects, spec.publishConnections()));
        }
    }

    private void begin(Group group, int index, long startUs) {
        Share share = Share.of(group.browsers(), spec.worker(), spec.workers());
        if (group.rate() > 0 && share.count() > 0) {
            double rate = group.rate() * share.count() / group.browsers();
            linesOfGroups
                    .get(index)
                    .add(Plan.part(startUs, rate, spec.durationMs(), spec.worker(), spec.workers()), false);
        }
        if (group.closed() && share.count() > 0) {
            linesOfGroups.get(index).loop(startUs, startUs + TimeUnit.MILLISECONDS.toMicros(spec.durationMs()));
        }
        if (group.topicRate() > 0 && share.first() == 0 && share.count() > 0) {
            linesOfGroups.get(index).add(Plan.part(startUs, group.topicRate(), spec.durationMs(), 0, 1), true);
        }
        if (group.churn() > 0 && share.count() > 0) {
            long gapUs = (long) (1e6 * group.browsers() / group.churn() / share.count());
            network.loop()
                    .scheduleAtFixedRate(
                            () -> churn(crowdsOfGroups.get(index)), gapUs, Math.max(1, gapUs), TimeUnit.MICROSECONDS);
        }
    }

    private void churn(List<Crowd> crowds) {
        if (!isFinished) {
            crowds.get((int) (counts.connects % crowds.size())).churn();
        }
    }

    private int browsers() {
        return crowdsOfGroups.stream()
                .flatMap(List::stream)
                .mapToInt(Crowd::size)
                .sum();
    }

    // ---- the account

    private void report() {
        if (!isFinished) {
            out.accept(interval(false));
        }
    }

    private Line.Interval interval(boolean isLast) {
        Line.Interval interval = new Line.Interval(
                connected,
                held,
                storms,
                away,
                ledger.outstanding() + publishing.outstanding() + fanning.size(),
                publishing.isDone(),
                counts,
                Latencies.encode(latency),
                Latencies.encode(publishing.lateness()),
                Latencies.encode(back),
                isLast);
        latency.reset();
        publishing.lateness().reset();
        back.reset();
        return interval;
    }

    @Override
    public Counts counts() {
        return counts;
    }

    @Override
    public void connected(int change) {
        connected += change;
    }

    @Override
    public void held(int change) {
        held += change;
    }

    @Override
    public void back() {
        if (away > 0) {
            away--;
            Latencies.count(back, Clock.nowUs() - stormUs);
        }
    }

    @Override
    public void delivered(int group, boolean isOfTopic, int number, long dueUs) {
        long latencyUs = Clock.nowUs() - dueUs;
        if (isOfTopic) {
            int followers =
                    crowdsOfGroups.get(group).stream().mapToInt(Crowd::size).sum();
            fanning.delivered(group, number, followers, latencyUs);
        } else {
            Latencies.count(latency, latencyUs);
            ledger.delivered(number);
            publishing.delivered(number);
        }
    }

    @Override
    public void exhausted(String sentence) {
        if (!isFinished) {
            isFinished = true;
            out.accept(new Line.Exhausted(sentence));
        }
    }
}
