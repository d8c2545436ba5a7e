package megacomet.redis;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;

/** What applications may know of topics; for one event loop. */
public final class TopicDirectory {

    /**
     * A topic as Redis knows it. One that nobody ever published to has no messages.
     *
     * @param first number of the oldest live message, 0 if there is none
     * @param last the latest number given, 0 if none ever was
     * @param messages how many live messages are kept
     */
    public record SeenTopic(Topic topic, TopicMode mode, long first, long last, long messages) {}

    /** Looks a topic up. */
    public Future<SeenTopic> look(Topic topic) {
        throw new UnsupportedOperationException("topics");
    }

    /**
     * Counts the clients that follow a topic, by its name or by a pattern, each once, at whichever of the nodes they are.
     *
     * @param live the nodes whose lease has not ended; clients of others do not count
     */
    public Future<Long> followers(Topic topic, Set<NodeId> live) {
        throw new UnsupportedOperationException("topics");
    }

    /** Asks the nodes who follows a topic, and returns at most {@code limit} clients, in the order of their names. */
    public Future<List<ClientId>> listFollowers(Topic topic, Set<NodeId> live, int limit) {
        throw new UnsupportedOperationException("topics");
    }

    /**
     * Returns topics that the pattern matches and that are followed by name or had a message whose state is still kept, in
     * the order of their names, at most {@code limit}.
     */
    public Future<List<Topic>> list(TopicPattern pattern, int limit) {
        throw new UnsupportedOperationException("topics");
    }
}
