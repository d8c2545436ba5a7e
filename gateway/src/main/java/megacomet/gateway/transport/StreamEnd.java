package megacomet.gateway.transport;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import megacomet.web.Connections;

/** The end of a response that was streamed. */
public final class StreamEnd {

    /** How long it may be on its way, in ms. */
    static final long TIMEOUT_MS = 5_000;

    private StreamEnd() {}

    /**
     * Ends the response. A browser that does not take that in in time is cut off, because what is written would stay in memory
     * for as long as it does not read.
     *
     * @param isHttp2 whether others share the connection, so that only the response is cut off
     */
    public static void write(Vertx vertx, HttpServerResponse response, HttpConnection connection, boolean isHttp2) {
        long timer = vertx.setTimer(TIMEOUT_MS, late -> cut(response, connection, isHttp2));
        response.end().onComplete(written -> vertx.cancelTimer(timer));
    }

    private static void cut(HttpServerResponse response, HttpConnection connection, boolean isHttp2) {
        if (isHttp2) {
            response.reset();
        } else {
            Connections.cut(connection);
        }
    }
}
