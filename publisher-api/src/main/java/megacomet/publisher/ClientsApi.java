package megacomet.publisher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import megacomet.model.ClientId;
import megacomet.redis.Clients;
import megacomet.redis.Clients.Seen;
import megacomet.web.ApiKeys;
import megacomet.web.ErrorCode;
import megacomet.web.MediaType;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;

/** {@code GET} and {@code DELETE /v1/clients/{id}}: where a client is and what waits for it; and to end both. */
final class ClientsApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clients clients;
    private final LiveNodes nodes;
    private final ApiKeys keys;

    ClientsApi(Clients clients, LiveNodes nodes, ApiKeys keys) {
        this.clients = clients;
        this.nodes = nodes;
        this.keys = keys;
    }

    void on(Router router) {
        router.get("/v1/clients/:id").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.READ);
            answer(context, look(client(context)));
        });
        router.delete("/v1/clients/:id").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.MANAGE);
            answer(context, delete(client(context)));
        });
    }

    private static ClientId client(RoutingContext context) {
        try {
            return new ClientId(context.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_CLIENT, e.getMessage());
        }
    }

    private Future<JsonNode> look(ClientId client) {
        return clients.look(client).compose(seen -> {
            // A node that died without a word still owns its clients, until their records expire.
            Future<Boolean> isOnline = seen.node() == null ? Future.succeededFuture(false) : nodes.isLive(seen.node());
            return isOnline.map(online -> json(client, seen, online));
        });
    }

    private static JsonNode json(ClientId client, Seen seen, boolean isOnline) {
        ObjectNode json = JSON.createObjectNode().put("client", client.value()).put("online", isOnline);
        json.put("node", isOnline ? seen.node().value() : null);
        json.put(
                "transport",
                isOnline && seen.transport() != null ? seen.transport().word() : null);
        json.put("queued", seen.queued());
        json.put("confirmed", seen.confirmed() == 0 ? null : seen.confirmed());
        return json;
    }

    private Future<JsonNode> delete(ClientId client) {
        return clients.delete(client)
                .map(deleted ->
                        JSON.createObjectNode().put("client", client.value()).put("removed", deleted.removed()));
    }

    private static void answer(RoutingContext context, Future<JsonNode> answer) {
        answer.onSuccess(json -> context.response()
                        .putHeader("content-type", MediaType.JSON)
                        .putHeader("cache-control", "no-store")
                        .end(json.toString()))
                .onFailure(failure -> ProblemAnswers.answer(context.response(), Delivery.problemOf(failure)));
    }
}
