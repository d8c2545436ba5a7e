package megacomet.loadtest.siege;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.LastWords;
import megacomet.loadtest.chaos.Until;
import megacomet.loadtest.chaos.browsers.Population;
import megacomet.loadtest.chaos.browsers.Visitors;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.judge.Judge;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.publish.Application;
import megacomet.loadtest.chaos.publish.Publishing;
import megacomet.loadtest.chaos.world.Launch;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.Shape;
import megacomet.loadtest.chaos.world.World;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;

/**
 * A run: a Redis, a gateway and a publisher with little memory and few files, honest browsers and an application, and one attack after the
 * other. What honest people notice, what servers take, and what attackers get is judged.
 *
 * <p>{@link #run} blocks. {@link #abandon} may be called on any thread, and ends all processes.
 */
public final class Siege implements AutoCloseable {

    private static final String HEAP = "256m";

    /** Enough for the honest; fewer than an attacker opens. */
    private static final int OPEN_FILES = 1_600;

    /** Few, so that what fills them is seen soon. */
    private static final String IDS_A_PARTITION = "5000";

    /** So much Redis may take beside what was there before an attack. */
    private static final long REDIS_ALLOWANCE_BYTES = 100L << 20;

    private static final World.Times TIMES = new World.Times(15_000, 5_000, 30_000, 65_000);
    private static final long OPEN_TIMEOUT_MS = 120_000;
    private static final long TTL_MS = 120_000;
    private static final double TOPICS_SHARE = 0.1;

    /** From the start of publishing to the first attack, so that code is compiled that all will use. */
    private static final long WARM_UP_MS = 5_000;

    /** From an attack's preparation to its beginning. */
    private static final long CALM_MS = 1_000;

    /** After its end, what it did may still show. */
    private static final long AFTERMATH_MS = 500;

    /** Until a server that was overrun says again that it can serve. */
    private static final long RECOVERY_MS = 30_000;

    private final SiegeOptions options;
    private final Consumer<String> out;
    private final String run;
    private final Recorder recorder = new Recorder();
    private World world;

    /** An attack that is over, but for how honest messages fared, which may still be under way. */
    private record Struck(Row row, long fromMs, long toMs) {}

    public Siege(SiegeOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
        run = "s" + Long.toString(System.nanoTime() & 0xffffffL, 36);
    }

