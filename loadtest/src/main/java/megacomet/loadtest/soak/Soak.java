package megacomet.loadtest.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import megacomet.loadtest.chaos.LastWords;
import megacomet.loadtest.chaos.Until;
import megacomet.loadtest.chaos.browsers.Population;
import megacomet.loadtest.chaos.browsers.Visitors;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.chaos.judge.Judge;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.publish.Application;
import megacomet.loadtest.chaos.publish.Publishing;
import megacomet.loadtest.chaos.rest.Contents;
import megacomet.loadtest.chaos.rest.Footprint;
import megacomet.loadtest.chaos.rest.RedisKeys;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.World;
import megacomet.loadtest.run.Unable;

/**
 * Rounds in which browsers come, wait, get messages, drop their connections and come back, and after each of which all leave:
 * gateways then take what they took after the first. Nothing is broken meanwhile, so that every promise must be kept as well.
 *
 * <p>Each round has browsers, and topics of their own, that were never there before. What a gateway keeps of everybody that it
 * has once seen therefore grows from round to round.
 *
 * <p>{@link #run} blocks. {@link #abandon} may be called on any thread, and ends all processes.
 */
public final class Soak implements AutoCloseable {

    private static final int PUBLISHERS = 1;
    private static final long HEARTBEAT_MS = 5_000;
    private static final long OPEN_TIMEOUT_MS = 120_000;

    /** Nobody lingers for less: who comes back is still known. */
    private static final long MOST_AWAY_MS = 1_000;

    /** After what was due to end, until that is seen. */
    private static final long SWEEP_MS = 20_000;

    /** How late a message may come after its life: as chaos has it, in proportion to how deaf a browser may be. */
    private static final long TRANSIT_SHARE = 5;

    private final SoakOptions options;
    private final Consumer<String> out;
    private final String run = "s" + Long.toString(System.nanoTime() & 0xffffffL, 36);
    private final SplittableRandom seeds;
    private final Breaches breaches = new Breaches();
    private World world;

    /** @throws Unable if what must be measured cannot be, on this machine */
    public Soak(SoakOptions options, Consumer<String> out) {
        if (!Footprint.canBeMeasured()) {
            throw new Unable("there is no jcmd beside this java: a JDK is needed");
        }
        this.options = options;
        this.out = out;
        seeds = new SplittableRandom(options.seed());
    }

    public SoakOutcome run() throws Exception {
        startWorld();
        List<Round> rounds = new ArrayList<>();
        for (int number = 1; number <= options.rounds(); number++) {
            rounds.add(finished(number));
            out.accept(SoakReport.line(rounds.get(number - 1), options.rounds()));
        }
        List<Verdict> verdicts = new ArrayList<>(ReturnToBase.judge(rounds, options.restMs() > 0));
        Contents contents = new Contents(world);
        verdicts.add(contents.check());
        verdicts.add(contents.expiries());
        verdicts.addAll(breaches.verdicts());
        verdicts.add(Verdict.of("no process ends by itself", "", died()));
        return new SoakOutcome(options.seed(), options.shape().word(), rounds, verdicts);
    }

    /** Ends all that it has started; {@link #run} then fails. */
    public synchronized void abandon() {
        if (world != null) {
            world.close();
        }
    }

    @Override
    public void close() {
        abandon();
    }

    private synchronized void startWorld() throws IOException, InterruptedException {
        world = World.start(new World.Plan(
                options.shape(),
                0,
                options.gateways(),
                PUBLISHERS,
                new World.Times(options.lingerMs(), HEARTBEAT_MS, options.lingerMs(), options.sessionMs()),
                null));
    }

    private Round finished(int number) throws Exception {
        try {
            return round(number);
        } catch (IOException | IllegalStateException e) {
            List<String> died = died();
            throw new IllegalStateException(
                    "round %d could not be finished: %s"
                            .formatted(number, died.isEmpty() ? e : "these have ended: " + String.join("; ", died)),
                    e);
        }
    }

    private Round round(int number) throws Exception {
        String name = run + "r" + number;
        Recorder recorder = new Recorder();
        List<String> gateways = world.gateways().stream().map(Server::url).toList();
        List<String> publishers = world.publishers().stream().map(Server::url).toList();
        Bounds bounds = new Bounds(options.deafMs(), options.deafMs() / TRANSIT_SHARE);
        try (Visitors visitors = new Visitors(
                        name, options.browsers(), gateways, MOST_AWAY_MS, recorder, seeds.nextLong(), null);
                Application application = new Application(name, publishers, null, recorder)) {
            visitors.open();
            Until.isSo("all browsers have come", OPEN_TIMEOUT_MS, () -> recorder.joined() == options.browsers());
            comeAndGo(visitors, application, recorder);
            visitors.leave();
            breaches.add(number, Judge.judge(recorder.history(), bounds));
            Stillness stillness = new Stillness(world);
            long emptyMs = stillness.await(
                    options.lingerMs() + options.sessionMs() + options.ttlMs() + SWEEP_MS, options.restMs());
            return new Round(
                    number,
                    visitors.connections(),
                    visitors.deliveries(),
                    visitors.departures(),
                    visitors.readers().stream()
                            .filter(reader -> !reader.hasMailbox())
                            .count(),
                    visitors.failures(),
                    emptyMs,
                    stillness.gateways(),
                    RedisKeys.of(world));
        }
    }

    private void comeAndGo(Visitors visitors, Application application, Recorder recorder) throws InterruptedException {
        List<Stream> own = visitors.readers().stream().map(Population::own).toList();
        List<Stream> topics = Population.topics().stream().map(Stream::topic).toList();
        try (Publishing publishing = new Publishing(application, options.ttlMs(), seeds.nextLong())) {
            publishing.start(own, options.rate());
            publishing.start(topics, options.topicRate());
            visitors.churn(options.churn());
            TimeUnit.MILLISECONDS.sleep(options.durationMs() / options.rounds());
        }
        visitors.rest();
        List<Stream> all = new ArrayList<>(own);
        all.addAll(topics);
        LastWords.publish(application, all, options.ttlMs(), recorder).comeWithin(options.deafMs());
    }

    private List<String> died() {
        return world.servers().stream()
                .filter(Server::hasDied)
                .map(server -> server.name() + ": " + server.lastWords())
                .toList();
    }
}
