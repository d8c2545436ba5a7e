package megacomet.publisher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.redis.TopicDirectory;
import megacomet.redis.TopicDirectory.SeenTopic;
import megacomet.redis.TopicRules;
import megacomet.web.ApiKeys;

/**
 * {@code GET /v1/topics/{topic}}: what is kept of a topic and how many follow it, at most a second ago; and on demand who.
 * {@code GET /v1/topics}: which topics there are.
 */
final class TopicsApi {

    /** The most clients, or topics, of one answer. */
    private static final int MAX_LIMIT = 1_000;

    private static final int DEFAULT_LIMIT = 100;

    /** With the nodes' list, which may be as old, that is a second. */
    private static final long MAX_AGE_MS = 500;

    private static final int MAX_REMEMBERED = 1_000;

    private static final TopicPattern EVERYTHING = new TopicPattern("**");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TopicDirectory directory;
    private final LiveNodes nodes;
    private final TopicRules rules;
    private final ApiKeys keys;
    private final Recent<Topic, Counted> counted = new Recent<>(MAX_AGE_MS, MAX_REMEMBERED);

    /** A topic, and how many clients follow it. */
    private record Counted(SeenTopic seen, long followers) {}

    TopicsApi(TopicDirectory directory, LiveNodes nodes, TopicRules rules, ApiKeys keys) {
        this.directory = directory;
        this.nodes = nodes;
        this.rules = rules;
        this.keys = keys;
    }

    void on(Router router) {
        router.get("/v1/topics/:topic").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.READ);
            Topic topic = Queries.topic(context.pathParam("topic"));
            Answers.write(context, Queries.flag(context, "followers") ? lookAll(context, topic) : look(topic));
        });
        router.get("/v1/topics").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.READ);
            Answers.write(context, list(context));
        });
    }

    private Future<ObjectNode> look(Topic topic) {
        return counted.get(topic, this::count).map(this::json);
    }

    private Future<Counted> count(Topic topic) {
        Future<Long> followers = nodes.list().compose(live -> directory.followers(topic, live.keySet()));
        return directory.look(topic).compose(seen -> followers.map(count -> new Counted(seen, count)));
    }

    private Future<ObjectNode> lookAll(RoutingContext context, Topic topic) {
        int limit = Queries.limit(context, "limit", DEFAULT_LIMIT, MAX_LIMIT);
        Future<List<ClientId>> clients =
                nodes.list().compose(live -> directory.listFollowers(topic, live.keySet(), limit));
        return look(topic)
                .compose(json -> clients.map(all -> {
                    ArrayNode names = json.putArray("clients");
                    all.forEach(client -> names.add(client.value()));
                    return json;
                }));
    }

    private ObjectNode json(Counted counted) {
        SeenTopic seen = counted.seen;
        boolean isNew = seen.last() == 0;
        TopicMode mode = isNew ? rules.apply(seen.topic()).mode() : seen.mode();
        return JSON.createObjectNode()
                .put("topic", seen.topic().value())
                .put("mode", mode.word())
                .put("followers", counted.followers)
                .put("first", seen.first() == 0 ? null : seen.first())
                .put("last", isNew ? null : seen.last())
                .put("messages", seen.messages());
    }

    private Future<JsonNode> list(RoutingContext context) {
        String given = Queries.text(context, "pattern");
        TopicPattern pattern = given == null ? EVERYTHING : Queries.pattern(given);
        int limit = Queries.limit(context, "limit", DEFAULT_LIMIT, MAX_LIMIT);
        return directory.list(pattern, limit).map(all -> {
            ObjectNode json = JSON.createObjectNode();
            ArrayNode names = json.putArray("topics");
            all.forEach(topic -> names.add(topic.value()));
            return json;
        });
    }
}
