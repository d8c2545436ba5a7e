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
import megacomet.model.TopicPattern;
import megacomet.redis.Clients;
import megacomet.redis.Clients.Seen;
import megacomet.redis.RevocationLog;
import megacomet.web.ApiKeys;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * {@code GET} and {@code DELETE /v1/clients/{id}}: where a client is and what waits for it; and to end both. {@code PUT} and
 * {@code DELETE /v1/clients/{id}/topics/{topic}}: what the application has it follow. {@code PUT /v1/clients/{id}/revocation}: its
 * tokens that were issued until now are good no more.
 */
final class ClientsApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clients clients;
    private final RevocationLog revocations;
    private final LiveNodes nodes;
    private final ApiKeys keys;

    ClientsApi(Clients clients, RevocationLog revocations, LiveNodes nodes, ApiKeys keys) {
        this.clients = clients;
        this.revocations = revocations;
        this.nodes = nodes;
        this.keys = keys;
    }

    void on(Router router) {
        router.get("/v1/clients/:id").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.READ);
            Answers.write(context, look(client(context)));
        });
        router.delete("/v1/clients/:id").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.MANAGE);
            Answers.write(context, delete(client(context)));
        });
        router.put("/v1/clients/:id/topics/:topic").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.MANAGE);
            Answers.write(context, follow(follower(context), pattern(context)));
        });
        router.delete("/v1/clients/:id/topics/:topic").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.MANAGE);
            Answers.write(context, unfollow(follower(context), pattern(context)));
        });
        router.put("/v1/clients/:id/revocation").handler(context -> {
            keys.demand(context.request(), ApiKeys.Scope.MANAGE);
            Answers.write(context, revoke(client(context), issuedBeforeS(context)));
        });
    }

    private static ClientId client(RoutingContext context) {
        try {
            return new ClientId(context.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_CLIENT, e.getMessage());
        }
    }

    /** Returns a client that an application may have follow topics: no session, which says itself what it follows. */
    private static ClientId follower(RoutingContext context) {
        ClientId client = client(context);
        if (client.isOfSession()) {
            throw Problem.of(ErrorCode.INVALID_CLIENT, "What a Bayeux session follows is its client's to say.");
        }
        return client;
    }

    private static TopicPattern pattern(RoutingContext context) {
        return Queries.pattern(context.pathParam("topic"));
    }

    /** Returns the parameter, or 0 if there is none: now. */
    private static long issuedBeforeS(RoutingContext context) {
        return Queries.text(context, "issuedBefore") == null
                ? 0
                : Queries.limit(context, "issuedBefore", 0, Integer.MAX_VALUE);
    }

    private Future<JsonNode> revoke(ClientId client, long issuedBeforeS) {
        return revocations
                .revoke(client, issuedBeforeS)
                .map(before ->
                        JSON.createObjectNode().put("client", client.value()).put("issuedBefore", before));
    }

    private Future<JsonNode> look(ClientId client) {
        Future<List<TopicPattern>> following = clients.following(client);
        return clients.look(client).compose(seen -> {
            // A node that died without a word still owns its clients, until their records expire.
            Future<Boolean> isOnline = seen.node() == null ? Future.succeededFuture(false) : nodes.isLive(seen.node());
            return isOnline.compose(online -> following.map(follows -> json(client, seen, online, follows)));
        });
    }

    private Future<JsonNode> follow(ClientId client, TopicPattern name) {
        boolean isPrivate = !name.isWildcard() && name.topic().isPrivate();
        if (isPrivate && !name.topic().equals(Topic.ofUser(client))) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, "That is another client's private address.");
        }
        return clients.follow(client, name).map(isNew -> json(client, name, true));
    }

    private Future<JsonNode> unfollow(ClientId client, TopicPattern name) {
        return clients.unfollow(client, name).map(wasThere -> json(client, name, false));
    }

    private static JsonNode json(ClientId client, TopicPattern name, boolean isFollowing) {
        return JSON.createObjectNode()
                .put("client", client.value())
                .put("topic", name.value())
                .put("following", isFollowing);
    }

    private static JsonNode json(ClientId client, Seen seen, boolean isOnline, List<TopicPattern> follows) {
        ObjectNode json = JSON.createObjectNode().put("client", client.value()).put("online", isOnline);
        json.put("node", isOnline ? seen.node().value() : null);
        json.put(
                "transport",
                isOnline && seen.transport() != null ? seen.transport().word() : null);
        json.put("queued", seen.queued());
        json.put("confirmed", seen.confirmed() == 0 ? null : seen.confirmed());
        ArrayNode topics = json.putArray("topics");
        follows.forEach(name -> topics.add(name.value()));
        return json;
    }

    private Future<JsonNode> delete(ClientId client) {
        return clients.delete(client)
                .map(deleted ->
                        JSON.createObjectNode().put("client", client.value()).put("removed", deleted.removed()));
    }
}
