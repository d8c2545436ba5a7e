package megacomet.loadtest.siege;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.judge.Verdict;

/**
 * What came of a run.
 *
 * @param published how many messages the honest application tried to publish
 * @param acked how many were acknowledged
 * @param refusals what went wrong at tries to publish, and how often
 * @param failures what went wrong for honest browsers, and how often
 * @param rows each attack
 * @param breaches of each attack, in the same order
 * @param verdicts what honest browsers were promised, over the whole run
 */
public record SiegeOutcome(
        long seed,
        Limits limits,
        int published,
        int acked,
        Map<String, Integer> refusals,
        Map<String, Integer> failures,
        List<Row> rows,
        List<List<String>> breaches,
        List<Verdict> verdicts) {

    public boolean isGood() {
        return breaches.stream().allMatch(List::isEmpty) && verdicts.stream().allMatch(Verdict::isKept);
    }
}
