package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.Clients;

/**
 * Messages to service channels, which go to the gateway alone and to nobody else. {@value #STATUS} answers what the session
 * follows and, if it may know, how many follow a channel and how many sessions there are; never who they are. The answer is
 * a message on the same channel with the request's id, as CometD's {@code remoteCall} wants it.
 */
final class ServiceChannels {

    static final String STATUS = "/service/status";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BayeuxOptions options;
    private final Clients clients;
    private final Census census;

    ServiceChannels(BayeuxOptions options, Clients clients, Census census) {
        this.options = options;
        this.clients = clients;
        this.census = census;
    }

    Future<ObjectNode> reply(Exchange exchange, BayeuxMessage message, ClientId client, Visitor visitor) {
        if (!new Channel(message.channel()).isName()) {
            return Future.succeededFuture(Replies.failed(message, Errors.invalid(message.channel())));
        }
        if (message.channel().equals(STATUS)) {
            return status(exchange, message, client, visitor);
        }
        return Future.succeededFuture(
                options.isServiceStrict()
                        ? Replies.failed(message, Errors.NO_SUCH_SERVICE)
                        : Replies.successful(message));
    }

    private Future<ObjectNode> status(Exchange exchange, BayeuxMessage message, ClientId client, Visitor visitor) {
        JsonNode asked = json(message.data()).path("channel");
        Topic topic = asked.isTextual() ? new Channel(asked.asText()).topic() : null;
        if (!asked.isMissingNode() && topic == null) {
            return Future.succeededFuture(Replies.failed(message, Errors.BAD_CHANNEL));
        }
        if (topic != null && !visitor.mayAskStatus()) {
            return Future.succeededFuture(Replies.failed(message, Errors.STATUS_DENIED));
        }
        Future<List<TopicPattern>> following = clients.following(client);
        Future<Long> sessions = visitor.mayAskStatus() ? census.sessions() : Future.succeededFuture();
        Future<Long> followers = topic != null ? census.followers(topic) : Future.succeededFuture();
        return Future.all(following, sessions, followers).map(done -> {
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            ArrayNode subscriptions = data.putArray("subscriptions");
            following.result().forEach(name -> subscriptions.add("/" + name));
            if (sessions.result() != null) {
                data.put("sessions", sessions.result());
            }
            if (topic != null) {
                data.put("channel", Channel.of(topic)).put("followers", followers.result());
            }
            exchange.tell(answer(message, data));
            return Replies.successful(message);
        });
    }

    private static ObjectNode answer(BayeuxMessage message, ObjectNode data) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("channel", message.channel());
        if (message.id() != null) {
            answer.set("id", message.id());
        }
        return answer.set("data", data);
    }

    private static JsonNode json(byte[] data) {
        try {
            return data == null ? JsonNodeFactory.instance.missingNode() : JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException("the reader took it for JSON", e);
        }
    }
}
