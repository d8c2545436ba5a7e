package megacomet.gateway.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.model.Cursor;
import megacomet.web.BodyLimits;
import megacomet.web.BodyReader;
import megacomet.web.ErrorCode;
import megacomet.web.MediaType;
import megacomet.web.Origins;
import megacomet.web.Problem;
import megacomet.web.RequestBody;

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

    void on(Router router, BodyReader bodies, BodyLimits limits) {
        router.post("/v1/confirm").handler(context -> {
            origins.demand(context.request());
            bodies.read(context.request(), limits)
                    .onSuccess(body -> confirm(context, body))
                    .onFailure(context::fail);
        });
        router.options("/v1/confirm").handler(context -> origins.answerPreflight(context.request(), HttpMethod.POST));
    }

    private void confirm(RoutingContext context, RequestBody body) {
        try (body) {
            confirm(context.request(), body.buffer());
        } catch (Problem refused) {
            context.fail(refused);
        }
    }

    private void confirm(HttpServerRequest request, Buffer body) {
        boolean isInBody = body.length() > 0 && MediaType.of(request).equals(MediaType.JSON);
        PollRequest said = isInBody
                ? PollRequest.of(PollRequest.objectOf(body), 0)
                : PollRequest.of(PollRequest.queryOf(request), 0);
        if (said.cursor() == null) {
            throw Problem.of(ErrorCode.MISSING_FIELD, "A confirmation needs a cursor.");
        }
        Identities.Identity who = identities.of(request, said.client(), said.token());
        identities.demandPace(who.client());
        Cursor cursor = said.cursorOf(who.client());
        if (cursor != null) {
            room.confirm(who.client(), cursor);
        }
        request.response().setStatusCode(204).end();
    }
}
