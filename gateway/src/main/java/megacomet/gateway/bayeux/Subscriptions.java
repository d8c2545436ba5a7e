package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import megacomet.gateway.transport.Permissions;
import megacomet.model.ClientId;
import megacomet.model.TopicPattern;
import megacomet.redis.Sessions;

/**
 * What a session follows. Of an array all are followed or none. Service channels are answered and not recorded: what they
 * answer comes to whoever asked.
 */
final class Subscriptions {

    private final Sessions sessions;

    Subscriptions(Sessions sessions) {
        this.sessions = sessions;
    }

    Future<ObjectNode> subscribe(BayeuxMessage message, ClientId client, Visitor visitor) {
        List<String> channels = channels(message.subscription());
        if (channels == null) {
            return failed(message, Errors.MISSING_SUBSCRIPTION);
        }
        Permissions permissions = visitor.permissions(client);
        List<TopicPattern> names = new ArrayList<>();
        for (String name : channels) {
            Channel channel = new Channel(name);
            TopicPattern pattern = channel.pattern();
            if (channel.isMeta()) {
                return failed(message, Errors.forbidden(name));
            }
            if (channel.isService()) {
                continue;
            }
            if (pattern == null) {
                return failed(message, Errors.invalid(name));
            }
            if (!permissions.mayFollow(pattern)) {
                return failed(message, Errors.forbidden(name));
            }
            names.add(pattern);
        }
        if (names.isEmpty()) {
            return successful(message);
        }
        return sessions.follow(client, names).compose(followed -> switch (followed) {
            case YES -> successful(message);
            case TOO_MANY -> failed(message, Errors.TOO_MANY_SUBSCRIPTIONS);
            case UNKNOWN -> failed(message, Errors.UNKNOWN_CLIENT);
        });
    }

    Future<ObjectNode> unsubscribe(BayeuxMessage message, ClientId client) {
        List<String> channels = channels(message.subscription());
        if (channels == null) {
            return failed(message, Errors.MISSING_SUBSCRIPTION);
        }
        List<TopicPattern> names = new ArrayList<>();
        for (String name : channels) {
            Channel channel = new Channel(name);
            TopicPattern pattern = channel.pattern();
            if (pattern != null) {
                names.add(pattern);
            } else if (!channel.isMeta() && !channel.isService()) {
                return failed(message, Errors.invalid(name));
            }
        }
        return names.isEmpty()
                ? successful(message)
                : sessions.unfollow(client, names).compose(done -> successful(message));
    }

    /** Returns the channels that are named, one or more; null if that is not what it is. */
    private static List<String> channels(JsonNode subscription) {
        if (subscription != null && subscription.isTextual()) {
            return List.of(subscription.asText());
        }
        if (subscription == null || !subscription.isArray() || subscription.isEmpty()) {
            return null;
        }
        List<String> channels = new ArrayList<>(subscription.size());
        for (JsonNode channel : subscription) {
            if (!channel.isTextual()) {
                return null;
            }
            channels.add(channel.asText());
        }
        return channels;
    }

    private static Future<ObjectNode> successful(BayeuxMessage message) {
        return echoed(message, Replies.successful(message));
    }

    private static Future<ObjectNode> failed(BayeuxMessage message, String error) {
        return echoed(message, Replies.failed(message, error));
    }

    private static Future<ObjectNode> echoed(BayeuxMessage message, ObjectNode reply) {
        if (message.subscription() != null) {
            reply.set("subscription", message.subscription());
        }
        return Future.succeededFuture(reply);
    }
}
