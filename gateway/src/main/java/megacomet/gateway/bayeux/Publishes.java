package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Locale;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.Publisher;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.TopicRules;
import megacomet.web.Meters;

/**
 * Messages that clients publish. Faye sends one again, under its id, when the reply does not come in time; so the id, with
 * the session's, makes it one message. An id with other data is no repetition: CometD counts anew when a page is reloaded
 * and its session goes on.
 */
final class Publishes {

    /** The most bytes of a message that a client publishes. */
    static final int MAX_DATA_BYTES = 64 << 10;

    private final Publisher publisher;
    private final TopicRules rules;
    private final Meters meters;
    private final Authority authority;

    Publishes(Publisher publisher, TopicRules rules, Meters meters, Authority authority) {
        this.publisher = publisher;
        this.rules = rules;
        this.meters = meters;
        this.authority = authority;
    }

    /** Whether it is a message for whoever follows a topic. */
    boolean isPublish(BayeuxMessage message) {
        Channel channel = new Channel(message.channel());
        return !channel.isMeta() && !channel.isService();
    }

    /** Answers a message of nobody's session, which its own credentials may allow. */
    Future<ObjectNode> unconnected(BayeuxMessage message) {
        return authority.ofMessage(message).compose(visitor -> {
            ClientId nobody = new ClientId(ClientId.SESSION_PREFIX);
            return visitor == null
                    ? Future.succeededFuture(Replies.failed(message, Errors.UNKNOWN_CLIENT))
                    : publish(message, nobody, visitor);
        });
    }

    Future<ObjectNode> publish(BayeuxMessage message, ClientId client, Visitor visitor) {
        Topic topic = new Channel(message.channel()).topic();
        if (topic == null) {
            return failed(message, Errors.invalid(message.channel()));
        }
        if (message.data() == null) {
            return failed(message, Errors.MISSING_DATA);
        }
        if (message.data().length > MAX_DATA_BYTES) {
            return failed(message, Errors.TOO_LARGE);
        }
        if (!visitor.permissions(client).mayPublish(topic)) {
            return failed(message, Errors.forbidden(message.channel()));
        }
        meters.publishBytes().record(message.data().length);
        boolean isOfSession = message.clientId() != null && message.id() != null;
        String id = isOfSession ? client + " " + message.id() : null;
        return publish(message, topic, id);
    }

    private Future<ObjectNode> publish(BayeuxMessage message, Topic topic, String id) {
        Publication publication = new Publication(message.data(), rules.lifeMs(topic), id);
        return publisher.publish(topic, rules.apply(topic), publication).compose(published -> {
            if (published.outcome() == Outcome.CONFLICT) {
                return publish(message, topic, null);
            }
            meters.publishes(published.outcome().name().toLowerCase(Locale.ROOT))
                    .increment();
            return published.outcome() == Outcome.TOO_MANY_IDS
                    ? failed(message, Errors.TOO_MANY_IDS)
                    : Future.succeededFuture(Replies.successful(message));
        });
    }

    private static Future<ObjectNode> failed(BayeuxMessage message, String error) {
        return Future.succeededFuture(Replies.failed(message, error));
    }
}
