package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import megacomet.gateway.transport.LastAnswer;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.model.Transport;
import megacomet.redis.Sessions.Browser;
import megacomet.redis.Sessions.Connected;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.Unsent;

/** A client that sent a request and waits for its response: in JSON, or as a script. */
final class HttpPeer implements Peer {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json;charset=UTF-8");
    private static final CharSequence SCRIPT = HttpHeaders.createOptimized("text/javascript; charset=utf-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final int REQUEST_TIMEOUT = 408;

    private final BayeuxTransport transport;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final Browser browser;
    private final String callback;
    private final boolean isSecure;
    private final String address;
    private final boolean isHttp2;
    private PolledHold held;
    private boolean isOver;
    private boolean isDismissed;

    /** @param callback of a script; null for JSON */
    HttpPeer(BayeuxTransport transport, HttpServerRequest request, String callback) {
        this.transport = transport;
        this.response = request.response();
        this.connection = request.connection();
        this.callback = callback;
        this.browser = transport.browserOf(request);
        this.isSecure = transport.isSecure(request);
        this.address = transport.addressOf(request);
        this.isHttp2 = request.version() == HttpVersion.HTTP_2;
        response.closeHandler(closed -> close());
        transport.connections.waits(request);
        // Nobody reads them any more, and they are a kilobyte for as long as a connect is held.
        request.headers().clear();
    }

    private void close() {
        if (!isOver) {
            isOver = true;
            transport.connections.abandoned(connection);
            if (held != null) {
                held.leave();
            }
        }
    }

    @Override
    public Transport transport() {
        return callback == null ? Transport.BAYEUX_LONG_POLLING : Transport.BAYEUX_CALLBACK_POLLING;
    }

    @Override
    public Browser browser() {
        return browser;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void lives() {
        transport.protocol.knows(browser); // A connection's own life is measured by its requests.
    }

    @Override
    public void lacksCookie() {
        // The reply says all there is to say: the next request may bring it.
    }

    @Override
    public boolean isGone() {
        return isOver;
    }

    @Override
    public boolean isPushing() {
        return false;
    }

    @Override
    public boolean isScarce() {
        return !isHttp2 && !browser.hash().isEmpty() && transport.options.maxSessionsPerBrowser() >= 0;
    }

    @Override
    public void holds(PolledHold connect) {
        held = connect;
    }

    @Override
    public void frees(PolledHold connect) {
        held = null;
    }

    @Override
    public void write(List<Message> messages, List<ObjectNode> replies) {
        if (!end()) {
            return;
        }
        byte[] body = callback == null
                ? transport.deliveries.encode(messages, replies)
                : transport.deliveries.encodeForScript(messages, replies, callback);
        if (transport.unsent.refuses(body.length)) { // as if it were lost on its way
            ProblemAnswers.answer(response, Unsent.refusal());
            return;
        }
        transport.told(replies, connection);
        boolean hasBegun = replies.stream().anyMatch(HttpPeer::isBeginning);
        boolean isCrossSite = BayeuxTransport.allowCredentials(response);
        if (hasBegun && browser.hash().isEmpty()) {
            response.putHeader(HttpHeaders.SET_COOKIE, BrowserCookie.setNew(isSecure, isCrossSite));
        }
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE).putHeader("x-content-type-options", NOSNIFF);
        if (isDismissed) {
            LastAnswer.announce(response);
        }
        if (callback == null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(Buffer.buffer(body));
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, SCRIPT)
                    .putHeader("content-disposition", "attachment; filename=f.txt")
                    .putHeader("cross-origin-resource-policy", "cross-origin")
                    .end(Buffer.buffer(body));
        }
        if (isDismissed) {
            LastAnswer.close(response, connection);
        }
    }

    @Override
    public void dismiss() {
        isDismissed = true;
    }

    private static boolean isBeginning(ObjectNode reply) {
        return reply.path("channel").asText().equals(Channel.HANDSHAKE)
                && reply.path("successful").asBoolean();
    }

    /** An empty response, which no client takes for a reply. */
    @Override
    public void overtaken() {
        if (end()) {
            response.setStatusCode(REQUEST_TIMEOUT).end();
        }
    }

    @Override
    public void tooOften(long retryAfterMs) {
        if (end()) {
            Problem problem = Problem.later(ErrorCode.POLLING_TOO_FAST, retryAfterMs, null);
            transport.refused(problem, connection);
            ProblemAnswers.answer(response, problem);
        }
    }

    private boolean end() {
        if (isOver) {
            return false;
        }
        isOver = true;
        held = null;
        transport.connections.answered(connection);
        return true;
    }

    @Override
    public boolean isPushingTo(ClientId client) {
        return false;
    }

    @Override
    public void push(ClientId client, Visitor visitor, Connected session) {
        throw new IllegalStateException("it pushes nothing");
    }

    @Override
    public void beat(ClientId client, BayeuxMessage message, ObjectNode reply, long receivedMs, long timeoutMs) {
        throw new IllegalStateException("it pushes nothing");
    }
}
