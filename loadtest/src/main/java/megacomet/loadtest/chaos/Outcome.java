package megacomet.loadtest.chaos;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.judge.Verdict;
import megacomet.loadtest.chaos.judge.Waits;

/**
 * What came of a run.
 *
 * @param published how many messages the application tried to publish
 * @param acked how many were acknowledged
 * @param waits the longest of the run
 * @param refusals what went wrong at tries to publish, and how often
 * @param failures what went wrong for browsers, and how often
 */
public record Outcome(
        long seed,
        String redis,
        int published,
        int acked,
        Waits waits,
        Map<String, Integer> refusals,
        Map<String, Integer> failures,
        List<Disturbance> faults,
        List<Verdict> verdicts) {

    public boolean isGood() {
        return verdicts.stream().allMatch(Verdict::isKept);
    }
}
