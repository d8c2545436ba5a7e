package megacomet.loadtest.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.judge.Verdict;

/** What was judged of each promise in each round, so that no round's history needs to be kept for it. */
final class Breaches {

    private final Map<String, List<String>> byPromise = new LinkedHashMap<>();
    private final Map<String, String> latestFigures = new LinkedHashMap<>();

    void add(int round, List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            latestFigures.put(verdict.promise(), verdict.figures());
            List<String> all = byPromise.computeIfAbsent(verdict.promise(), none -> new ArrayList<>());
            verdict.breaches().forEach(breach -> all.add("round %d: %s".formatted(round, breach)));
        }
    }

    List<Verdict> verdicts() {
        List<Verdict> all = new ArrayList<>();
        byPromise.forEach((promise, breaches) ->
                all.add(Verdict.of(promise, "in the last round: " + latestFigures.get(promise), breaches)));
        return all;
    }
}
