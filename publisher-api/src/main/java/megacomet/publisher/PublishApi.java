package megacomet.publisher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import megacomet.redis.TopicRules;
import megacomet.web.ApiKeys;
import megacomet.web.BodyLimits;
import megacomet.web.BodyReader;
import megacomet.web.ErrorCode;
import megacomet.web.Guard;
import megacomet.web.MediaType;
import megacomet.web.Problem;
import megacomet.web.RateLimit;
import megacomet.web.RequestBody;
import megacomet.web.Utf8;

/**
 * {@code POST /v1/messages}: one message, an array of them, or NDJSON.
 *
 * <p>One message is answered by one object, or by a problem. An array is answered by an array in its order, in which an
 * error stands for a message that was not stored; an array that is no JSON stores nothing. NDJSON is answered line by line
 * while it is read: see {@link NdjsonPublishing}.
 *
 * <p>An API key that publishes faster than it may is refused, and has to wait; its NDJSON is read more slowly instead.
 */
final class PublishApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LetterReader reader;
    private final Delivery delivery;
    private final ApiKeys keys;
    private final PublishLimits limits;
    private final RateLimit<String> limit;
    private final BodyReader bodies;
    private final BodyLimits bodyLimits;
    private final Guard guard;

    PublishApi(
            PublishLimits limits,
            TopicRules topics,
            Delivery delivery,
            ApiKeys keys,
            RateLimit<String> limit,
            BodyReader bodies,
            Guard guard) {
        this.limit = limit;
        this.bodies = bodies;
        this.guard = guard;
        this.bodyLimits = BodyLimits.ofKnown(limits.bodyMaxBytes(), BodyLimits.Pace.PROGRESS);
        this.limits = limits;
        this.reader = new LetterReader(limits, topics);
        this.delivery = delivery;
        this.keys = keys;
    }

    void on(Router router) {
        router.post("/v1/messages").handler(this::publish);
    }

    /** The key comes first: of a request without one no body is read. */
    private void publish(RoutingContext context) {
        String key = keys.demand(context.request(), ApiKeys.Scope.PUBLISH);
        switch (MediaType.of(context.request())) {
            case MediaType.NDJSON -> {
                NdjsonPublishing lines = new NdjsonPublishing(
                        context.vertx(),
                        context.request(),
                        reader,
                        delivery,
                        limits,
                        messages -> limit.takeAnyway(key, messages),
                        guard);
                context.addEndHandler(ended -> lines.ended());
                lines.start();
            }
            case MediaType.JSON ->
                bodies.read(context.request(), bodyLimits)
                        .onSuccess(body -> publish(context, key, body))
                        .onFailure(context::fail);
            default ->
                throw Problem.of(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "Messages are " + MediaType.JSON + " or " + MediaType.NDJSON + ".");
        }
    }

    private void publish(RoutingContext context, String key, RequestBody body) {
        Future<? extends JsonNode> answer;
        try {
            answer = publish(key, Utf8.decode(body.buffer().getBytes()));
        } catch (RuntimeException refused) {
            body.close();
            context.fail(refused);
            return;
        }
        Answers.write(context, answer);
        answer.onComplete(done -> body.close());
    }

    private Future<? extends JsonNode> publish(String key, String text) {
        if (LetterReader.isArray(text)) {
            List<LetterReader.Read> all = reader.many(text);
            demandPace(key, all.stream().mapToInt(PublishApi::messages).sum());
            return publishMany(all);
        }
        Letter letter = reader.one(text);
        demandPace(key, letter.messages());
        return letter.isToMany() ? delivery.oneOfMany(letter) : delivery.toOne(letter);
    }

    private static int messages(LetterReader.Read read) {
        return read.problem() == null ? read.letter().messages() : 0;
    }

    private void demandPace(String key, int messages) {
        long waitMs = limit.take(key, messages);
        if (waitMs > 0) {
            throw Problem.later(ErrorCode.RATE_LIMITED, waitMs, null);
        }
    }

    private Future<ArrayNode> publishMany(List<LetterReader.Read> all) {
        List<Future<JsonNode>> answers = all.stream()
                .map(read -> read.problem() == null
                        ? delivery.oneOfMany(read.letter()).<JsonNode>map(json -> json)
                        : Future.<JsonNode>succeededFuture(Delivery.error(read.problem())))
                .toList();
        return Future.join(answers).map(done -> {
            ArrayNode array = JSON.createArrayNode();
            done.<JsonNode>list().forEach(array::add);
            return array;
        });
    }
}
