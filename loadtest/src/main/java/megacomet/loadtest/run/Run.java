package megacomet.loadtest.run;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import megacomet.loadtest.machine.Proc;
import megacomet.loadtest.machine.Watch;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.profile.Group;
import megacomet.loadtest.profile.Profile;
import megacomet.loadtest.run.WorkerProcess.Event;
import megacomet.loadtest.wire.Target;
import megacomet.loadtest.worker.Line;
import megacomet.loadtest.worker.WorkerSpec;
import org.HdrHistogram.Histogram;

/**
 * A run, from the first connection to the last line of its workers: open, settle, measure, drain, finish. This process only
 * asks and adds up; browsers and publishers are in its workers.
 *
 * <p>One thread's, but for {@link #interrupt}.
 */
public final class Run {

    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** More that start at once would starve each other, and the servers beside them. */
    private static final int STARTING_AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

    /** A worker that is not ready by then is not waited for. */
    private static final long START_MS = 60_000;

    private static final long START_DELAY_US = 200_000;
    private static final long FINISH_MS = 20_000;

    /** Two lines of a worker after an event: the first may have been on its way when it happened. */
    private static final int LINES_TO_BE_SURE = 2;

    private final Profile profile;
    private final RunOptions options;
    private final String command;
    private final Progress progress;
    private final String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 36, 1L << 40), 36);
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Outcome.Storm> storms = new ArrayList<>();
    private final Fanouts fanouts;
    private final Histogram latency = Latencies.empty();
    private final Histogram latencyOfSample = Latencies.empty();
    private final Histogram lateness = Latencies.empty();
    private final Histogram back = Latencies.empty();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean isInterrupted;
    private Line.Interval[] latest;
    private int[] linesSeen;
    private int ready;
    private int ended;
    private final List<Watch> servers;
    private long startNanos;
    private long sampleNanos;
    private Counts countsOfSample = new Counts();

    public Run(Profile profile, RunOptions options, String command, Progress progress) {
        this.profile = profile;
        this.options = options;
        this.command = command;
        this.progress = progress;
        servers = options.watched();
        fanouts =
                new Fanouts(profile.groups().stream().mapToInt(Group::browsers).toArray());
    }

    /**
     * Ends it before its time, with what was measured, and waits until {@link #isSaid} is called. From any thread: what a
     * shutdown hook calls.
     */
    public void interrupt() {
        isInterrupted = true;
        try {
            if (!over.await(FINISH_MS, TimeUnit.MILLISECONDS)) {
                workers.forEach(WorkerProcess::kill);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was measured has been said. */
    public void isSaid() {
        over.countDown();
    }

    /**
     * Runs it.
     *
     * @throws Unable if the target or the machine does not allow it
     */
    public Outcome run() {
        String date = ZonedDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
        new Preflight(run, options).check(profile.groups());
        List<Double> pssMbBefore = servers.stream().map(Watch::pssMb).toList();
        double slabMb = Proc.slabKb() / 1024.0;
        try {
            startWorkers();
            double openS = open();
            int heldAtStart = sum(Line.Interval::held);
            settle();
            Watch browsers = new Watch(
                    "generator", workers.stream().map(WorkerProcess::pid).toList());
            double browsersPssMb = browsers.pssMb();
            List<Double> cpuSBefore = servers.stream().map(Watch::cpuSeconds).toList();
            double browsersCpuS = browsers.cpuSeconds();
            long measureNanos = System.nanoTime();
            measure();
            double measuredS = (System.nanoTime() - measureNanos) / 1e9;
            List<Outcome.Processes> serversSaid = IntStream.range(0, servers.size())
                    .mapToObj(i -> processes(
                            servers.get(i),
                            pssMbBefore.get(i),
                            servers.get(i).cpuSeconds() - cpuSBefore.get(i),
                            measuredS))
                    .toList();
            Outcome.Processes browsersSaid =
                    processes(browsers, browsersPssMb, browsers.cpuSeconds() - browsersCpuS, measuredS);
            Outcome.Kernel kernel = new Outcome.Kernel(slabMb, Proc.slabKb() / 1024.0);
            int heldAtEnd = sum(Line.Interval::held);
            drain();
            finish();
            Counts counts = counts();
            counts.lost += fanouts.missing();
            return new Outcome(
                    profile.scenario(),
                    date,
                    machine(),
                    System.getProperty("java.vm.name") + " " + Runtime.version(),
                    command,
                    profile,
                    workers.size(),
                    isInterrupted,
                    heldAtStart,
                    heldAtEnd,
                    openS,
                    measuredS,
                    counts,
                    Percentiles.of(latency),
                    Percentiles.of(lateness),
                    fanout(),
                    storms,
                    serversSaid,
                    browsersSaid,
                    kernel,
                    curve(),
                    samples,
                    breaches(counts, heldAtStart));
        } finally {
            progress.end();
            workers.forEach(WorkerProcess::kill);
        }
    }

    // ---- the phases

    private void startWorkers() {
        Target first = options.gateways().get(0);
        int files = options.filesPerProcess() > 0 ? options.filesPerProcess() : Proc.openFilesLimit();
        Capacity.Machine machine = new Capacity.Machine(files, Proc.sourcePorts(), Proc.availableKb());
        Capacity capacity = Capacity.of(
                profile.browsers(),
                options.sources(),
                first.address().getAddress(),
                options.gateways().size(),
                machine);
        latest = new Line.Interval[capacity.workers()];
        linesSeen = new int[capacity.workers()];
        startNanos = System.nanoTime();
        sampleNanos = startNanos;
        progress.phase("starting");
        for (int i = 0; i < capacity.workers() && !isInterrupted; i++) {
            workers.add(WorkerProcess.start(spec(i, capacity), events));
            int started = i + 1;
            pump(START_MS, () -> started - ready < STARTING_AT_ONCE);
        }
        pump(START_MS, () -> ready == workers.size());
    }

    private WorkerSpec spec(int worker, Capacity capacity) {
        return new WorkerSpec(
                worker,
                capacity.workers(),
                run,
                options.clientPrefix() == null ? "load-" + run : options.clientPrefix(),
                profile.groups(),
                options.gateways().stream().map(Target::url).toList(),
                options.publishers().stream().map(Target::url).toList(),
                capacity.sourcesOfWorkers().get(worker),
                options.connectRate() / capacity.workers(),
                options.holdTimeoutMs(),
                options.ttlMs(),
                Math.max(1, options.publishConnections() / capacity.workers()),
                options.secretFile(),
                options.apiKeyFile(),
                options.warmUpMs() + profile.durationMs(),
                options.seed());
    }

    private double open() {
        progress.phase("opening");
        tellAll("open");
        long rampMs = (long) (1_000 * profile.browsers() / options.connectRate());
        pump(rampMs + rampMs / 10 + options.connectTimeoutMs(), () -> allHeld());
        double openS = secondsSince(startNanos);
        if (sum(Line.Interval::held) == 0 && !isInterrupted) {
            Map<String, Long> errors = counts().errors;
            throw new Unable("no browser waits after %.0f s: %s"
                    .formatted(
                            openS,
                            errors.entrySet().stream()
                                    .max(Map.Entry.comparingByValue())
                                    .map(Map.Entry::getKey)
                                    .orElse("no answers, no errors")));
        }
        return openS;
    }

    private void settle() {
        progress.phase("settling");
        pump(options.settleMs(), () -> false);
    }

    private void measure() {
        progress.phase(profile.scenario());
        if (profile.storms() > 0) {
            for (int i = 0; i < profile.storms() && !isInterrupted; i++) {
                pump(i == 0 ? 0 : profile.stormPauseMs(), () -> false);
                storm();
            }
        } else {
            tellAll("go " + (Clock.nowUs() + START_DELAY_US));
            pump(options.warmUpMs() + START_DELAY_US / 1_000, () -> false);
            if (options.warmUpMs() > 0) { // else the first messages may be among what is forgotten
                latency.reset();
                lateness.reset();
            }
            pump(profile.durationMs(), () -> false);
        }
    }

    private void storm() {
        back.reset();
        tellAll("storm");
        pump(options.connectTimeoutMs(), this::areAllBack);
        boolean areAllBack = areAllBack();
        Percentiles away = Percentiles.of(back);
        storms.add(new Outcome.Storm(back.getTotalCount(), areAllBack ? away.maxMs() / 1_000 : 0, away));
    }

    private boolean areAllBack() {
        int begun = storms.size() + 1;
        return IntStream.range(0, latest.length).allMatch(i -> latest[i].storms() == begun)
                && sum(Line.Interval::away) == 0;
    }

    private void drain() {
        if (profile.isPublishing()) {
            progress.phase("draining");
            int[] before = linesSeen.clone();
            pump(options.drainMs(), () -> areSureSince(before) && isAllDelivered());
        }
    }

    private void finish() {
        tellAll("finish");
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FINISH_MS);
        while (ended < workers.size() && System.nanoTime() < deadline) {
            take(deadline);
        }
    }

    private boolean allHeld() {
        return sum(Line.Interval::held) >= profile.browsers();
    }

    private boolean isAllDelivered() {
        return sum(Line.Interval::outstanding) == 0
                && fanouts.outstanding() == 0
                && IntStream.range(0, latest.length).allMatch(i -> latest[i].isPublished());
    }

    private boolean areSureSince(int[] before) {
        return IntStream.range(0, before.length).allMatch(i -> linesSeen[i] >= before[i] + LINES_TO_BE_SURE);
    }

    // ---- lines of workers

    /** Takes lines and samples for a time, until something is so, or until it is interrupted. */
    private void pump(long ms, BooleanSupplier isEnough) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < deadline && !isInterrupted && !isEnough.getAsBoolean()) {
            take(Math.min(deadline, sampleNanos + SAMPLE_NANOS));
            if (System.nanoTime() - sampleNanos >= SAMPLE_NANOS) {
                sample();
            }
        }
    }

    private void take(long untilNanos) {
        try {
            // Not longer than this, so that an interruption is noticed.
            long waitNanos = Math.min(untilNanos - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(100));
            Event event = events.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
            while (event != null) {
                apply(event);
                event = events.poll();
            }
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
    }

    private void apply(Event event) {
        if (event.line() instanceof Line.Ready) {
            ready++;
        } else if (event.line() instanceof Line.Interval interval) {
            int worker = event.worker().index();
            latest[worker] = interval;
            linesSeen[worker]++;
            Latencies.addEncoded(latency, interval.latency());
            Latencies.addEncoded(latencyOfSample, interval.latency());
            Latencies.addEncoded(lateness, interval.lateness());
            Latencies.addEncoded(back, interval.back());
        } else if (event.line() instanceof Line.Fanned fanned) {
            fanouts.fanned(fanned);
            Latencies.addEncoded(latencyOfSample, fanned.latency());
        } else if (event.line() instanceof Line.Accepted accepted) {
            fanouts.accepted(accepted);
        } else if (event.line() instanceof Line.Exhausted exhausted) {
            throw new Unable(exhausted.sentence());
        } else {
            ended++;
            boolean hasSaidAll = latest[event.worker().index()] != null
                    && latest[event.worker().index()].isLast();
            if (!hasSaidAll && !isInterrupted) {
                throw new Unable(event.worker().obituary());
            }
        }
    }

    private void tellAll(String word) {
        workers.forEach(worker -> worker.send(word));
    }

    private int sum(ToIntFunction<Line.Interval> figure) {
        int sum = 0;
        for (Line.Interval interval : latest) {
            sum += interval == null ? 0 : figure.applyAsInt(interval);
        }
        return sum;
    }

    private Counts counts() {
        Counts sum = new Counts();
        for (Line.Interval interval : latest) {
            if (interval != null) {
                sum.add(interval.counts());
            }
        }
        return sum;
    }

    private void sample() {
        double seconds = secondsSince(sampleNanos);
        sampleNanos = System.nanoTime();
        Counts counts = counts();
        List<Watch.Look> looks = servers.stream().map(Watch::look).toList();
        Sample sample = new Sample(
                secondsSince(startNanos),
                sum(Line.Interval::connected),
                sum(Line.Interval::held),
                (counts.deliveries - countsOfSample.deliveries) / seconds,
                (counts.published - countsOfSample.published) / seconds,
                (counts.connects - countsOfSample.connects) / seconds,
                (counts.errorsTotal() - countsOfSample.errorsTotal()) / seconds,
                Latencies.ms(latencyOfSample, 50),
                Latencies.ms(latencyOfSample, 99),
                Latencies.ms(latencyOfSample, 99.9),
                looks.stream().mapToDouble(Watch.Look::rssMb).sum(),
                looks.stream().mapToDouble(Watch.Look::cpuPercent).sum());
        countsOfSample = counts;
        latencyOfSample.reset();
        samples.add(sample);
        progress.show(sample, profile.browsers(), counts.errorsTotal());
    }

    // ---- the outcome

    private Map<String, Percentiles> fanout() {
        Map<String, Percentiles> fanout = new TreeMap<>();
        if (profile.groups().stream().anyMatch(group -> group.topicRate() > 0)) {
            fanout.put("first", Percentiles.of(fanouts.first()));
            fanout.put("half", Percentiles.of(fanouts.half()));
            fanout.put("all", Percentiles.of(fanouts.all()));
            fanout.put("deliveries", Percentiles.of(fanouts.deliveries()));
        }
        return fanout;
    }

    private List<double[]> curve() {
        Histogram all = latency.copy();
        all.add(fanouts.deliveries());
        List<double[]> curve = new ArrayList<>();
        if (all.getTotalCount() > 0) {
            all.percentiles(5)
                    .forEach(value -> curve.add(
                            new double[] {value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1_000.0}));
        }
        return curve;
    }

    private List<String> breaches(Counts counts, int heldAtStart) {
        List<String> breaches = new ArrayList<>();
        if (heldAtStart < profile.browsers() && !isInterrupted) {
            breaches.add(
                    "only %,d of %,d browsers waited after the opening".formatted(heldAtStart, profile.browsers()));
        }
        // What was under way when somebody interrupted it, is not lost.
        addIfAny(breaches, isInterrupted ? 0 : counts.lost, "lost");
        addIfAny(breaches, counts.duplicated, "duplicated");
        addIfAny(breaches, counts.reordered, "reordered");
        addIfAny(breaches, counts.refused, "not accepted by the publisher side");
        addIfAny(breaches, counts.unsent, "not sent, because the publisher side was too slow");
        storms.stream()
                .filter(storm -> storm.allBackS() == 0)
                .forEach(storm -> breaches.add("after a storm %,d came back".formatted(storm.back())));
        return breaches;
    }

    private static void addIfAny(List<String> breaches, long count, String what) {
        if (count > 0) {
            breaches.add("%,d %s".formatted(count, what));
        }
    }

    private static Outcome.Processes processes(Watch watch, double pssMbBefore, double cpuS, double overS) {
        return new Outcome.Processes(watch.name(), watch.pids(), pssMbBefore, watch.pssMb(), cpuS, 100 * cpuS / overS);
    }

    private static String machine() {
        return "%s %s, %d processors, %,d MB"
                .formatted(
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.getRuntime().availableProcessors(),
                        Proc.totalKb() >> 10);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
