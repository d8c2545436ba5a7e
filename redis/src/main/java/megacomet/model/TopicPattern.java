package megacomet.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client follows: one topic, or with {@code *} or {@code **} as last segment all topics that have one more segment
 * there, or one and more, as in Bayeux 1.0 (section 2.2.1, channel globbing).
 */
public record TopicPattern(String value) implements Comparable<TopicPattern> {

    private static final String ONE = "*";
    private static final String MANY = "**";

    /** @throws IllegalArgumentException with a sentence for the user if {@code value} is neither a topic nor a pattern */
    public TopicPattern {
        if (isWildcard(value)) {
            int slash = value.lastIndexOf('/');
            if (slash >= 0) {
                new Topic(value.substring(0, slash)); // throws if it is none
            }
            if (value.length() > Topic.MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "a pattern has at most " + Topic.MAX_LENGTH + " characters, this one has " + value.length());
            }
            if (slash >= 0 && Topic.isPrivate(value)) {
                throw new IllegalArgumentException("private topics are followed one by one");
            }
        } else {
            new Topic(value); // throws if it is none
        }
    }

    private static boolean isWildcard(String value) {
        int stars = value.endsWith(MANY) ? MANY.length() : value.endsWith(ONE) ? ONE.length() : 0;
        int rest = value.length() - stars;
        return stars > 0 && (rest == 0 || value.charAt(rest - 1) == '/');
    }

    /** Returns the pattern that matches this topic alone. */
    public static TopicPattern of(Topic topic) {
        return new TopicPattern(topic.value());
    }

    /** Whether it may match more than one topic. */
    public boolean isWildcard() {
        return isWildcard(value);
    }

    /** Whether it is the address of one client alone: see {@link Topic#isPrivate}. */
    public boolean isPrivate() {
        return Topic.isPrivate(value);
    }

    /** Returns the one topic that it matches; only if it is no wildcard. */
    public Topic topic() {
        return new Topic(value);
    }

    /** Whether messages of the topic are for those who follow this. */
    public boolean matches(Topic topic) {
        return isWildcard()
                ? !topic.isPrivate() && matchesName(topic.value())
                : topic.value().equals(value);
    }

    private boolean matchesName(String name) {
        boolean isMany = value.endsWith(MANY);
        int prefix = value.length() - (isMany ? MANY : ONE).length();
        return name.length() > prefix
                && name.regionMatches(0, value, 0, prefix)
                && (isMany || name.indexOf('/', prefix) < 0);
    }

    /** Whether every topic that {@code other} matches is matched by this one as well. */
    public boolean covers(TopicPattern other) {
        if (value.equals(other.value)) {
            return true;
        }
        if (!isWildcard()) {
            return false;
        }
        if (!other.isWildcard()) {
            return !other.isPrivate() && matchesName(other.value);
        }
        if (!value.endsWith(MANY)) {
            return false;
        }
        int prefix = value.length() - MANY.length();
        int otherPrefix = other.value.lastIndexOf('/') + 1;
        return otherPrefix >= prefix && other.value.regionMatches(0, value, 0, prefix);
    }

    /** Returns the other patterns that cover this one, the narrowest first. */
    public List<TopicPattern> coveredBy() {
        if (!isWildcard()) {
            return topic().candidates();
        }
        List<TopicPattern> covers = new ArrayList<>();
        int slash = value.lastIndexOf('/');
        for (int end = slash; end >= 0; end = value.lastIndexOf('/', end - 1)) {
            addMany(covers, value.substring(0, end + 1));
        }
        addMany(covers, "");
        covers.remove(this);
        return covers;
    }

    /** Adds the pattern of all topics below a prefix, unless it would be longer than a pattern may be. */
    static void addMany(List<TopicPattern> patterns, String prefix) {
        if (prefix.length() + MANY.length() <= Topic.MAX_LENGTH) {
            patterns.add(new TopicPattern(prefix + MANY));
        }
    }

    /** Returns the number by which cursors and Redis know it. */
    public long tag() {
        return Hash64.of(utf8());
    }

    /** Returns the name's bytes, which are ASCII. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int compareTo(TopicPattern other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
