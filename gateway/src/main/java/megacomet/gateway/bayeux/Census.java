package megacomet.gateway.bayeux;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import megacomet.model.Topic;
import megacomet.redis.Nodes;
import megacomet.redis.Sessions;
import megacomet.redis.TopicDirectory;

/** How many there are. What was counted is good for a second, so that asking again and again costs nothing. */
final class Census {

    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many counts are kept; beyond that the oldest is forgotten. */
    private static final int MAX_COUNTS = 1_000;

    private static final String SESSIONS = "";

    private final Sessions sessions;
    private final TopicDirectory topics;
    private final Nodes nodes;
    private final Map<String, Counted> counts = new LinkedHashMap<>();

    private record Counted(long atNanos, Future<Long> count) {}

    Census(Sessions sessions, TopicDirectory topics, Nodes nodes) {
        this.sessions = sessions;
        this.topics = topics;
        this.nodes = nodes;
    }

    /** How many sessions there are, at all nodes. */
    Future<Long> sessions() {
        return counted(SESSIONS, sessions::count);
    }

    /** How many clients follow a topic, by its name or by a pattern. */
    Future<Long> followers(Topic topic) {
        return counted(topic.value(), () -> nodes.list().compose(live -> topics.followers(topic, live.keySet())));
    }

    private Future<Long> counted(String what, Supplier<Future<Long>> count) {
        long nowNanos = System.nanoTime();
        Counted last = counts.get(what);
        if (last != null && !last.count.failed() && nowNanos - last.atNanos <= MAX_AGE_NANOS) {
            return last.count;
        }
        Counted anew = new Counted(nowNanos, count.get());
        counts.remove(what);
        counts.put(what, anew);
        if (counts.size() > MAX_COUNTS) {
            counts.remove(counts.keySet().iterator().next());
        }
        return anew.count;
    }
}
