package megacomet.gateway.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * Makes lists of topics of the names that browsers send. A name that comes again counts once, and a list is refused as soon as it
 * has more names than a client may follow: before they are looked at, compared with a token, or kept. A hundred thousand holds that follow the same topics share one
 * list, and those that follow others as well share at least the topics; so a hold stays small. For one event loop.
 */
final class Follows {

    /** The most topics and patterns that one client follows, and how many of them may be patterns. */
    static final int MAX_TOPICS = Cursor.MAX_TOPICS;

    static final int MAX_PATTERNS = 10;

    private static final TopicPattern UNREAD = new TopicPattern("**");

    /** How many different lists, and how many topics, are remembered so that they can be shared. */
    private static final int MAX_SHARED_LISTS = 1_000;

    private static final int MAX_SHARED_TOPICS = 4_000;

    private final Map<List<TopicPattern>, List<TopicPattern>> lists = new Recent<>(MAX_SHARED_LISTS);
    private final Map<String, TopicPattern> topics = new Recent<>(MAX_SHARED_TOPICS);

    /** Returns what a client follows, each once and in the order of their names; throws a {@link Problem}. */
    List<TopicPattern> of(List<String> names, Permissions permissions) {
        return names.isEmpty() ? List.of() : share(checked(names, permissions));
    }

    /** Returns what a client follows that has followed {@code before} and now follows {@code names} too. */
    List<TopicPattern> with(List<TopicPattern> before, List<String> names, Permissions permissions) {
        Map<String, TopicPattern> all = checked(names, permissions);
        before.forEach(topic -> all.put(topic.value(), topic));
        demandRoom(all);
        return share(all);
    }

    /** Returns what a client follows that has followed {@code before} and now follows {@code less} no more. */
    List<TopicPattern> without(List<TopicPattern> before, List<TopicPattern> less) {
        Map<String, TopicPattern> all = new TreeMap<>();
        before.forEach(topic -> all.put(topic.value(), topic));
        less.forEach(topic -> all.remove(topic.value()));
        return share(all);
    }

    /** Returns the topics that are named, at most {@link #MAX_TOPICS}, whether the client may follow them or not. */
    List<TopicPattern> named(List<String> names) {
        return List.copyOf(parsed(names).values());
    }

    private Map<String, TopicPattern> checked(List<String> names, Permissions permissions) {
        Map<String, TopicPattern> all = parsed(names);
        demandRoom(all);
        TopicPattern forbidden = permissions.firstForbidden(all.values());
        if (forbidden != null) {
            throw Problem.of(ErrorCode.TOPIC_NOT_ALLOWED, "It may not follow " + forbidden + ".");
        }
        return all;
    }

    private Map<String, TopicPattern> parsed(List<String> names) {
        Map<String, TopicPattern> all = new TreeMap<>();
        for (String name : names) {
            all.putIfAbsent(name, UNREAD);
            if (all.size() > MAX_TOPICS) {
                throw Problem.of(
                        ErrorCode.TOO_MANY_TOPICS, "At most " + MAX_TOPICS + " topics and patterns are named.");
            }
        }
        all.replaceAll((name, unread) -> parsed(name));
        return all;
    }

    private TopicPattern parsed(String name) {
        try {
            return topics.computeIfAbsent(name, TopicPattern::new);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, e.getMessage());
        }
    }

    private static void demandRoom(Map<String, TopicPattern> all) {
        long patterns = all.values().stream().filter(TopicPattern::isWildcard).count();
        if (all.size() > MAX_TOPICS || patterns > MAX_PATTERNS) {
            throw Problem.of(
                    ErrorCode.TOO_MANY_TOPICS,
                    "At most " + MAX_TOPICS + ", of which " + MAX_PATTERNS + " with * or **; these are " + all.size()
                            + ", of which " + patterns + ".");
        }
    }

    private List<TopicPattern> share(Map<String, TopicPattern> all) {
        List<TopicPattern> list = List.copyOf(new ArrayList<>(all.values()));
        return list.isEmpty() ? List.of() : lists.computeIfAbsent(list, same -> same);
    }

    /** What was used most recently, and no more of it than that. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int limit;

        Recent(int limit) {
            super(16, 0.75f, true);
            this.limit = limit;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > limit;
        }
    }
}