    public SiegeOutcome run() throws Exception {
        Path folder = Files.createTempDirectory("megacomet-siege");
        try {
            Keyring keyring = new Keyring(folder);
            startWorld(keyring);
            return besiege(keyring);
        } finally {
            abandon();
            remove(folder);
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

    private synchronized void startWorld(Keyring keyring) throws IOException, InterruptedException {
        Launch launch = new Launch(
                HEAP,
                OPEN_FILES,
                false,
                "info",
                List.of(
                        "--jwt-secret-file",
                        keyring.secretFile().toString(),
                        "--ws-deflate",
                        "--ids-max",
                        IDS_A_PARTITION),
                List.of("--api-keys", keyring.keysFile().toString(), "--ids-max", IDS_A_PARTITION));
        world = World.start(new World.Plan(Shape.STANDALONE, 0, 1, 1, TIMES, null, launch));
    }

    private SiegeOutcome besiege(Keyring keyring) throws Exception {
        SplittableRandom seeds = new SplittableRandom(options.seed());
        Tokens tokens = new Tokens(keyring.secret().getBytes(StandardCharsets.UTF_8));
        try (Visitors honest = new Visitors(
                        run, options.browsers(), List.of(gateway().url()), 1, recorder, seeds.nextLong(), tokens);
                Application application =
                        new Application(run, List.of(publisher().url()), keyring.apiKey(), recorder)) {
            honest.open();
            Until.isSo("all browsers have come", OPEN_TIMEOUT_MS, () -> recorder.joined() == options.browsers());
            out.accept("%,d honest browsers are there".formatted(options.browsers()));
            List<Struck> struck = new ArrayList<>();
            List<Stream> own = honest.readers().stream().map(Population::own).toList();
            List<Stream> topics =
                    Population.topics().stream().map(Stream::topic).toList();
            try (Publishing publishing = new Publishing(application, TTL_MS, seeds.nextLong())) {
                publishing.start(own, options.rate() * (1 - TOPICS_SHARE));
                publishing.start(topics, options.rate() * TOPICS_SHARE);
                TimeUnit.MILLISECONDS.sleep(WARM_UP_MS);
                for (Attack attack : options.attacks()) {
                    struck.add(strike(attack, keyring));
                }
            }
            List<Stream> all = new ArrayList<>(own);
            all.addAll(topics);
            LastWords.publish(application, all, TTL_MS, recorder)
                    .comeWithin(options.bounds().deafMs());
            honest.leave();
            return outcome(struck, application, honest);
        }
    }

    private SiegeOutcome outcome(List<Struck> struck, Application application, Visitors honest) {
        History history = recorder.history();
        List<Row> rows = struck.stream()
                .map(one -> new Row(
                        one.row.attack(),
                        one.row.ms(),
                        one.row.outcome(),
                        one.row.peaks(),
                        Delays.of(history, one.fromMs, one.toMs),
                        one.row.counted(),
                        one.row.mustBeCounted(),
                        one.row.mishaps()))
                .toList();
        List<Verdict> verdicts = new ArrayList<>(Judge.judge(history, options.bounds()));
        return new SiegeOutcome(
                options.seed(),
                options.limits(),
                application.published(),
                application.acked(),
                application.failures(),
                honest.failures(),
                rows,
                rows.stream()
                        .map(row -> SiegeJudge.breaches(row, options.limits()))
                        .toList(),
                verdicts);
    }

    // ---- an attack

    private Struck strike(Attack attack, Keyring keyring) throws Exception {
        Besieged target = new Besieged(
                gateway().port(),
                gateway().managementPort(),
                publisher().port(),
                publisher().managementPort(),
                0,
                keyring.secret(),
                keyring.apiKey(),
                keyring.spareKey(),
                keyring.keysFile().toString(),
                null);
        Server further = startFurther(attack, keyring);
        try {
            if (further != null) {
                target = target.withFurther(further.port());
            }
            target = target.withKnown(attack.prepare(target));
            allowRedisSomeMemory();
            TimeUnit.MILLISECONDS.sleep(CALM_MS);
            return strike(attack, target);
        } finally {
            if (further != null) {
                further.close();
            }
        }
    }

    private Struck strike(Attack attack, Besieged target) throws IOException, InterruptedException {
        long ms = options.msOf(attack);
        Counted before = Counted.of(world.servers());
        long fromMs = RunClock.nowMs();
        try (Lookout lookout = new Lookout(world)) {
            List<String> mishaps = new ArrayList<>();
            Outcome outcome = attack(attack, target, ms, mishaps);
            long toMs = RunClock.nowMs();
            TimeUnit.MILLISECONDS.sleep(AFTERMATH_MS);
            Peaks peaks = lookout.peaks();
            Map<String, Long> counted = Counted.of(world.servers()).since(before);
            awaitRecovery(mishaps);
            Row row = new Row(
                    attack.name(),
                    toMs - fromMs,
                    outcome,
                    peaks,
                    Delays.of(recorder.history(), fromMs, toMs),
                    counted,
                    attack.mustBeCounted(),
                    mishaps);
            out.accept(SiegeReport.line(row, SiegeJudge.breaches(row, options.limits())));
            return new Struck(row, fromMs, toMs);
        }
    }

    private Server startFurther(Attack attack, Keyring keyring) throws IOException, InterruptedException {
        List<String> access = switch (attack.needs()) {
            case NOTHING -> null;
            case AN_OPEN_GATEWAY -> List.of("--open");
            case A_TLS_GATEWAY -> {
                List<String> all = new ArrayList<>(keyring.tlsOptions());
                all.addAll(List.of("--jwt-secret-file", keyring.secretFile().toString()));
                yield all;
            }
        };
        return access == null ? null : world.startFurtherGateway("further", access);
    }

    /** Redis is full when an attack has made it so, and not because of those before it. */
    private void allowRedisSomeMemory() throws IOException {
        RedisServer redis = world.redis().servers().get(0);
        redis.command("CONFIG", "SET", "maxmemory", "" + (Lookout.usedBytes(redis) + REDIS_ALLOWANCE_BYTES));
    }

    private Outcome attack(Attack attack, Besieged target, long ms, List<String> mishaps) throws InterruptedException {
        try {
            return new Attacker(world.programs(), world.folder()).attack(attack, target, ms);
        } catch (IOException e) {
            mishaps.add("the attack could not be carried out: " + e.getMessage());
            return new Spoils().outcome();
        }
    }

    /**
     * Waits until honest browsers are served as before, so that the next attack is not charged with this one. A server that has ended,
     * or ends now, is started again.
     */
    private void awaitRecovery(List<String> mishaps) throws IOException, InterruptedException {
        allowRedisSomeMemory();
        Deadline deadline = Deadline.in(RECOVERY_MS);
        do {
            for (Server server : world.servers()) {
                if (server.hasDied()) {
                    mishaps.add("%s ended: %s".formatted(server.name(), server.lastWords()));
                    server.replace(Map.of());
                }
            }
            deadline.pause(CALM_MS);
        } while (!deadline.isOver() && !isCalm());
    }

    private boolean isCalm() throws InterruptedException {
        long nowMs = RunClock.nowMs();
        long lateMs = options.limits().honestP99Ms();
        Delays lately = Delays.of(recorder.history(), nowMs - lateMs - CALM_MS, nowMs - lateMs);
        return gateway().isReady() && publisher().isReady() && lately.p99Ms() <= lateMs;
    }

    private Server gateway() {
        return world.gateways().get(0);
    }

    private Server publisher() {
        return world.publishers().get(0);
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        }
        Files.delete(folder);
    }
}
