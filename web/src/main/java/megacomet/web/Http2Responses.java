package megacomet.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * The responses on a connection of HTTP/2 that have ended and that the browser has not taken. They wait for its windows
 * (RFC 9113, section 5.2), where the channel does not see them; so they are counted here, each with all its bytes until its
 * last is sent. Streams are bounded where they are written.
 *
 * <p>Requests that come while they are too many wait as well. Belongs to the connection's event loop.
 */
final class Http2Responses extends Http2ConnectionAdapter {

    /** With so much unsent no further request is served: as many large answers as a window of that size lets through. */
    static final long MAX_BYTES = 256 << 10;

    /** What counts of a response without a length: it was streamed, and was not written further ahead than so. */
    private static final long STREAMED_BYTES = 64 << 10;

    private final Channel channel;
    private final Http2Connection connection;
    private final Http2RemoteFlowController flow;
    private final List<Response> responses = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private record Response(int stream, long bytes) {}

    /** Watches a connection. */
    Http2Responses(Channel channel, Http2ConnectionHandler handler) {
        this.channel = channel;
        this.connection = handler.connection();
        this.flow = handler.encoder().flowController();
        connection.addListener(this);
    }

    /** A response has ended; it counts until its last frame is sent. */
    void add(HttpServerResponse response) {
        responses.add(new Response(response.streamId(), bytesOf(response)));
    }

    /** All is sent, or was given up. */
    @Override
    public void onStreamClosed(Http2Stream closed) {
        responses.removeIf(response -> response.stream == closed.id());
        if (!waiting.isEmpty()) {
            channel.eventLoop().execute(this::letOn);
        }
    }

    private static long bytesOf(HttpServerResponse response) {
        String length = response.headers().get(HttpHeaders.CONTENT_LENGTH);
        return length == null ? Math.min(STREAMED_BYTES, response.bytesWritten()) : Long.parseLong(length);
    }

    /** With its last frame a stream is closed on our side. */
    private boolean isUnsent(Response response) {
        Http2Stream stream = connection.stream(response.stream);
        return stream != null && stream.state().localSideOpen();
    }

    /** How much is unsent, now. */
    long unsentBytes() {
        responses.removeIf(response -> !isUnsent(response));
        return responses.stream().mapToLong(Response::bytes).sum();
    }

    /** A number that is another when the browser has let something through. */
    long mark() {
        long mark = flow.windowSize(connection.connectionStream());
        for (Response response : responses) {
            Http2Stream stream = connection.stream(response.stream);
            mark = 31 * mark + (stream == null ? 0 : flow.windowSize(stream));
        }
        return mark;
    }

    /** Whether a request that comes now may be served. */
    boolean isFree() {
        return waiting.isEmpty() && hasRoom();
    }

    private boolean hasRoom() {
        return channel.isWritable() && (responses.isEmpty() || unsentBytes() <= MAX_BYTES);
    }

    /** Keeps a request until it may be. */
    void keep(Runnable request) {
        waiting.add(Objects.requireNonNull(request));
    }

    /** Lets those go on that may. */
    void letOn() {
        while (!waiting.isEmpty() && hasRoom()) {
            waiting.poll().run();
        }
    }
}
