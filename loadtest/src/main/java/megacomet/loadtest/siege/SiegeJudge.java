package megacomet.loadtest.siege;

import java.util.ArrayList;
import java.util.List;

/** Judges an attack by its figures alone: the same figures, the same breaches. */
public final class SiegeJudge {

    private SiegeJudge() {}

    /** Each breach in a sentence; empty if the servers have stood it. */
    public static List<String> breaches(Row row, Limits limits) {
        List<String> breaches = new ArrayList<>();
        breaches.addAll(row.mishaps());
        row.outcome().gains().forEach(gain -> breaches.add("the attacker succeeded: " + gain));
        Peaks peaks = row.peaks();
        isAtMost(breaches, "honest messages' 99th percentile", row.delays().p99Ms(), limits.honestP99Ms(), "ms");
        isAtMost(breaches, "the gateway's memory", peaks.gatewayRssMb(), limits.gatewayRssMb(), "MB");
        isAtMost(breaches, "the publisher's memory", peaks.publisherRssMb(), limits.gatewayRssMb(), "MB");
        isAtMost(breaches, "the gateway's direct buffers", peaks.directMb(), limits.directMb(), "MB");
        isAtMost(breaches, "Redis's growth", peaks.redisMb(), limits.redisMb(), "MB");
        isAtMost(breaches, "what the logs say of it", peaks.logLines(), limits.logLines(), "lines");
        isAtMost(breaches, "an operator's wait", peaks.unansweredMs(), limits.unansweredMs(), "ms");
        if (row.delays().count() == 0) {
            breaches.add("no honest message was sent meanwhile, so that nothing is known of them");
        }
        if (row.mustBeCounted() && row.counted().isEmpty()) {
            breaches.add("no counter of refusals or cuts rose");
        }
        return breaches;
    }

    private static void isAtMost(List<String> breaches, String what, double is, long most, String unit) {
        if (is > most) {
            breaches.add("%s: %,.0f %s (%,d allowed)".formatted(what, is, unit, most));
        }
    }
}
