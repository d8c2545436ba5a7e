package megacomet.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Lets nothing through that Vert.x takes for a request although another might read it differently. Refused are
 *
 * <ul>
 *   <li>of HTTP/1: a header without a name (RFC 9112, section 5); a transfer coding other than chunked, or any in HTTP/1.0 (section 6.1);
 *       several hosts, a host that cannot be one, and none in HTTP/1.1 (section 3.2). The connection is closed, and what came behind
 *       the request is not taken for another;
 *   <li>of HTTP/2: a value with a character that could end a line elsewhere (RFC 9113, section 8.2.1); a target with one; no authority
 *       or several hosts (section 8.3.1). The stream is reset.
 * </ul>
 *
 * <p>Belongs to the event loop of its server.
 */
final class Framing implements Handler<HttpServerRequest> {

    /** RFC 9113, section 8.1.1. */
    private static final long PROTOCOL_ERROR = 1;

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
        if (request.version() == HttpVersion.HTTP_2) {
            handleHttp2(request);
        } else if (isPlain(request.headers(), request.version() == HttpVersion.HTTP_1_0)) {
            next.handle(request);
        } else {
            refused.add(request.connection());
            ProblemAnswers.unreadable(request);
        }
    }

    private static boolean isPlain(MultiMap headers, boolean isOfHttp10) {
        return !headers.contains("")
                && (!headers.contains(HttpHeaders.TRANSFER_ENCODING) || !isOfHttp10 && isChunked(headers))
                && hasGoodHost(headers, isOfHttp10);
    }

    private static boolean isChunked(MultiMap headers) {
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        return codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
    }

    private static boolean hasGoodHost(MultiMap headers, boolean mayHaveNone) {
        List<String> hosts = headers.getAll(HttpHeaders.HOST);
        return hosts.isEmpty() ? mayHaveNone : hosts.size() == 1 && Syntax.isHost(hosts.get(0));
    }

    private void handleHttp2(HttpServerRequest request) {
        if (isWellFormed(request)) {
            next.handle(request);
        } else {
            ProblemAnswers.answer(request.response(), Problem.of(ErrorCode.INVALID_REQUEST));
            Vertx.currentContext().runOnContext(answered -> request.response().reset(PROTOCOL_ERROR));
        }
    }

    private static boolean isWellFormed(HttpServerRequest request) {
        for (Map.Entry<String, String> header : request.headers()) {
            if (!Syntax.isValue(header.getValue())) {
                return false;
            }
        }
        HostAndPort authority = request.authority();
        return authority != null
                && Syntax.isHost(authority.toString())
                && request.headers().getAll(HttpHeaders.HOST).size() <= 1
                && Syntax.isTarget(request.uri());
    }
}
