package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.Mailboxes;
import megacomet.redis.Topics.Passed;

/**
 * One client's place in all that it follows by patterns: one number a partition.
 *
 * <p>Like a {@link Follow} it is level with what passes, or behind and reads. While it is level, its numbers are those of the
 * loop's {@linkplain Passage passages}, but for partitions in which its own read has overtaken them.
 */
final class PatternFollow {

    /** How many messages may pass while it reads; beyond that it reads once more. */
    private static final int MAX_EARLY_MESSAGES = 256;

    final Seat seat;
    final List<TopicPattern> names;
    final PatternTap[] taps;

    /** Its index among the followers of each tap. */
    final int[] places;

    boolean isLevel;

    /** Counts what it set out to read, so that the answers of an outdated turn are known for what they are. */
    int ticket;

    /** Whether it waits for its turn to read. */
    boolean isInLine;

    /** Whether it has begun to read and is not through: what passes is kept until it is. */
    boolean isReading;

    /** The partitions that are to be read before it is through. */
    final BitSet due = new BitSet();

    /** The partitions of which reads are on their way. */
    final BitSet reading = new BitSet();

    /** Whether a read has failed since it last set out to read. */
    boolean hasFailed;

    /** What the client has, by partition; while it is behind. Where it says nothing, the client has all there was. */
    Map<Integer, Position> from = Map.of();

    /** Tags of the patterns for which {@link #from} speaks; the others begin where they become level. */
    Set<Long> covered = Set.of();

    /**
     * How far the client has topics that it followed by name before, by their tags: what was given by name does not come again by
     * a pattern.
     */
    Map<Long, Position> byName = Map.of();

    /** Of patterns that did not all begin at {@link #from}: where each did; empty if they did. */
    List<PatternBeginning> beginnings = List.of();

    /** Partitions in which it is further than the loop; null for none. */
    Map<Integer, Position> ahead;

    /** Whether there is more than fitted into the answer; it is read once that is written. */
    boolean mustReadOn;

    /** Of what was last written: see {@link Patterns#hash}. */
    long writtenHash;

    /** What was last given to it, so that it comes once however many of its patterns match. */
    int latestPartition = -1;

    long latestNumber;

    private List<Early> early;

    /** Whether something came meanwhile that neither its read nor what was kept may have. */
    private boolean mustReadOnceMore;

    /** A message that passed while it read. */
    record Early(int partition, int epoch, Passed passed) {}

    PatternFollow(Seat seat, List<TopicPattern> names) {
        this.seat = seat;
        this.names = names;
        this.taps = new PatternTap[names.size()];
        this.places = new int[names.size()];
    }

    /**
     * Its place is what the cursor says of those patterns that the cursor knows, and for those that the application has it
     * follow, not earlier than where they began.
     */
    void beginAt(TopicPositions brought, List<Mailboxes.Following> granted) {
        from = brought.byPartition();
        covered = brought.patterns();
        byName = brought.byTopic();
        beginnings = PatternBeginning.of(names, brought, granted);
        if (!beginnings.isEmpty()) {
            from = PatternBeginning.earliest(beginnings);
            covered = new HashSet<>(covered);
            for (PatternBeginning beginning : beginnings) {
                beginning.names().forEach(name -> covered.add(name.tag()));
            }
        }
    }

    /** It does not read, or no longer. */
    void stopReading() {
        ticket++;
        isInLine = false;
        isReading = false;
        due.clear();
        reading.clear();
    }

    /** Its place is this one from now on, and not the loop's. */
    void fallBehind(Map<Integer, Position> at, Set<Long> tags) {
        isLevel = false;
        mustReadOn = true;
        from = at;
        covered = tags;
        byName = Map.of();
        beginnings = List.of();
        ahead = null;
    }

    /** Whether one of the patterns has no place yet, not even one to read from. */
    boolean isYetToBegin() {
        return !isLevel && !names.stream().allMatch(name -> covered.contains(name.tag()));
    }

    /** Whether a message that was read came after one of the patterns began that match it. */
    boolean hasBegun(int partition, Passed passed) {
        return beginnings.isEmpty() || beginnings.stream().anyMatch(beginning -> beginning.isBefore(partition, passed));
    }

    /** Whether the client was given that message when it followed the topic by its name. */
    boolean wasGivenByName(Message message) {
        Position has = byName.isEmpty()
                ? null
                : byName.get(TopicPattern.of(message.topic()).tag());
        return has != null && message.number() <= has.number();
    }

    /** Should the client follow the topic by its name again, it goes on after that message. */
    void isGiven(Message message, int epoch) {
        if (!byName.isEmpty()) {
            long tag = TopicPattern.of(message.topic()).tag();
            if (byName.containsKey(tag)) {
                byName = new HashMap<>(byName);
                byName.put(tag, new Position(epoch, message.number()));
            }
        }
    }

    int slotOf(PatternTap tap) {
        int slot = 0;
        while (taps[slot] != tap) {
            slot++;
        }
        return slot;
    }

    /** Whether a message that passes is new to it: not read already, and not given by another of its patterns. */
    boolean isNew(int partition, long number) {
        Position further = ahead == null ? null : ahead.get(partition);
        boolean wasRead = further != null && number <= further.number();
        boolean wasGiven = latestPartition == partition && latestNumber == number;
        latestPartition = partition;
        latestNumber = number;
        return !wasRead && !wasGiven;
    }

    void isAheadAt(int partition, Position position) {
        if (ahead == null) {
            ahead = new HashMap<>(2);
        }
        ahead.put(partition, position);
    }

    void keepForLater(Early message) {
        if (early == null) {
            early = new ArrayList<>(1);
        }
        if (early.size() < MAX_EARLY_MESSAGES) {
            early.add(message);
        } else {
            mustReadOnceMore = true;
        }
    }

    /** What it has read is not all, or not to be trusted. */
    void readOnceMore() {
        mustReadOnceMore = true;
    }

    boolean mustReadOnceMore() {
        return mustReadOnceMore;
    }

    List<Early> takeEarly() {
        List<Early> kept = early == null ? List.of() : early;
        early = null;
        mustReadOnceMore = false;
        return kept;
    }
}
