package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Locale;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.gateway.publish.BrowserPublisher.Post;
import megacomet.gateway.publish.Payer;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.Publisher.Outcome;
import megacomet.web.Meters;
import megacomet.web.Problem;

/**
 * Messages that clients publish. Faye sends one again, under its id, when the reply does not come in time; so the id, with
 * the session's, makes it one message. An id with other data is no repetition: CometD counts anew when a page is reloaded
 * and its session goes on.
 */
final class Publishes {

    /** The most bytes of a message that a client publishes. */
    static final int MAX_DATA_BYTES = 64 << 10;

    private final BrowserPublisher publisher;
    private final Meters meters;
    private final Authority authority;

    Publishes(BrowserPublisher publisher, Meters meters, Authority authority) {
        this.publisher = publisher;
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
        boolean isOfSession = message.clientId() != null && message.id() != null;
        String id = isOfSession ? message.id().toString() : null;
        return publish(message, visitor.payer(client), topic, id);
    }

    private Future<ObjectNode> publish(BayeuxMessage message, Payer payer, Topic topic, String id) {
        Post post = new Post(topic, message.data(), BrowserPublisher.TTL_OF_TOPIC, id, null);
        return publisher.publish(payer, post).onFailure(this::count).compose(published -> {
            if (published.outcome() == Outcome.CONFLICT) {
                return publish(message, payer, topic, null);
            }
            meters.publishes(published.outcome().name().toLowerCase(Locale.ROOT))
                    .increment();
            return published.outcome() == Outcome.TOO_MANY_IDS
                    ? failed(message, Errors.TOO_MANY_IDS)
                    : Future.succeededFuture(Replies.successful(message));
        });
    }

    private void count(Throwable failure) {
        if (failure instanceof Problem problem) {
            meters.publishes(problem.code().word()).increment();
        }
    }

    private static Future<ObjectNode> failed(BayeuxMessage message, String error) {
        return Future.succeededFuture(Replies.failed(message, error));
    }
}
