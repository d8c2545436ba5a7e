package megacomet.model;

import java.util.Map;
import java.util.Set;

/**
 * How far a client has the topics that it follows.
 *
 * <p>A topic that is followed by its name has a position of its own. Topics that are followed by patterns share one position
 * a partition, in the numbering that runs through all topics of the partition; so a pattern costs the same however many
 * topics it matches. A message is judged by its topic's own position if there is one, else by its partition's.
 *
 * @param byTopic the position of each topic that is followed by name, by {@link TopicPattern#tag}
 * @param patterns tags of the patterns for which {@code byPartition} speaks
 * @param byPartition the position in each partition in which a topic ever had a message
 */
public record TopicPositions(Map<Long, Position> byTopic, Set<Long> patterns, Map<Integer, Position> byPartition) {

    /** Of a client that follows nothing. */
    public static final TopicPositions NONE = new TopicPositions(Map.of(), Set.of(), Map.of());

    public boolean isEmpty() {
        return byTopic.isEmpty() && patterns.isEmpty();
    }
}
