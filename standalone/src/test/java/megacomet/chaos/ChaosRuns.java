package megacomet.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import megacomet.loadtest.chaos.Chaos;
import megacomet.loadtest.chaos.ChaosOptions;
import megacomet.loadtest.chaos.Outcome;

/** Several runs beside one another: most of their time they wait. */
final class ChaosRuns implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Future<Told>> runs = new LinkedHashMap<>();
    private final List<Chaos> started = Collections.synchronizedList(new ArrayList<>());

    /** What came of a run, and its timeline. */
    record Told(Outcome outcome, List<String> timeline) {}

    void start(String name, ChaosOptions options) {
        runs.put(name, threads.submit(() -> {
            List<String> timeline = Collections.synchronizedList(new ArrayList<>());
            try (Chaos chaos = new Chaos(options, timeline::add)) {
                started.add(chaos);
                return new Told(chaos.run(), timeline);
            }
        }));
    }

    /** Waits for a run's end. */
    Told told(String name) throws Exception {
        return runs.get(name).get();
    }

    /** Ends those that are not over. */
    @Override
    public void close() {
        started.forEach(Chaos::abandon);
        threads.shutdownNow();
    }
}
