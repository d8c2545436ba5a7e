package megacomet.publisher;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import megacomet.web.MediaType;

/** Writes what a request is answered, or why it failed. */
final class Answers {

    private Answers() {}

    static void write(RoutingContext context, Future<? extends JsonNode> answer) {
        answer.onSuccess(json -> write(context, json)).onFailure(failure -> context.fail(Delivery.problemOf(failure)));
    }

    private static void write(RoutingContext context, JsonNode json) {
        if (!context.response().closed()) {
            context.response()
                    .putHeader("content-type", MediaType.JSON)
                    .putHeader("cache-control", "no-store")
                    .end(json.toString());
        }
    }
}
