package megacomet.drain;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import megacomet.fixture.Http;

/** It has a WebSocket. */
final class SocketRoamer extends Roamer {

    private static final short GOING_AWAY = 1001;

    private String cursor = "";

    SocketRoamer(Roaming roaming, String client) {
        super(roaming, client);
    }

    @Override
    void visit() {
        String url = gatewayUrl().replace("http:", "ws:") + "/v1/ws?client=" + client + "&topics=" + TOPIC + "&conn="
                + page + cursor;
        roaming.sockets
                .connect(new WebSocketConnectOptions().setAbsoluteURI(url))
                .onSuccess(this::read)
                .onFailure(failure -> isWrong(failure.toString()));
    }

    private void read(WebSocket socket) {
        boolean[] isSentAway = {false};
        socket.textMessageHandler(text -> {
            JsonNode answer = Http.json(text);
            take(answer);
            cursor = answer.has("cursor") ? "&cursor=" + answer.get("cursor").asText() : cursor;
            if (answer.path("ended").asText().equals("draining")) {
                isSentAway[0] = true;
                sentAway(answer.get("advice").get("intervalMs").asLong());
            }
        });
        socket.closeHandler(closed -> {
            if (!isSentAway[0] || socket.closeStatusCode() == null || socket.closeStatusCode() != GOING_AWAY) {
                isWrong("closed with " + socket.closeStatusCode());
            }
            visit();
        });
    }
}
