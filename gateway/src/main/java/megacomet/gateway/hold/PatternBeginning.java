package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.Mailboxes;
import megacomet.redis.Topics.Passed;

/**
 * Patterns of a client that began at one place. All its patterns are read together, from the earliest place of any; what
 * came before a pattern began is then not for that pattern.
 *
 * @param positions where they began, by partition; 0 in those that are missing
 */
record PatternBeginning(List<TopicPattern> names, Map<Integer, Position> positions) {

    /** Whether they match a message, and it came after they began. */
    boolean isBefore(int partition, Passed passed) {
        Position at = positions.get(partition);
        boolean isAfter = at == null || passed.partitionNumber() > at.number();
        return isAfter
                && names.stream().anyMatch(name -> name.matches(passed.message().topic()));
    }

    /**
     * Returns where patterns begin that did not all begin where the cursor is; empty if they did, or if nothing is known of
     * where they did.
     */
    static List<PatternBeginning> of(
            List<TopicPattern> names, TopicPositions brought, List<Mailboxes.Following> granted) {
        List<TopicPattern> asBrought = new ArrayList<>(names.stream()
                .filter(name -> brought.patterns().contains(name.tag()))
                .toList());
        List<PatternBeginning> beginnings = new ArrayList<>();
        for (Mailboxes.Following following : granted) {
            if (following.beginning() == null || !names.contains(following.name())) {
                continue;
            }
            if (!asBrought.contains(following.name())) {
                beginnings.add(new PatternBeginning(List.of(following.name()), following.beginning()));
            } else if (isAnyLater(following.beginning(), brought.byPartition())) {
                asBrought.remove(following.name());
                beginnings.add(new PatternBeginning(
                        List.of(following.name()), later(following.beginning(), brought.byPartition())));
            }
        }
        if (!beginnings.isEmpty() && !asBrought.isEmpty()) {
            beginnings.add(new PatternBeginning(asBrought, brought.byPartition()));
        }
        return beginnings;
    }

    /** Whether one position is further than another that the same master gave. */
    static boolean isLater(Position one, Position other) {
        return one.epoch() == other.epoch() && one.number() > other.number();
    }

    private static boolean isAnyLater(Map<Integer, Position> ones, Map<Integer, Position> others) {
        return ones.entrySet().stream().anyMatch(one -> {
            Position other = others.get(one.getKey());
            return other == null || isLater(one.getValue(), other);
        });
    }

    private static Map<Integer, Position> later(Map<Integer, Position> ones, Map<Integer, Position> others) {
        Map<Integer, Position> later = new HashMap<>(others);
        ones.forEach(
                (partition, one) -> later.merge(partition, one, (other, same) -> isLater(same, other) ? same : other));
        return later;
    }

    /** Returns from where all of them must be read: in each partition from the earliest, or from 0. */
    static Map<Integer, Position> earliest(List<PatternBeginning> beginnings) {
        Map<Integer, Position> earliest = new HashMap<>(beginnings.get(0).positions);
        for (PatternBeginning beginning : beginnings) {
            earliest.keySet().retainAll(beginning.positions.keySet());
            earliest.replaceAll((partition, at) -> {
                Position other = beginning.positions.get(partition);
                return other.number() < at.number() ? other : at;
            });
        }
        return earliest;
    }
}
