package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import megacomet.model.ClientId;

/** Messages to service channels, which go to the gateway alone and to nobody else. */
final class ServiceChannels {

    private final BayeuxOptions options;

    ServiceChannels(BayeuxOptions options) {
        this.options = options;
    }

    Future<ObjectNode> reply(BayeuxMessage message, ClientId client, Visitor visitor) {
        if (!new Channel(message.channel()).isName()) {
            return Future.succeededFuture(Replies.failed(message, Errors.invalid(message.channel())));
        }
        return Future.succeededFuture(
                options.isServiceStrict()
                        ? Replies.failed(message, Errors.NO_SUCH_SERVICE)
                        : Replies.successful(message));
    }
}
