package megacomet.gateway.publish;

import io.vertx.core.Future;
import megacomet.model.Topic;
import megacomet.redis.Publisher;
import megacomet.redis.Publisher.Author;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.Publisher.Published;
import megacomet.redis.TopicRules;
import megacomet.redis.TopicSettings;
import megacomet.redis.link.RedisFull;
import megacomet.redis.link.RedisUnavailable;
import megacomet.web.ErrorCode;
import megacomet.web.Meters;
import megacomet.web.Problem;

/**
 * Publishes to topics what browsers send, by whatever transport, within their limits; for one event loop. Whether the browser
 * may publish to the topic at all is decided before.
 */
public final class BrowserPublisher {

    /** Of a message that does not say how long it lives: as long as its topic's do. */
    public static final long TTL_OF_TOPIC = 0;

    private final Publisher publisher;
    private final TopicRules rules;
    private final Quotas quotas;
    private final Meters meters;

    public BrowserPublisher(Publisher publisher, TopicRules rules, Quotas quotas, Meters meters) {
        this.publisher = publisher;
        this.rules = rules;
        this.quotas = quotas;
        this.meters = meters;
    }

    /**
     * What a browser publishes.
     *
     * @param data JSON in UTF-8
     * @param ttlMs how long it lives, or {@link #TTL_OF_TOPIC}
     * @param id makes it idempotent among its author's messages to the topic for five minutes, or null
     * @param key in a topic of which the latest is kept: which message it replaces, or null
     */
    public record Post(Topic topic, byte[] data, long ttlMs, String id, String key) {}

    /**
     * Publishes, and counts what became of it, but for what {@code Published} refuses.
     *
     * @return what became of it, but never {@link Outcome#NOT_BEGUN}. Fails with a {@link Problem} if the browser is beyond a
     *     limit, and then nothing reached Redis or nothing is kept there; else as {@link Publisher#publish} does
     */
    public Future<Published> publish(Payer payer, Post post) {
        meters.publishBytes().record(post.data.length);
        try {
            return within(payer, post);
        } catch (Problem refused) {
            return Future.failedFuture(refused);
        }
    }

    private Future<Published> within(Payer payer, Post post) {
        long lifeMs = lifeMs(payer, post);
        TopicSettings settings = rules.apply(post.topic);
        Publication draft = publication(payer, post, lifeMs, false);
        Quotas.Grant grant = quotas.take(payer, Cost.of(post.topic, settings.mode(), draft));
        Publication publication = grant.mayBeginTopic() ? publication(payer, post, lifeMs, true) : draft;
        return publisher
                .publish(post.topic, settings, publication)
                .onSuccess(published -> grant.settle(published.outcome().isTaken(), published.hasBegunTopic()))
                .onFailure(failure -> grant.settle(mayBeThere(failure), mayBeThere(failure)))
                .map(published -> {
                    if (published.outcome() == Outcome.NOT_BEGUN) {
                        throw grant.mayNotBegin();
                    }
                    return published;
                });
    }

    private static Publication publication(Payer payer, Post post, long lifeMs, boolean mayBegin) {
        Author author = new Author(payer.author(), mayBegin);
        return new Publication(post.data, lifeMs, post.id, post.key, false, author);
    }

    /** A topic's own life is the operator's word, and may be longer than what a browser may ask for. */
    private long lifeMs(Payer payer, Post post) {
        long ofTopicMs = rules.lifeMs(post.topic);
        if (post.ttlMs == TTL_OF_TOPIC) {
            return ofTopicMs;
        }
        long mostMs = Math.max(quotas.maxTtlMs(payer), ofTopicMs);
        if (post.ttlMs > mostMs) {
            throw Problem.of(
                    ErrorCode.INVALID_FIELD,
                    "ttlMs must be an integer from 1 to " + mostMs + " for this client, got " + post.ttlMs + ".");
        }
        return post.ttlMs;
    }

    private static boolean mayBeThere(Throwable failure) {
        boolean isNotThere = failure instanceof RedisFull
                || failure instanceof RedisUnavailable unavailable && !unavailable.mayHaveHappened();
        return !isNotThere;
    }
}
