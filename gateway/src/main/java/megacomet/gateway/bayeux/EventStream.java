package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.gateway.hold.EndReason;
import megacomet.gateway.transport.LastAnswer;
import megacomet.gateway.transport.StreamEnd;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Transport;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Connect;
import megacomet.redis.Sessions.Connected;
import megacomet.redis.Sessions.Push;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;

/**
 * A response that never ends, into which a session is pushed messages: {@code GET <endpoint>/<clientId>}. As events it is
 * Faye's {@code eventsource}. As a document of scripts, each of which calls a function of the page around it, it is the
 * {@code iframe} that was proposed in 2007: for pages whose browsers or proxies let nothing else through.
 *
 * <p>The document calls a function that its address names. So it is of use in a frame of a page of the same origin alone: others
 * may not frame it, and as a page of its own it calls nothing.
 */
final class EventStream implements PushedHold.Sink {

    private static final int MAX_UNSENT_BYTES = 64 << 10;

    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final Buffer HEARTBEAT_OF_DOCUMENT = Buffer.buffer("<!-- -->\n");

    /** Browsers show nothing of a document before there is so much of it. */
    private static final String PADDING = "<!--" + " ".repeat(1_024) + "-->";

    private static final String DOCUMENT_POLICY =
            "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'self'";

    /** Before the function's name. Where nothing is around the document, its parent is itself. */
    private static final String CALL = "parent!==window&&parent.";

    private final BayeuxTransport transport;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final boolean isHttp2;
    /** Of a document of scripts; null for events. */
    private final String callback;

    private PushedHold pushed;
    private boolean isOver;

    EventStream(BayeuxTransport transport, HttpServerRequest request, String callback) {
        this.transport = transport;
        this.response = request.response();
        this.connection = request.connection();
        this.isHttp2 = request.version() == HttpVersion.HTTP_2;
        this.callback = callback;
        response.closeHandler(closed -> close());
        response.exceptionHandler(broken -> {}); // The close handler is called as well.
        response.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
        response.drainHandler(drained -> {
            if (pushed != null) {
                pushed.isWritableAgain();
            }
        });
        transport.connections.waits(request);
    }

    private void close() {
        if (!isOver) {
            isOver = true;
            transport.connections.abandoned(connection);
            if (pushed != null) {
                pushed.leave();
            }
        }
    }

    /** Pushes messages to a session, if it is this browser's. */
    void open(ClientId client, HttpServerRequest request) {
        BayeuxOptions options = transport.options;
        long lifeMs = options.timeoutMs() + options.silentMs();
        Connect connect = new Connect("", false, null, Push.BY_NEW_STREAM, lifeMs, lifeMs);
        transport
                .sessions
                .connect(client, transport.browserOf(request), connect, 0)
                .onSuccess(session -> opened(client, session))
                .onFailure(failure -> refuse(
                        failure instanceof Sessions.CookieMissing
                                ? Problem.of(ErrorCode.NOT_FOUND)
                                : Problem.later(ErrorCode.REDIS_UNAVAILABLE, Connects.RETRY_AFTER_MS, failure)));
        // Nobody reads them any more, and they are a kilobyte for as long as the stream lasts.
        request.headers().clear();
    }

    private void opened(ClientId client, Connected session) {
        Visitor visitor = session == null ? null : transport.protocol.visitor(session.who());
        if (visitor == null || session.isAcking()) {
            // A session that acknowledges gets its messages with connects alone.
            refuse(Problem.of(ErrorCode.NOT_FOUND));
            return;
        }
        if (isOver) {
            return;
        }
        BayeuxTransport.allowCredentials(response);
        response.setChunked(true)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                .putHeader("x-accel-buffering", "no")
                .putHeader("x-content-type-options", "nosniff");
        if (callback == null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream").write(HEARTBEAT);
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                    .putHeader("content-security-policy", DOCUMENT_POLICY)
                    .putHeader("x-frame-options", "SAMEORIGIN")
                    .write("<!DOCTYPE html><meta charset=\"utf-8\">" + PADDING + "\n");
        }
        pushed = new PushedHold(transport.room, transport.positions, this, client, session.n());
        pushed.seat(callback == null ? Transport.BAYEUX_EVENTSOURCE : Transport.BAYEUX_IFRAME, visitor, session);
    }

    private void refuse(Problem problem) {
        if (!isOver) {
            isOver = true;
            transport.connections.answered(connection);
            transport.refused(problem, connection);
            ProblemAnswers.answer(response, problem);
        }
    }

    @Override
    public void push(List<Message> messages, List<ObjectNode> others) {
        if (isOver) {
            return;
        }
        if (callback == null) {
            response.write(Buffer.buffer("data: ")
                    .appendBytes(transport.deliveries.encode(messages, others))
                    .appendString("\n\n"));
        } else {
            byte[] call = transport.deliveries.encodeForScript(messages, others, CALL + callback);
            response.write(Buffer.buffer("<script>").appendBytes(call).appendString("</script>\n"));
        }
    }

    @Override
    public void over(EndReason why, long retryAfterMs) {
        if (isOver) {
            return;
        }
        isOver = true;
        transport.connections.answered(connection);
        if (callback == null && retryAfterMs > 0) {
            response.write(Buffer.buffer(("retry: " + retryAfterMs + "\n\n").getBytes(StandardCharsets.US_ASCII)));
        }
        StreamEnd.write(transport.vertx, response, connection, isHttp2);
        if (why == EndReason.DRAINING) {
            LastAnswer.close(response, connection);
        }
    }

    @Override
    public boolean isWritable() {
        return isOver || !response.writeQueueFull();
    }

    /** A stream of a session that has given no sign of life for so long is over with it. */
    @Override
    public void heartbeat() {
        if (!isOver) {
            response.write(callback == null ? HEARTBEAT : HEARTBEAT_OF_DOCUMENT);
            endIfSessionIsGone();
        }
    }

    private void endIfSessionIsGone() {
        transport.sessions.isThere(pushed.client).onSuccess(isThere -> {
            if (!isThere && !isOver) {
                over(EndReason.GONE, 0);
                pushed.leave();
            }
        });
    }
}
