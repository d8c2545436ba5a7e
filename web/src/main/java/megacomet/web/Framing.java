package megacomet.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Lets nothing through that Vert.x takes for a request although another might read it differently: one with a header without
 * a name (RFC 9112, section 5), or with a transfer coding other than chunked (section 6.1). It is refused, its connection closed, and what came behind it on the connection is not taken for a request.
 *
 * <p>Belongs to the event loop of its server.
 */
final class Framing implements Handler<HttpServerRequest> {

    private final Handler<HttpServerRequest> next;
    private final Set<HttpConnection> refused = Collections.newSetFromMap(new WeakHashMap<>());

    Framing(Handler<HttpServerRequest> next) {
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!refused.isEmpty() && refused.contains(request.connection())) {
            return; // Vert.x reads on what it already has of a connection that is being closed.
        }
        if (request.version() == HttpVersion.HTTP_2 || isPlain(request.headers())) {
            next.handle(request);
        } else {
            refused.add(request.connection());
            ProblemAnswers.unreadable(request);
        }
    }

    private static boolean isPlain(MultiMap headers) {
        return !headers.contains("") && (!headers.contains(HttpHeaders.TRANSFER_ENCODING) || isChunked(headers));
    }

    private static boolean isChunked(MultiMap headers) {
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
    }
}
