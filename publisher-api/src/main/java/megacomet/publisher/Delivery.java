package megacomet.publisher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Topic;
import megacomet.redis.NotReplicated;
import megacomet.redis.Publisher;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Published;
import megacomet.redis.TooManyFollows;
import megacomet.redis.TooManyRevocations;
import megacomet.redis.TopicRules;
import megacomet.redis.link.NoReplicas;
import megacomet.redis.link.RedisFull;
import megacomet.redis.link.RedisUnavailable;
import megacomet.web.ErrorCode;
import megacomet.web.Meters;
import megacomet.web.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes letters and says what became of them; for one event loop. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** After how long it is worth asking Redis again, when it did not answer. */
    private static final long RETRY_AFTER_MS = 2_000;

    private final Publisher publisher;
    private final TopicRules topics;
    private final Meters meters;
    private final DistributionSummary publishBytes;
    private final Map<String, Counter> publishes = new HashMap<>();

    Delivery(Publisher publisher, TopicRules topics, Meters meters) {
        this.publisher = publisher;
        this.topics = topics;
        this.meters = meters;
        this.publishBytes = meters.publishBytes();
    }

    /** Publishes to one client, or to a topic. Fails with a {@link Problem}. */
    Future<ObjectNode> toOne(Letter letter) {
        return letter.topic() != null
                ? to(letter.topic(), letter)
                : to(letter.clients().get(0), letter);
    }

    /**
     * Publishes a letter that is one of several. Never fails: what is wrong stands in the answer.
     *
     * @return the answer for its one client or topic, or {@code {"results":[…]}} if it named its clients in a list
     */
    Future<ObjectNode> oneOfMany(Letter letter) {
        if (!letter.isToMany()) {
            return toOne(letter).otherwise(failure -> error(problemOf(failure)));
        }
        List<Future<ObjectNode>> answers = letter.clients().stream()
                .map(client -> to(client, letter)
                        .otherwise(failure -> error(problemOf(failure)).put("client", client.value())))
                .toList();
        return Future.join(answers).map(all -> {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode results = answer.putArray("results");
            all.<ObjectNode>list().forEach(results::add);
            return answer;
        });
    }

    /** Returns what stands in the place of an answer. */
    static ObjectNode error(Problem problem) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set("error", problem.errorJson());
        return answer;
    }

    private Future<ObjectNode> to(ClientId client, Letter letter) {
        ObjectNode answer = JSON.createObjectNode().put("client", client.value());
        return answered(answer, letter, publisher.publish(client, letter.publication()));
    }

    private Future<ObjectNode> to(Topic topic, Letter letter) {
        ObjectNode answer = JSON.createObjectNode().put("topic", topic.value());
        return answered(answer, letter, publisher.publish(topic, topics.apply(topic), letter.publication()));
    }

    private Future<ObjectNode> answered(ObjectNode answer, Letter letter, Future<Published> published) {
        publishBytes.record(letter.publication().data().length);
        return published.transform(result -> {
            try {
                return Future.succeededFuture(complete(answer, result));
            } catch (Problem problem) {
                count(problem.code().word());
                return Future.failedFuture(problem);
            }
        });
    }

    private ObjectNode complete(ObjectNode answer, AsyncResult<Published> result) {
        if (result.failed()) {
            throw problemOf(result.cause());
        }
        Published published = result.result();
        if (published.outcome() == Outcome.CONFLICT) {
            throw Problem.of(ErrorCode.ID_CONFLICT);
        }
        if (published.outcome() == Outcome.TOO_MANY_IDS) {
            throw Problem.of(ErrorCode.TOO_MANY_IDS);
        }
        String state = published.outcome().name().toLowerCase(Locale.ROOT);
        count(state);
        return answer.put("seq", published.number()).put("state", state);
    }

    private void count(String outcome) {
        publishes.computeIfAbsent(outcome, meters::publishes).increment();
    }

    /** Returns what a failure means to whoever asked. */
    static Problem problemOf(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof RedisUnavailable unavailable) {
            ErrorCode code = unavailable.mayHaveHappened() ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.REDIS_UNAVAILABLE;
            return Problem.later(code, RETRY_AFTER_MS, unavailable);
        }
        if (failure instanceof TooManyFollows) {
            return Problem.of(ErrorCode.TOO_MANY_FOLLOWS, "A client follows at most " + Cursor.MAX_TOPICS + ".");
        }
        if (failure instanceof TooManyRevocations) {
            return Problem.of(ErrorCode.TOO_MANY_REVOCATIONS);
        }
        if (failure instanceof NotReplicated stored) {
            return Problem.later(
                    ErrorCode.NOT_REPLICATED, "Its number is " + stored.number() + ".", RETRY_AFTER_MS, failure);
        }
        if (failure instanceof NoReplicas) {
            return Problem.later(ErrorCode.NO_REPLICAS, RETRY_AFTER_MS, failure);
        }
        if (failure instanceof RedisFull) {
            return Problem.later(ErrorCode.REDIS_FULL, RETRY_AFTER_MS, failure);
        }
        LOG.atError().setCause(failure).log("redis refused what it should not");
        return Problem.of(ErrorCode.INTERNAL_ERROR);
    }
}
