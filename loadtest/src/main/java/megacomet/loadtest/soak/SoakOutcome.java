package megacomet.loadtest.soak;

import java.util.List;
import megacomet.loadtest.chaos.judge.Verdict;

/** What came of a soak. */
public record SoakOutcome(long seed, String redis, List<Round> rounds, List<Verdict> verdicts) {

    public boolean isGood() {
        return verdicts.stream().allMatch(Verdict::isKept);
    }
}
