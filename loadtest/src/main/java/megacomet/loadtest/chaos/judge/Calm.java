package megacomet.loadtest.chaos.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.History;

/** Says until when a browser must have been served, given what was broken meanwhile and when it was away itself. */
final class Calm {

    private final List<Disturbance> faults;
    private final Map<String, List<Disturbance>> absences;
    private final Map<String, List<Disturbance>> merged = new HashMap<>();
    private final long boundMs;

    Calm(History history, long boundMs) {
        this.boundMs = boundMs;
        faults = history.faults();
        absences = history.absencesByClient();
    }

    /** The bound counts from then, or from the end of the last disturbance of those that came before it had passed. */
    long dueMs(String client, long fromMs) {
        long startMs = fromMs;
        for (Disturbance one : merged.computeIfAbsent(client, this::disturbancesOf)) {
            if (one.fromMs() <= startMs + boundMs && one.toMs() > startMs) {
                startMs = one.toMs();
            }
        }
        return startMs + boundMs;
    }

    private List<Disturbance> disturbancesOf(String client) {
        List<Disturbance> all = new ArrayList<>(faults);
        all.addAll(absences.getOrDefault(client, List.of()));
        all.sort(Comparator.comparingLong(Disturbance::fromMs));
        return all;
    }
}
