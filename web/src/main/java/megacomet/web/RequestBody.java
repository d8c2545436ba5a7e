package megacomet.web;

import io.vertx.core.buffer.Buffer;

/** A request's body that has come as a whole. Its bytes count among the process's {@link Bodies} until it is closed. */
public final class RequestBody implements AutoCloseable {

    private final Buffer buffer;
    private final Bodies bodies;
    private int counted;

    /** @param counted how many of its bytes are counted */
    RequestBody(Buffer buffer, Bodies bodies, int counted) {
        this.buffer = buffer;
        this.bodies = bodies;
        this.counted = counted;
    }

    /** The bytes; empty if the request has no body. */
    public Buffer buffer() {
        return buffer;
    }

    /** What it asked for is done, and nobody keeps its bytes. Only the first call does anything. */
    @Override
    public void close() {
        bodies.give(counted);
        counted = 0;
    }
}
