package megacomet.drain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import megacomet.fixture.Http;

/** It has a Bayeux session that acknowledges, with which it goes from gateway to gateway. */
final class BayeuxRoamer extends Roamer {

    private static final short GOING_AWAY = 1001;

    private final boolean hasSocket;
    private WebSocket socket;
    private String clientId;
    private long ack;
    private int lastId;
    private boolean isLeaving;

    BayeuxRoamer(Roaming roaming, String client, boolean hasSocket) {
        super(roaming, client);
        this.hasSocket = hasSocket;
    }

    @Override
    boolean hasMailbox() {
        return false;
    }

    @Override
    void visit() {
        if (!hasSocket) {
            next();
            return;
        }
        String url = gatewayUrl().replace("http:", "ws:") + "/bayeux";
        roaming.sockets
                .connect(new WebSocketConnectOptions().setAbsoluteURI(url))
                .onSuccess(opened -> {
                    socket = opened;
                    isLeaving = false;
                    opened.textMessageHandler(text -> heard(Http.json(text)));
                    opened.closeHandler(closed -> {
                        if (opened.closeStatusCode() == null || opened.closeStatusCode() != GOING_AWAY) {
                            isWrong("closed with " + opened.closeStatusCode());
                        }
                        visit();
                    });
                    next();
                })
                .onFailure(failure -> isWrong(failure.toString()));
    }

    /** Says what is next: shakes hands once, and then connects and connects. */
    private void next() {
        if (clientId == null) {
            ObjectNode handshake = message("/meta/handshake").put("version", "1.0");
            handshake.putArray("supportedConnectionTypes").add(hasSocket ? "websocket" : "long-polling");
            handshake.putObject("ext").put("ack", true);
            say(handshake);
            return;
        }
        ObjectNode connect = message("/meta/connect").put("connectionType", hasSocket ? "websocket" : "long-polling");
        connect.putObject("ext").put("ack", ack);
        say(connect);
    }

    private ObjectNode message(String channel) {
        ObjectNode message =
                JsonNodeFactory.instance.objectNode().put("channel", channel).put("id", "" + ++lastId);
        return clientId == null ? message : message.put("clientId", clientId);
    }

    private void say(ObjectNode message) {
        String text = List.of(message).toString();
        if (hasSocket) {
            socket.writeTextMessage(text);
            return;
        }
        roaming.http
                .request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(gatewayUrl() + "/bayeux")
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(Buffer.buffer(text)))
                .compose(response -> response.body())
                .onSuccess(body -> heard(Http.json(body.toString())))
                .onFailure(this::cutOff);
    }

    private void heard(JsonNode messages) {
        for (JsonNode message : messages) {
            if (message.has("data")) {
                take(TOPIC, message.get("data").asInt());
            } else if (!message.path("successful").asBoolean()) {
                isWrong(message.toString());
            } else if (message.get("channel").asText().equals("/meta/handshake")) {
                clientId = message.get("clientId").asText();
                say(message("/meta/subscribe").put("subscription", "/" + TOPIC));
            } else if (message.get("channel").asText().equals("/meta/subscribe")) {
                next();
            } else {
                connected(message);
            }
        }
    }

    private void connected(JsonNode reply) {
        ack = reply.path("ext").path("ack").asLong(ack);
        long intervalMs = reply.path("advice").path("interval").asLong();
        if (intervalMs > 0 && !isLeaving) {
            isLeaving = hasSocket; // Its socket is closed next.
            sentAway(intervalMs);
        }
        if (!isLeaving) {
            next();
        }
    }
}
