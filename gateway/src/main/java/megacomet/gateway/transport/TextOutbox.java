package megacomet.gateway.transport;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;

/**
 * Writes text to a WebSocket and knows how much of it the kernel has not taken yet. Vert.x says that its queue is full only
 * when another 16 messages wait behind what netty took, whatever their size.
 *
 * <p>Belongs to the event loop of the WebSocket.
 */
public final class TextOutbox {

    /** When it is full. */
    static final int MAX_UNSENT_BYTES = 64 << 10;

    private final Vertx vertx;
    private final ServerWebSocket webSocket;
    private final Runnable drained;
    private int unsentBytes;
    private boolean isFull;

    /** @param drained is run when it was full and is half empty again; never while something is written */
    public TextOutbox(Vertx vertx, ServerWebSocket webSocket, Runnable drained) {
        this.vertx = vertx;
        this.webSocket = webSocket;
        this.drained = drained;
        webSocket.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
    }

    /** Writes a message, also when it is full: that nothing more is to be written then is the caller's to see to. */
    public void write(String text) {
        int bytes = text.length();
        unsentBytes += bytes;
        isFull |= unsentBytes >= MAX_UNSENT_BYTES;
        webSocket.writeFinalTextFrame(text).onComplete(sent -> {
            unsentBytes -= bytes;
            if (isFull && unsentBytes <= MAX_UNSENT_BYTES / 2) {
                isFull = false;
                vertx.runOnContext(later -> drained.run());
            }
        });
    }

    /** Whether so much waits that nothing more should be written. */
    public boolean isFull() {
        return isFull;
    }
}
