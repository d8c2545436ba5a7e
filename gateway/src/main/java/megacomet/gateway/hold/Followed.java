package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.Mailboxes;

/** All that one client follows, by name and by patterns. Only {@link Following} changes it. */
final class Followed {

    /** What its hold wants and what the application has it follow, each once. */
    List<TopicPattern> names = List.of();

    /** What the application has it follow. */
    List<Mailboxes.Following> granted = List.of();

    final List<Follow> topics = new ArrayList<>(1);

    /** Whether there are topics in {@link #topics} that it follows by a pattern alone now, but goes on with a while longer. */
    boolean hasLeftovers;

    /** All its patterns together; null for none. */
    PatternFollow patterns;

    /** See {@link Mailboxes.Tenure#follows}. */
    long[] tags = Mailboxes.NO_FOLLOWS;

    /** Whether messages were forgotten that had been gathered, so that the next poll must read from its cursor on. */
    boolean isSpoiled;

    /** The client has a cursor that knows these patterns; so it does not matter any more where they began. */
    void forgetBeginnings(Set<Long> tags) {
        for (Mailboxes.Following following : granted) {
            if (following.beginning() != null && tags.contains(following.name().tag())) {
                granted = granted.stream()
                        .map(one ->
                                tags.contains(one.name().tag()) ? new Mailboxes.Following(one.name(), one.from()) : one)
                        .toList();
                return;
            }
        }
    }

    Follow byName(TopicPattern name) {
        for (Follow follow : topics) {
            if (follow.tap.topic.value().equals(name.value())) {
                return follow;
            }
        }
        return null;
    }

    boolean hasByName(long tag) {
        for (Follow follow : topics) {
            if (TopicPattern.of(follow.tap.topic).tag() == tag) {
                return true;
            }
        }
        return false;
    }

    boolean hasByName(Topic topic) {
        for (Follow follow : topics) {
            if (follow.tap.topic.equals(topic)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of its patterns matches the topic. */
    boolean hasByPattern(Topic topic) {
        for (TopicPattern name : names) {
            if (name.isWildcard() && name.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** Returns both lists as one, with no name twice. */
    static List<TopicPattern> union(List<TopicPattern> wanted, List<Mailboxes.Following> granted) {
        if (granted.isEmpty()) {
            return wanted;
        }
        Set<TopicPattern> all = new LinkedHashSet<>(wanted);
        granted.forEach(following -> all.add(following.name()));
        return List.copyOf(all);
    }

    /**
     * Returns the tags of the names that no other of them covers. Of the names that match one topic each covers those that
     * are narrower, so exactly one of them is left, and the client counts once among that topic's followers.
     */
    static long[] reducedTags(List<TopicPattern> names) {
        return names.stream()
                .filter(name -> names.stream().noneMatch(other -> !other.equals(name) && other.covers(name)))
                .mapToLong(TopicPattern::tag)
                .toArray();
    }
}
