package megacomet.gateway.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.Cursor;
import megacomet.web.ErrorCode;
import megacomet.web.MediaType;
import megacomet.web.Origins;
import megacomet.web.Problem;

/**
 * {@code POST /v1/confirm}: confirms what a stream brought, since a stream of events cannot carry that back. Any node takes
 * it. With a body that is no JSON, or none, the query says all; so a page can send it as a beacon while it is closed.
 */
final class Confirmation {

    private final WaitingRoom room;
    private final Identities identities;
    private final Origins origins;

    Confirmation(WaitingRoom room, Identities identities, Origins origins) {
        this.room = room;
        this.identities = identities;
        this.origins = origins;
    }

    void on(Router router, BodyHandler bodies) {
        router.post("/v1/confirm").handler(this::admit);
        router.post("/v1/confirm").handler(bodies).handler(this::confirm);
        router.options("/v1/confirm").handler(context -> origins.answerPreflight(context.request(), HttpMethod.POST));
    }

    private void admit(RoutingContext context) {
        origins.demand(context.request());
        context.next();
    }

    private void confirm(RoutingContext context) {
        HttpServerRequest request = context.request();
        Buffer body = context.body().buffer();
        boolean isInBody =
                body != null && body.length() > 0 && MediaType.of(request).equals(MediaType.JSON);
        PollRequest said = isInBody
                ? PollRequest.of(PollRequest.objectOf(body), 0)
                : PollRequest.of(PollRequest.queryOf(request), 0);
        if (said.cursor() == null) {
            throw Problem.of(ErrorCode.MISSING_FIELD, "A confirmation needs a cursor.");
        }
        Identities.Identity who = identities.of(request, said.client(), said.token());
        Cursor cursor = said.cursorOf(who.client());
        if (cursor != null) {
            room.confirm(who.client(), cursor);
        }
        request.response().setStatusCode(204).end();
    }
}
