package megacomet.publisher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import megacomet.redis.NodeId;
import megacomet.web.ApiKeys;

/**
 * {@code GET /v1/stats}: every gateway that is there with what it said of itself at its last beat, at most a few seconds
 * ago, and the sums of their numbers.
 */
final class StatsApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LiveNodes nodes;
    private final ApiKeys keys;

    StatsApi(LiveNodes nodes, ApiKeys keys) {
        this.nodes = nodes;
        this.keys = keys;
    }

    void on(Router router) {
        router.get("/v1/stats").handler(this::answer);
    }

    private void answer(RoutingContext context) {
        keys.demand(context.request(), ApiKeys.Scope.READ);
        Answers.write(context, nodes.list().map(StatsApi::json));
    }

    static JsonNode json(Map<NodeId, String> live) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode nodes = JSON.createArrayNode();
        live.forEach((node, said) -> {
            ObjectNode one = JSON.createObjectNode().put("node", node.value());
            one.setAll(parse(said));
            one.properties().forEach(field -> add(all, field));
            nodes.add(one);
        });
        if (nodes.isEmpty()) {
            all.put("holds", 0);
        }
        all.set("nodes", nodes);
        return all;
    }

    private static void add(ObjectNode sums, Map.Entry<String, JsonNode> field) {
        JsonNode value = field.getValue();
        if (value.isIntegralNumber()) {
            sums.put(field.getKey(), sums.path(field.getKey()).asLong() + value.asLong());
        } else if (value.isNumber()) {
            sums.put(field.getKey(), sums.path(field.getKey()).asDouble() + value.asDouble());
        }
    }

    private static ObjectNode parse(String said) {
        try {
            return (ObjectNode) JSON.readTree(said);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("a node says what is no JSON object", e);
        }
    }
}
