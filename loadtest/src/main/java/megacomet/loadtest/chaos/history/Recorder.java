package megacomet.loadtest.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes down what happens, from any thread. */
public final class Recorder {

    private final List<Reader> readers = new ArrayList<>();
    private final List<Publish> publishes = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<GapTold> gaps = new ArrayList<>();
    private final List<Sitting> sittings = new ArrayList<>();
    private final Map<String, Long> joinedMs = new HashMap<>();
    private final List<Disturbance> faults = new ArrayList<>();
    private final List<Disturbance> absences = new ArrayList<>();

    public synchronized void add(Reader reader) {
        readers.add(reader);
    }

    public synchronized void add(Publish publish) {
        publishes.add(publish);
    }

    public synchronized void add(Delivery delivery) {
        deliveries.add(delivery);
    }

    public synchronized void add(GapTold gap) {
        gaps.add(gap);
    }

    /** A fault is healed. */
    public synchronized void add(Disturbance disturbance) {
        (disturbance.client() == null ? faults : absences).add(disturbance);
    }

    /** A browser has a cursor, or a session, from now on. */
    public synchronized void joined(String client, long nowMs) {
        joinedMs.putIfAbsent(client, nowMs);
    }

    /** It has it no more. */
    public synchronized void lost(String client, long nowMs) {
        Long fromMs = joinedMs.remove(client);
        if (fromMs != null) {
            sittings.add(new Sitting(client, fromMs, nowMs));
        }
    }

    public synchronized int joined() {
        return joinedMs.size();
    }

    /** Everything up to now. */
    public synchronized History history() {
        List<Sitting> all = new ArrayList<>(sittings);
        joinedMs.forEach((client, fromMs) -> all.add(new Sitting(client, fromMs, Long.MAX_VALUE)));
        return new History(
                List.copyOf(readers),
                List.copyOf(publishes),
                List.copyOf(deliveries),
                List.copyOf(gaps),
                all,
                List.copyOf(faults),
                List.copyOf(absences));
    }
}
