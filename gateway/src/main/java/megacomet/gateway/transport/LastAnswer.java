package megacomet.gateway.transport;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/**
 * What a browser is answered last on a connection, because the gateway is about to stop. A browser keeps its connections,
 * and so would ask here again however often it was told to go: through a proxy that balances connections and knows no
 * requests, it would come to no other gateway until this one is gone.
 */
public final class LastAnswer {

    /** How long other responses on a connection of HTTP/2 may take; drains are shorter. */
    private static final long OTHERS_MAX_MINUTES = 15;

    private LastAnswer() {}

    /** Says that it is the last. Before the response begins. */
    public static void announce(HttpServerResponse response) {
        if (!isHttp2(response)) { // which says it in a frame of its own
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** Has the connection closed when the response is written, whose end was. Of HTTP/2, when all others are, too. */
    public static void close(HttpServerResponse response, HttpConnection connection) {
        if (isHttp2(response)) {
            connection.shutdown(OTHERS_MAX_MINUTES, TimeUnit.MINUTES);
        } else {
            connection.close();
        }
    }

    private static boolean isHttp2(HttpServerResponse response) {
        return response.streamId() >= 0;
    }
}
