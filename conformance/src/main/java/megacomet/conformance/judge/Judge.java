package megacomet.conformance.judge;

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
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.Outages;
import megacomet.conformance.wire.Transport;

/** Judges statements: most of them together, since they wait most of the time, some alone, and the dangerous last. */
public final class Judge implements AutoCloseable {

    private static final int TOGETHER_MAX = 12;
    private static final int ANOTHER_LOOK_MAX = 2;
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
    public Judge(Settings settings, Set<Transport> offered, HttpClient client, long seed) {
        this.settings = settings;
        this.offered = offered;
        this.client = client;
        this.endpoints = new Endpoints(settings.urls(), seed);
        this.runName = "r" + Long.toString(Math.floorMod(new Random(seed).nextLong(), 1L << 40), 36);
    }

    /** Judges every statement on each of its transports that is among these. */
    public Run judge(List<Statement> statements, Set<Transport> transports) {
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
        for (Turn turn : Turn.values()) {
            List<Case> those = cases.stream()
                    .filter(each -> each.statement().turn() == turn)
                    .toList();
            long turnBeganNs = System.nanoTime();
            outcomes.putAll(judge(those, turn == Turn.TOGETHER ? TOGETHER_MAX : 1));
            outcomes.putAll(judge(worthAnotherLook(outcomes, those, turnBeganNs), ANOTHER_LOOK_MAX));
        }
        List<Outcome> ordered = cases.stream().map(outcomes::get).toList();
        return new Run(settings, offered, began, (System.nanoTime() - beganNs) / 1_000_000, ordered);
    }

    /**
     * Failures that may not be the server's: of time, when many were judged at once, and any while the server was gone
     * because of another statement. Those that are judged last are to blame themselves.
     */
    private List<Case> worthAnotherLook(Map<Case, Outcome> outcomes, List<Case> judged, long beganNs) {
        boolean outage = outages.since(beganNs);
        return judged.stream()
                .filter(each -> each.statement().turn() != Turn.LAST)
                .filter(each -> outcomes.get(each).verdict() == Verdict.FAIL)
                .filter(each -> outage || outcomes.get(each).aboutTime())
                .toList();
    }

    private Map<Case, Outcome> judge(List<Case> cases, int atATime) {
        Map<Case, Outcome> outcomes = new ConcurrentHashMap<>();
        ExecutorService lanes = Executors.newFixedThreadPool(atATime, Judge::thread);
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
                tookMs,
                problem instanceof Mismatch late && late.isAboutTime());
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
