package megacomet.loadtest.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import megacomet.loadtest.chaos.browsers.Population;
import megacomet.loadtest.chaos.browsers.Visitors;
import megacomet.loadtest.chaos.faults.Injector;
import megacomet.loadtest.chaos.faults.MasterWatch;
import megacomet.loadtest.chaos.faults.Scene;
import megacomet.loadtest.chaos.faults.Timeline;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.judge.Judge;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.judge.Waits;
import megacomet.loadtest.chaos.publish.Application;
import megacomet.loadtest.chaos.publish.Publishing;
import megacomet.loadtest.chaos.rest.BackToBase;
import megacomet.loadtest.chaos.rest.Contents;
import megacomet.loadtest.chaos.rest.Presence;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.World;

/**
 * A run: real processes, virtual browsers and an application; faults, while it publishes; and then rest, in which all must be
 * as promised. What is promised is judged by what the browsers and the application saw, and by what can be asked at rest.
 *
 * <p>{@link #run} blocks. {@link #abandon} may be called on any thread, and ends all processes.
 */
public final class Chaos implements AutoCloseable {

    private static final long HEARTBEAT_MS = 5_000;
    private static final long OPEN_TIMEOUT_MS = 120_000;
    private static final long BAYEUX_TIMEOUT_MS = 30_000;
    private static final long BAYEUX_MAX_INTERVAL_MS = 65_000;
    private static final long LEASE_MS = 6_000;
    private static final long MOST_AWAY_MS = 9_000;

    /** Of the messages whose lives are not short; longer than a run at rest takes. */
    private static final long LONG_TTL_MS = 120_000;

    private final ChaosOptions options;
    private final Consumer<String> out;
    private final String run;
    private final Recorder recorder = new Recorder();
    private World world;

    public Chaos(ChaosOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
        run = "c" + Long.toString(System.nanoTime() & 0xffffffL, 36);
    }

    public Outcome run() throws Exception {
        Timeline timeline = new Timeline(recorder, out);
        startWorld();
        timeline.say(
                "%s Redis, %d gateways, %d publishers are there",
                options.shape().word(), options.gateways(), options.publishers());
        if (options.redisClockS() != 0) {
            timeline.say("the clock of one Redis master is %+d s off", options.redisClockS());
        }
        BackToBase base = new BackToBase();
        base.measure(world);
        SplittableRandom seeds = new SplittableRandom(options.seed());
        List<String> publishers = world.publishers().stream().map(Server::url).toList();
        List<String> gateways = world.gateways().stream().map(Server::url).toList();
        try (MasterWatch watch = new MasterWatch(world.redis(), recorder, timeline);
                Visitors visitors = new Visitors(
                        run, options.browsers(), gateways, MOST_AWAY_MS, recorder, seeds.nextLong(), null);
                Application application = new Application(run, publishers, null, recorder)) {
            visitors.open();
            Until.isSo("all browsers have come", OPEN_TIMEOUT_MS, () -> recorder.joined() == options.browsers());
            timeline.say("%,d browsers are there", options.browsers());
            List<String> died = new ArrayList<>(strike(timeline, visitors, application, seeds));
            long restMs = options.bounds().deafMs() + LEASE_MS;
            Presence presence = new Presence(publishers.get(0), visitors.readers(), Population.topics(), restMs);
            presence.expectAll();
            timeline.say("presence and counts were looked at");
            visitors.leave();
            presence.expectNobody(options.lingerMs());
            timeline.say("everybody has left");
            world.servers().stream()
                    .filter(Server::hasDied)
                    .forEach(server -> died.add(server.name() + " has ended by itself: " + server.lastWords()));
            History history = recorder.history();
            Contents contents = new Contents(world);
            List<Verdict> verdicts = new ArrayList<>(Judge.judge(history, options.bounds()));
            verdicts.add(presence.verdict());
            verdicts.add(contents.check());
            verdicts.add(contents.expiries());
            verdicts.add(base.compare());
            verdicts.add(Verdict.of("processes end only when they should, and well", "", died));
            timeline.say("judged");
            return new Outcome(
                    options.seed(),
                    options.shape().word(),
                    application.published(),
                    application.acked(),
                    Waits.of(history),
                    application.failures(),
                    visitors.failures(),
                    history.faults(),
                    verdicts);
        }
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
                options.redisClockS(),
                options.gateways(),
                options.publishers(),
                new World.Times(options.lingerMs(), HEARTBEAT_MS, BAYEUX_TIMEOUT_MS, BAYEUX_MAX_INTERVAL_MS),
                options.classPathFirst()));
    }

    /** Publishes, and lets faults strike; then the last words. Returns what faults found amiss. */
    private List<String> strike(Timeline timeline, Visitors visitors, Application application, SplittableRandom seeds)
            throws Exception {
        List<Stream> own = visitors.readers().stream().map(Population::own).toList();
        List<Stream> topics = Population.topics().stream().map(Stream::topic).toList();
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.durationMs());
        Scene scene = new Scene(world, seeds.split(), timeline, endNanos);
        try (Publishing publishing = new Publishing(application, LONG_TTL_MS, seeds.nextLong())) {
            publishing.start(own, options.rate());
            publishing.start(topics, options.topicRate());
            visitors.churn(options.churn());
            new Injector(options.faults(), scene, seeds.nextLong(), options.calmMs()).strikeUntil(endNanos);
        }
        visitors.rest();
        List<Stream> all = new ArrayList<>(own);
        all.addAll(topics);
        LastWords lastWords = LastWords.publish(application, all, LONG_TTL_MS, recorder);
        timeline.say("the last of %,d messages is published", application.published());
        boolean haveAllCome = lastWords.comeWithin(options.bounds().deafMs());
        timeline.say("the last words have %scome to all", haveAllCome ? "" : "not ");
        return scene.breaches();
    }
}
