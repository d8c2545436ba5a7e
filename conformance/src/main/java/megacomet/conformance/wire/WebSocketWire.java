package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Messages as text frames of one socket, which opens with the first of them. */
public final class WebSocketWire implements Wire, WebSocket.Listener {

    /** Stands for the status of a socket that ended without one. */
    public static final int BROKEN = 1006;

    private final Http http;
    private final Outages outages;
    private final Map<String, String> headers;
    private final Inbox inbox;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final List<Pending> pending = new ArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private CompletableFuture<WebSocket> opened;
    private CompletableFuture<WebSocket> written;

    /** A transport message whose replies are awaited. */
    private static final class Pending {
        private final List<ObjectNode> unanswered;
        private final List<JsonNode> replies = new ArrayList<>();
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final long sentNs = System.nanoTime();

        private Pending(List<ObjectNode> requests) {
            unanswered = new ArrayList<>(requests);
        }

        /** Takes the message if it answers one of the requests: the very one by id, or without an id the first of its channel. */
        private boolean take(JsonNode message) {
            for (Iterator<ObjectNode> each = unanswered.iterator(); each.hasNext(); ) {
                ObjectNode request = each.next();
                boolean nameless = !message.has("id") && request.path("channel").equals(message.path("channel"));
                if (Replies.answers(message, request) || nameless) {
                    each.remove();
                    replies.add(message);
                    return true;
                }
            }
            return false;
        }
    }

    public WebSocketWire(Http http, Outages outages, Map<String, String> headers, Inbox inbox) {
        this.http = http;
        this.outages = outages;
        this.headers = headers;
        this.inbox = inbox;
    }

    @Override
    public Transport transport() {
        return Transport.WEBSOCKET;
    }

    /** Opens the socket if it is not open yet; fails with what the upgrade was refused with. */
    public synchronized CompletableFuture<WebSocket> open() {
        if (opened == null) {
            URI url = http.endpoints().nextSocket();
            WebSocket.Builder builder = http.client().newWebSocketBuilder();
            headers.forEach(builder::header);
            Transcript.Entry entry = http.transcript().began("open " + url, headers.toString());
            opened = builder.buildAsync(url, this)
                    .orTimeout(http.patienceMs(), TimeUnit.MILLISECONDS)
                    .whenComplete((socket, failure) -> {
                        entry.answered(failure == null ? "101, it is open" : "refused: " + failure);
                        if (failure != null && failure.getCause() instanceof ConnectException) {
                            outages.notice();
                        }
                    });
            written = opened;
        }
        return opened;
    }

    @Override
    public CompletableFuture<Answer> send(String text, List<ObjectNode> requests) {
        Pending waiting = new Pending(requests);
        synchronized (this) {
            pending.add(waiting);
        }
        http.transcript().began("frame to the server", text);
        write(socket -> socket.sendText(text, true)).whenComplete((socket, failure) -> {
            if (failure != null) {
                waiting.answer.completeExceptionally(failure.getCause() == null ? failure : failure.getCause());
            }
        });
        return waiting.answer
                .orTimeout(http.patienceMs(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> forget(waiting));
    }

    public void sendBinary(byte[] bytes) {
        http.transcript().began("binary frame to the server", bytes.length + " bytes");
        write(socket -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    /** Sends text to which no reply belongs. */
    public void sendText(String text) {
        http.transcript().began("frame to the server", text);
        write(socket -> socket.sendText(text, true));
    }

    /** The next frame that came, or null when none came in time. */
    public String nextFrame(long waitMs) throws InterruptedException {
        return frames.poll(waitMs, TimeUnit.MILLISECONDS);
    }

    /** The status with which the socket was closed, once it is, or {@link #BROKEN}. */
    public CompletableFuture<Integer> closed() {
        return closed;
    }

    private synchronized CompletableFuture<WebSocket> write(Function<WebSocket, CompletionStage<WebSocket>> writing) {
        open();
        written = written.thenCompose(writing);
        return written;
    }

    private synchronized void forget(Pending waiting) {
        pending.remove(waiting);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            String frame = partial.toString();
            partial.setLength(0);
            http.transcript().happened("frame from the server", frame);
            frames.add(frame);
            Json.messages(frame).forEach(this::came);
        }
        socket.request(1);
        return null;
    }

    private void came(JsonNode message) {
        List<Pending> done = new ArrayList<>();
        boolean taken = false;
        if (Replies.isReply(message)) {
            synchronized (this) {
                for (Pending each : pending) {
                    if (!taken && each.take(message)) {
                        taken = true;
                        if (each.unanswered.isEmpty()) {
                            done.add(each);
                        }
                    }
                }
            }
        } else {
            inbox.add(message);
        }
        for (Pending each : done) {
            each.answer.complete(Answer.ofFrames(each.replies, (System.nanoTime() - each.sentNs) / 1_000_000));
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
        ended("closed by the server: " + statusCode + " " + reason, statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended("the socket broke: " + error, BROKEN);
    }

    private void ended(String how, int statusCode) {
        http.transcript().happened("end of the socket", how);
        closed.complete(statusCode);
        List<Pending> lost;
        synchronized (this) {
            lost = new ArrayList<>(pending);
        }
        lost.forEach(each -> each.answer.completeExceptionally(new IOException("the socket was " + how)));
    }

    @Override
    public void close() {
        CompletableFuture<WebSocket> socket;
        synchronized (this) {
            socket = opened;
        }
        if (socket != null) {
            socket.thenAccept(WebSocket::abort);
        }
    }
}
