package megacomet.gateway.transport;

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
        if (pattern.isPrivate()) {
            return pattern.topic().equals(Topic.ofUser(client));
        }
        return covers(follow, pattern);
    }

    /** Whether it may publish to a topic. */
    public boolean mayPublish(Topic topic) {
        return !topic.isPrivate() && covers(publish, TopicPattern.of(topic));
    }

    private static boolean covers(List<String> allowed, TopicPattern pattern) {
        for (String one : allowed) {
            try {
                if (new TopicPattern(one).covers(pattern)) {
                    return true;
                }
            } catch (IllegalArgumentException allowsNothing) {
                // as it says
            }
        }
        return false;
    }
}
