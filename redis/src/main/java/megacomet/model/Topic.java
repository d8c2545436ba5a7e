package megacomet.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A name that many clients follow: 1 to 200 characters, segments of {@code A-Za-z0-9_.!~()$@-} joined by slashes. The first
 * segment is neither {@code meta} nor {@code service}, which Bayeux keeps for itself.
 *
 * <p>{@code user/{id}} is a client's private address: the client of that id alone may follow it, and no pattern matches it.
 */
public record Topic(String value) implements Comparable<Topic> {

    /** The longest name, in characters, of a topic or pattern. */
    public static final int MAX_LENGTH = 200;

    private static final BitSet OF_SEGMENTS = new BitSet();

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.!~()$@-"
                .chars()
                .forEach(OF_SEGMENTS::set);
    }

    private static final String PRIVATE = "user";

    /** @throws IllegalArgumentException with a sentence for the user if {@code value} is no such name */
    public Topic {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a topic has 1 to " + MAX_LENGTH + " characters, this one has " + value.length());
        }
        if (!isSegments(value)) {
            throw new IllegalArgumentException(
                    "a topic is segments of A-Z a-z 0-9 _ . ! ~ ( ) $ @ - joined by slashes");
        }
        if (isFirstSegment("meta", value) || isFirstSegment("service", value)) {
            throw new IllegalArgumentException(
                    "topics that begin with " + value.split("/", 2)[0] + " are Bayeux's own");
        }
    }

    /** Whether it is segments joined by slashes. Every poll asks this of what it names, so that it makes nothing. */
    private static boolean isSegments(String name) {
        boolean isAfterSlash = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isSlash = c == '/';
            if (isSlash ? isAfterSlash : !OF_SEGMENTS.get(c)) {
                return false;
            }
            isAfterSlash = isSlash;
        }
        return !isAfterSlash;
    }

    private static boolean isFirstSegment(String segment, String name) {
        return name.startsWith(segment) && (name.length() == segment.length() || name.charAt(segment.length()) == '/');
    }

    /** Returns the private address of a client, or null if its id cannot be a segment of a topic. */
    public static Topic ofUser(ClientId client) {
        String name = PRIVATE + "/" + client;
        boolean isSegment = client.value().indexOf('/') < 0 && name.length() <= MAX_LENGTH && isSegments(name);
        return isSegment ? new Topic(name) : null;
    }

    /** Whether this is an address that one client alone may follow. */
    public boolean isPrivate() {
        return isPrivate(value);
    }

    static boolean isPrivate(String name) {
        return isFirstSegment(PRIVATE, name);
    }

    /**
     * Returns the patterns that match this topic, the narrowest first: of {@code a/b} these are {@code a/*}, {@code a/**}
     * and {@code **}. Each covers those before it. What would be longer than a pattern may be is none: nobody follows it.
     */
    public List<TopicPattern> candidates() {
        if (isPrivate()) {
            return List.of();
        }
        List<TopicPattern> candidates = new ArrayList<>();
        int slash = value.lastIndexOf('/');
        candidates.add(new TopicPattern(value.substring(0, slash + 1) + "*"));
        for (; slash >= 0; slash = value.lastIndexOf('/', slash - 1)) {
            TopicPattern.addMany(candidates, value.substring(0, slash + 1));
        }
        TopicPattern.addMany(candidates, "");
        return candidates;
    }

    /** Returns the name's bytes, which are ASCII. */
    public byte[] utf8() {
        return value.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Override
    public int compareTo(Topic other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
