package megacomet.web;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionDecoder;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionEncoder;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.vertx.core.http.HttpConnection;
import java.util.zip.DataFormatException;

/**
 * Inflates what browsers send compressed on WebSockets (RFC 7692), within a bound. Vert.x sets none: a frame of 71 KB would become
 * 70 MiB before anybody could measure it.
 */
public final class Inflating {

    /** What Vert.x calls its handler that agrees on extensions. */
    private static final String HANDLER = "webSocketExtensionHandler";

    /** As Vert.x has it. */
    private static final int COMPRESSION_LEVEL = 6;

    private static final short INVALID_DATA = 1007;
    private static final short TOO_BIG = 1009;

    private Inflating() {}

    /**
     * Bounds what is inflated on a new connection of HTTP/1.1, if it offers compression at all.
     *
     * @param maxBytes to which a message may inflate; inflating stops there
     */
    public static void bound(HttpConnection connection, int maxBytes) {
        ChannelPipeline pipeline = Connections.pipeline(connection);
        if (pipeline.get(HANDLER) != null) {
            pipeline.replace(HANDLER, HANDLER, new WebSocketServerExtensionHandler(handshaker(maxBytes)));
        }
    }

    /** Returns what agrees on compression with a browser that offers it. */
    static WebSocketServerExtensionHandshaker handshaker(int maxBytes) {
        PerMessageDeflateServerExtensionHandshaker netty = new PerMessageDeflateServerExtensionHandshaker(
                COMPRESSION_LEVEL,
                ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                false,
                false,
                maxBytes);
        return offered -> {
            WebSocketServerExtension agreed = netty.handshakeExtension(offered);
            return agreed == null ? null : new Bounded(agreed, maxBytes);
        };
    }

    /** What was agreed on, but for how it is inflated. */
    private record Bounded(WebSocketServerExtension agreed, int maxBytes) implements WebSocketServerExtension {
        @Override
        public int rsv() {
            return agreed.rsv();
        }

        @Override
        public WebSocketExtensionEncoder newExtensionEncoder() {
            return agreed.newExtensionEncoder();
        }

        @Override
        public WebSocketExtensionDecoder newExtensionDecoder() {
            return new BoundedInflater(maxBytes);
        }

        @Override
        public WebSocketExtensionData newReponseData() {
            return agreed.newReponseData();
        }
    }

    /** Returns the code with which a WebSocket is closed (RFC 6455, section 7.4.1) whose frame could not be inflated. */
    public static short closeCode(DecompressionException failure) {
        return failure.getCause() instanceof DataFormatException ? INVALID_DATA : TOO_BIG;
    }
}
