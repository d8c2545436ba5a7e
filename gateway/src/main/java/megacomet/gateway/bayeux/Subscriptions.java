package megacomet.gateway.bayeux;

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

    /** Returns the error for a list that names nothing or too much, or null; Redis is not asked. */
    static String errorIn(BayeuxMessage message) {
        Subscription subscription = message.subscription();
        if (subscription == null || subscription.form() == Subscription.Form.NOT_ONE) {
            return Errors.MISSING_SUBSCRIPTION;
        }
        boolean isTooMuch = message.isOn(Channel.SUBSCRIBE)
                ? subscription.isMoreThanOneMayFollow()
                : subscription.form() == Subscription.Form.TOO_LONG;
        return isTooMuch ? Errors.TOO_MANY_SUBSCRIPTIONS : null;
    }

    /** @param message in which there is no {@linkplain #errorIn error} */
    Future<ObjectNode> subscribe(BayeuxMessage message, ClientId client, Visitor visitor) {
        List<TopicPattern> names = new ArrayList<>();
        for (String name : message.subscription().channels()) {
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
            names.add(pattern);
        }
        Permissions permissions = visitor.permissions(client);
        TopicPattern forbidden = permissions.firstForbidden(names);
        if (forbidden != null) {
            return failed(message, Errors.forbidden("/" + forbidden));
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

    /** @param message in which there is no {@linkplain #errorIn error} */
    Future<ObjectNode> unsubscribe(BayeuxMessage message, ClientId client) {
        List<TopicPattern> names = new ArrayList<>();
        for (String name : message.subscription().channels()) {
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

    private static Future<ObjectNode> successful(BayeuxMessage message) {
        return echoed(message, Replies.successful(message));
    }

    static Future<ObjectNode> failed(BayeuxMessage message, String error) {
        return echoed(message, Replies.failed(message, error));
    }

    private static Future<ObjectNode> echoed(BayeuxMessage message, ObjectNode reply) {
        if (message.subscription() != null && message.subscription().echo() != null) {
            reply.set("subscription", message.subscription().echo());
        }
        return Future.succeededFuture(reply);
    }
}
