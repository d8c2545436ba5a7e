package megacomet.loadtest.chaos.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is said of one promise.
 *
 * @param promise the promise, in a few words
 * @param figures what was looked at, with counts
 * @param breaches each with what is needed to find its cause; empty if the promise was kept
 * @param excused what looks like a breach and is none, by why; with how often
 */
public record Verdict(String promise, String figures, List<String> breaches, Map<String, Integer> excused) {

    public boolean isKept() {
        return breaches.isEmpty();
    }

    /** Collects what is found while a promise is judged. */
    static final class Findings {
        private final List<String> breaches = new ArrayList<>();
        private final Map<String, Integer> excused = new TreeMap<>();

        void breach(String what, Object... details) {
            breaches.add(what.formatted(details));
        }

        void excuse(String why) {
            excused.merge(why, 1, Integer::sum);
        }

        Verdict verdict(String promise, String figures, Object... counts) {
            return new Verdict(promise, figures.formatted(counts), breaches, excused);
        }
    }

    /** Of what needs no history. */
    public static Verdict of(String promise, String figures, List<String> breaches) {
        return new Verdict(promise, figures, breaches, Map.of());
    }
}
