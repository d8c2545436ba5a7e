package megacomet.gateway.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.Consumer;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.gateway.publish.BrowserPublisher.Post;
import megacomet.gateway.publish.Payer;
import megacomet.redis.Publisher.Outcome;
import megacomet.redis.Publisher.Published;
import megacomet.redis.link.RedisFull;
import megacomet.redis.link.RedisUnavailable;
import megacomet.web.ErrorCode;
import megacomet.web.Meters;
import megacomet.web.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes to topics what browsers send, and says what became of it; for one event loop. */
final class TopicPublishing {

    private static final Logger LOG = LoggerFactory.getLogger(TopicPublishing.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** After how long it is worth another try, when Redis did not answer. */
    private static final long RETRY_AFTER_MS = 2_000;

    private final BrowserPublisher publisher;
    private final Meters meters;

    TopicPublishing(BrowserPublisher publisher, Meters meters) {
        this.publisher = publisher;
        this.meters = meters;
    }

    /**
     * Publishes, and returns what the browser is told: what became of it, or what was wrong. Never fails.
     *
     * @param refused is told why it was not published, if it was not
     */
    Future<String> publish(Payer payer, Post post, Consumer<ErrorCode> refused) {
        return publisher
                .publish(payer, post)
                .map(published -> answer(post, published))
                .otherwise(failure -> {
                    Problem problem = problemOf(failure);
                    meters.publishes(problem.code().word()).increment();
                    refused.accept(problem.code());
                    return error(problem, post.id());
                });
    }

    private String answer(Post post, Published published) {
        if (published.outcome() == Outcome.CONFLICT) {
            throw Problem.of(ErrorCode.ID_CONFLICT);
        }
        if (published.outcome() == Outcome.TOO_MANY_IDS) {
            throw Problem.of(ErrorCode.TOO_MANY_IDS);
        }
        String state = published.outcome().name().toLowerCase(Locale.ROOT);
        meters.publishes(state).increment();
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode what = answer.putObject("published");
        if (post.id() != null) {
            what.put("id", post.id());
        }
        what.put("topic", post.topic().value()).put("seq", published.number()).put("state", state);
        return answer.toString();
    }

    /** Returns what a browser is told that something is wrong, with the id of the message if that is what it is about. */
    static String error(Problem problem, String id) {
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode what = problem.errorJson();
        if (id != null) {
            what.put("id", id);
        }
        answer.set("error", what);
        return answer.toString();
    }

    private static Problem problemOf(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof RedisUnavailable unavailable) {
            ErrorCode code = unavailable.mayHaveHappened() ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.REDIS_UNAVAILABLE;
            return Problem.later(code, RETRY_AFTER_MS, unavailable);
        }
        if (failure instanceof RedisFull) {
            return Problem.later(ErrorCode.REDIS_FULL, RETRY_AFTER_MS, failure);
        }
        LOG.atError().setCause(failure).log("redis refused what it should not");
        return Problem.of(ErrorCode.INTERNAL_ERROR);
    }
}
