package megacomet.loadtest.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that happened in a run, as its browsers and its application saw it. Times are milliseconds of one clock, which began
 * as the wall's and is monotonic.
 *
 * @param deliveries in the order in which they came, of each browser
 * @param gaps likewise
 * @param faults without the browsers' own absences
 */
public record History(
        List<Reader> readers,
        List<Publish> publishes,
        List<Delivery> deliveries,
        List<GapTold> gaps,
        List<Sitting> sittings,
        List<Disturbance> faults,
        List<Disturbance> absences) {

    /** What was seen when another server had become a master, whether a fault meant it or not. */
    public static final String MASTERS_CHANGED = "masters-changed";

    /** While this was seen, a master that had been replaced answered as well. */
    public static final String TOO_MANY_MASTERS = "too-many-masters";

    /**
     * What was seen, from when another server became a master, when it had failed before its former one had learned of it, which
     * then went on as if nothing had been. It knows nothing of what the other took, nor can it say so.
     */
    public static final String MASTER_BACK = "master-back";

    /** After these another master gives a stream's numbers, for certain; a slot's move is one for the streams in it. */
    private static final Set<String> OF_MASTERS =
            Set.of("redis-restart", "redis-restart-empty", "reshard", MASTERS_CHANGED, MASTER_BACK);

    /** After these Redis may lack what it had acknowledged. */
    private static final Set<String> LOSING =
            Set.of("redis-restart", "redis-restart-empty", MASTERS_CHANGED, MASTER_BACK);

    /** While these last another master may take over. */
    private static final Set<String> THREATS = Set.of(
            "redis-restart",
            "redis-restart-empty",
            "reshard",
            "failover",
            "redis-stop",
            "redis-sleep",
            TOO_MANY_MASTERS,
            MASTERS_CHANGED,
            MASTER_BACK);

    /** The messages by their numbers. */
    public Map<Integer, Publish> byNumber() {
        Map<Integer, Publish> all = new HashMap<>();
        publishes.forEach(publish -> all.put(publish.number(), publish));
        return all;
    }

    /** Each stream's messages, by their numbers. */
    public Map<Stream, TreeMap<Integer, Publish>> byStream() {
        Map<Stream, TreeMap<Integer, Publish>> all = new HashMap<>();
        for (Publish publish : publishes) {
            all.computeIfAbsent(publish.stream(), none -> new TreeMap<>()).put(publish.number(), publish);
        }
        return all;
    }

    public Map<String, List<Delivery>> deliveriesByClient() {
        Map<String, List<Delivery>> all = new HashMap<>();
        deliveries.forEach(one ->
                all.computeIfAbsent(one.client(), none -> new ArrayList<>()).add(one));
        return all;
    }

    public Map<String, List<GapTold>> gapsByClient() {
        Map<String, List<GapTold>> all = new HashMap<>();
        gaps.forEach(one ->
                all.computeIfAbsent(one.client(), none -> new ArrayList<>()).add(one));
        return all;
    }

    public Map<String, List<Sitting>> sittingsByClient() {
        Map<String, List<Sitting>> all = new HashMap<>();
        sittings.forEach(one ->
                all.computeIfAbsent(one.client(), none -> new ArrayList<>()).add(one));
        return all;
    }

    public Map<String, List<Disturbance>> absencesByClient() {
        Map<String, List<Disturbance>> all = new HashMap<>();
        absences.forEach(one ->
                all.computeIfAbsent(one.client(), none -> new ArrayList<>()).add(one));
        return all;
    }

    public Map<String, Reader> readersByClient() {
        Map<String, Reader> all = new HashMap<>();
        readers.forEach(reader -> all.put(reader.client(), reader));
        return all;
    }

    /** How often, until then, what was acknowledged may have been lost. */
    public int lossesUntil(long ms) {
        return count(LOSING, ms);
    }

    /** Whether a Bayeux session ended because Redis had lost it, with all that it was still to get. */
    public boolean isLostWithSession(Sitting sitting) {
        return sitting.toMs() != Long.MAX_VALUE && lossesUntil(sitting.toMs()) > 0;
    }

    /** How often, until then, another master has taken over. */
    public int mastersUntil(long ms) {
        return count(OF_MASTERS, ms);
    }

    /** Whether another master may have taken over in a time. */
    public boolean mayReplaceMasters(long fromMs, long toMs) {
        return THREATS.stream().anyMatch(fault -> isHit(fault, fromMs, toMs));
    }

    /**
     * Whether a message was acknowledged while masters were replaced, and its reader was told of that very replacement: of two
     * masters that answer, the one that is none any more acknowledges what is lost with it.
     */
    public boolean mayBeLostWithFormerMaster(Reader reader, Publish message) {
        return gaps.stream()
                .filter(gap -> gap.client().equals(reader.client())
                        && gap.reason().equals(GapTold.FAILOVER)
                        && gap.stream().covers(message.stream()))
                .anyMatch(gap -> faults.stream()
                        .anyMatch(one -> THREATS.contains(one.what())
                                && one.fromMs() <= message.ackedMs()
                                && one.toMs() >= message.sentMs()
                                && one.fromMs() <= gap.toldMs()
                                && one.toMs() >= gap.toldMs()));
    }

    /** Whether a message may have been acknowledged by a master that failed before the one that it had replaced had learned of it. */
    public boolean mayBeLostWithPassingMaster(Publish message) {
        return isHit(MASTER_BACK, message.sentMs(), message.ackedMs());
    }

    /** Whether a fault of a name overlaps a time. */
    public boolean isHit(String fault, long fromMs, long toMs) {
        return faults.stream()
                .anyMatch(one -> one.what().equals(fault) && one.fromMs() <= toMs && one.toMs() >= fromMs);
    }

    private int count(Set<String> names, long ms) {
        return (int) faults.stream()
                .filter(fault -> names.contains(fault.what()) && fault.fromMs() <= ms)
                .count();
    }
}
