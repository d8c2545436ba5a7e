package megacomet.gateway.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;

/**
 * What a client may do with topics. Its private address, {@code user/{id}}, it may always follow, that of another never;
 * and no browser may publish to either.
 *
 * <p>They are taken apart only when they are asked, because most polls follow what the poll before did.
 */
public final class Permissions {

    private static final List<String> EVERYTHING = List.of("**");

    private final ClientId client;
    private final List<String> follow;
    private final List<String> publish;

    private Permissions(ClientId client, List<String> follow, List<String> publish) {
        this.client = client;
        this.follow = follow;
        this.publish = publish;
    }

    /** What a token says; what is neither a topic nor a pattern in it allows nothing. */
    public static Permissions of(ClientId client, List<String> follow, List<String> publish) {
        return new Permissions(client, follow, publish);
    }

    /** Of an open server: everything. */
    public static Permissions open(ClientId client) {
        return new Permissions(client, EVERYTHING, EVERYTHING);
    }

    /** Whether it may follow a topic, or all topics that a pattern matches. */
    public boolean mayFollow(TopicPattern pattern) {
        return forbidden(List.of(pattern)).isEmpty();
    }

    /** Returns the first of these topics and patterns that it may not follow, or null. */
    public TopicPattern firstForbidden(Collection<TopicPattern> wanted) {
        List<TopicPattern> forbidden = forbidden(wanted);
        return forbidden.isEmpty() ? null : forbidden.get(0);
    }

    /**
     * Returns those that it may not follow, in their order. What a token allows is taken apart once for all of them: a token of
     * hundreds of patterns that is asked about fifty topics would be worth half a second of a processor a hundred times a second.
     */
    public List<TopicPattern> forbidden(Collection<TopicPattern> wanted) {
        List<TopicPattern> left = new ArrayList<>(wanted);
        Topic own = Topic.ofUser(client);
        left.removeIf(pattern -> pattern.isPrivate() && pattern.topic().equals(own));
        for (int i = 0; i < follow.size() && !left.isEmpty(); i++) {
            TopicPattern allowed = parse(follow.get(i));
            if (allowed != null) {
                left.removeIf(pattern -> !pattern.isPrivate() && allowed.covers(pattern));
            }
        }
        return left;
    }

    /** Whether it may publish to a topic. */
    public boolean mayPublish(Topic topic) {
        if (topic.isPrivate()) {
            return false;
        }
        for (String one : publish) {
            TopicPattern allowed = parse(one);
            if (allowed != null && allowed.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** Returns what a token names, or null if that is neither a topic nor a pattern and allows nothing. */
    private static TopicPattern parse(String claim) {
        try {
            return new TopicPattern(claim);
        } catch (IllegalArgumentException allowsNothing) {
            return null;
        }
    }
}
