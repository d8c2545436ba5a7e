package megacomet.conformance;

import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import megacomet.conformance.wire.Endpoints;
import megacomet.conformance.wire.Outages;
import megacomet.conformance.wire.Transport;

/** Judges statements: most of them together, since they wait most of the time, some alone, and the dangerous last. */
final class Judge implements AutoCloseable {

    private static final int TOGETHER_MAX = 12;
    private static final int WAITS_MAX = 12;

    private final Settings settings;
    private final Set<Transport> offered;
    private final HttpClient client;
    private final Endpoints endpoints;
    private final Outages outages = new Outages();
    private final String runName;
    private final ExecutorService threads = Executors.newCachedThreadPool(Judge::thread);

    private record Case(Statement statement, Transport transport) {}

    /** @param seed of everything random in the run: names, and which address a request goes to */
    Judge(Settings settings, Set<Transport> offered, HttpClient client, long seed) {
        this.settings = settings;
        this.offered = offered;
        this.client = client;
        this.endpoints = new Endpoints(settings.urls(), seed);
        this.runName = "r" + Long.toString(Math.floorMod(new Random(seed).nextLong(), 1L << 40), 36);
    }

    Run judge(List<Statement> statements, Set<Transport> transports) {
        Instant began = Instant.now();
        long beganNs = System.nanoTime();
        List<Case> cases = new ArrayList<>();
        for (Statement statement : statements) {
            for (Transport transport : Transport.values()) {
                if (statement.transports().contains(transport) && transports.contains(transport)) {
                    cases.add(new Case(statement, transport));
                }
            }
        }
        Map<Case, Outcome> outcomes = new ConcurrentHashMap<>();
        outcomes.putAll(judgeAll(cases, Turn.TOGETHER, TOGETHER_MAX));
        outcomes.putAll(judgeAll(cases, Turn.ALONE, 1));
        outcomes.putAll(judgeAll(cases, Turn.LAST, 1));
        List<Outcome> ordered = cases.stream().map(outcomes::get).toList();
        return new Run(settings, offered, began, (System.nanoTime() - beganNs) / 1_000_000, ordered);
    }

    private Map<Case, Outcome> judgeAll(List<Case> all, Turn turn, int atATime) {
        List<Case> cases =
                all.stream().filter(each -> each.statement().turn() == turn).toList();
        Map<Case, Outcome> outcomes = new ConcurrentHashMap<>();
        ExecutorService lanes = Executors.newFixedThreadPool(atATime, Judge::thread);
        long beganNs = System.nanoTime();
        try {
            List<Future<?>> ends = new ArrayList<>();
            cases.stream()
                    .sorted(Comparator.comparing((Case each) -> !waitsForExpiry(each)))
                    .forEach(each -> ends.add(lanes.submit(() -> outcomes.put(each, judge(each)))));
            for (Future<?> end : ends) {
                join(end);
            }
        } finally {
            lanes.shutdownNow();
        }
        if (turn != Turn.LAST && outages.since(beganNs)) {
            outcomes.replaceAll((each, outcome) -> outcome.verdict() == Verdict.FAIL ? judge(each) : outcome);
        }
        return outcomes;
    }

    /** Those that take longest begin first. */
    private static boolean waitsForExpiry(Case each) {
        return each.statement().chapter().startsWith("Expiry");
    }

    private Outcome judge(Case each) {
        Statement statement = each.statement();
        if (!offered.contains(each.transport())) {
            String reason = "the server does not offer " + each.transport().type();
            return Outcome.skipped(statement, each.transport(), reason);
        }
        String name =
                runName + "/" + statement.number() + "-" + each.transport().ordinal();
        long beganNs = System.nanoTime();
        try (Probe probe = new Probe(name, each.transport(), settings, offered, client, endpoints, outages)) {
            Future<?> verifying = threads.submit(() -> {
                statement.check().verify(probe);
                return null;
            });
            Throwable problem = null;
            try {
                verifying.get(WAITS_MAX * settings.patienceMs(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                problem = e.getCause();
            } catch (TimeoutException | InterruptedException e) {
                verifying.cancel(true);
                problem = new Mismatch("an end in the time that was allowed", "none");
            }
            return outcome(each, problem, probe, (System.nanoTime() - beganNs) / 1_000_000);
        }
    }

    private static Outcome outcome(Case each, Throwable problem, Probe probe, long tookMs) {
        Verdict verdict = Verdict.PASS;
        String reason = "";
        String expected = "";
        String came = "";
        if (problem instanceof Skipped) {
            verdict = Verdict.SKIPPED;
            reason = problem.getMessage();
        } else if (problem instanceof Mismatch mismatch) {
            verdict = Verdict.FAIL;
            expected = mismatch.expected();
            came = mismatch.came();
        } else if (problem != null) {
            verdict = Verdict.FAIL;
            expected = "an exchange that could be judged";
            came = problem.toString();
        }
        return new Outcome(
                each.statement(),
                each.transport(),
                verdict,
                reason,
                expected,
                came,
                probe.transcript().exchanges(),
                tookMs);
    }

    private static void join(Future<?> end) {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "statement");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
