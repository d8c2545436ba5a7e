package megacomet.web;

import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpResponseEncoder;

/**
 * What makes requests of a connection's bytes for Vert.x, and bytes of its responses. A connection that does without is
 * smaller by it. Of HTTP/1.1.
 */
public final class HttpCodec {

    /** What its first handler is called. */
    public static final String FIRST = "httpDecoder"; // as Vert.x looks for it

    /** The same for every server. */
    private static final HttpServerOptions LIMITS = new HttpServerOptions()
            .setMaxInitialLineLength(Listen.MAX_LINE_BYTES)
            .setMaxHeaderSize(Listen.MAX_HEADER_BYTES);

    private static final String ENCODER = "httpEncoder";

    /** Has a new connection read requests by a {@link RequestDecoder}; one of HTTP/2 has no use for it. */
    static void harden(HttpConnection connection) {
        ChannelPipeline pipeline = Connections.pipeline(connection);
        if (pipeline.get(FIRST) != null) {
            pipeline.replace(FIRST, FIRST, new RequestDecoder(LIMITS));
        }
    }

    /** Whether the connection has it; one of HTTP/2 has another. */
    public boolean isOn(ChannelPipeline pipeline) {
        return pipeline.get(FIRST) != null;
    }

    /** Takes it off a connection of which nothing was read yet. */
    public void takeOff(ChannelPipeline pipeline) {
        pipeline.remove(FIRST);
        pipeline.remove(ENCODER);
    }

    /** Puts it on, behind a handler of that name, unless it is there. */
    public void putOn(ChannelPipeline pipeline, String behind) {
        if (!isOn(pipeline)) {
            pipeline.addAfter(behind, FIRST, new RequestDecoder(LIMITS));
            pipeline.addAfter(FIRST, ENCODER, new VertxHttpResponseEncoder());
        }
    }
}
