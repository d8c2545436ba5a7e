package megacomet.gateway.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import megacomet.web.Connections;

/**
 * Pings to a browser at a WebSocket (RFC 6455, section 5.5.2): they keep proxies awake, and their answers tell that it is
 * still there. One that has gone without a word is cut off.
 *
 * <p>Belongs to the event loop of the WebSocket.
 */
public final class Pings {

    private static final int MAX_UNANSWERED = 3;
    private static final Buffer NOTHING = Buffer.buffer();

    private final ServerWebSocket webSocket;
    private final HttpConnection connection;
    private final TextOutbox outbox;
    private int unanswered;

    /** @param outbox into which nothing is written, also no ping, while it is full */
    public Pings(ServerWebSocket webSocket, HttpConnection connection, TextOutbox outbox) {
        this.webSocket = webSocket;
        this.connection = connection;
        this.outbox = outbox;
        webSocket.pongHandler(pong -> heard());
    }

    /** The browser is there. */
    public void heard() {
        unanswered = 0;
    }

    /** Sends the next ping; or cuts the connection, if too many were not answered. */
    public void send() {
        if (unanswered == MAX_UNANSWERED) {
            Connections.cut(connection);
            return;
        }
        unanswered++;
        if (!outbox.isFull()) {
            webSocket.writePing(NOTHING);
        }
    }
}
