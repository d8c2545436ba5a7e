package megacomet.loadtest.siege;

import java.util.List;
import megacomet.loadtest.chaos.judge.Bounds;
import megacomet.loadtest.siege.attacker.Attack;

/**
 * What is asked of a run.
 *
 * @param seed decides on all that is left to chance
 * @param attacks which, in their order, one after the other
 * @param durationMs all attacks together; one that needs longer than its part to be judged has it
 * @param browsers honest ones
 * @param rate messages a second for them, of all together
 * @param limits how much an attack may cost
 * @param bounds how honest browsers must be served over the whole run
 */
public record SiegeOptions(
        long seed, List<Attack> attacks, long durationMs, int browsers, double rate, Limits limits, Bounds bounds) {

    public SiegeOptions {
        require(durationMs >= 1_000 && durationMs <= 3_600_000, "--duration must be from 1s to 1h");
        require(browsers >= 5 && browsers <= 800, "--browsers must be from 5 to 800: the gateway has 1,600 files");
        require(rate > 0 && rate <= 1_000, "--rate must be above 0, and 1000 at most");
        attacks = List.copyOf(attacks);
    }

    long msOf(Attack attack) {
        return Math.max(attack.leastMs(), durationMs / attacks.size());
    }

    private static void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
