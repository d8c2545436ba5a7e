package megacomet.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import java.util.Map;
import megacomet.fuzz.Holds;

/** Compressed frames of a WebSocket: whatever they say, they inflate to a message at most. */
public final class InflateFuzz {

    private static final int MAX_BYTES = 72 << 10;

    private InflateFuzz() {}

    public static void inflate(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(Inflating.handshaker(MAX_BYTES)
                .handshakeExtension(new WebSocketExtensionData("permessage-deflate", Map.of()))
                .newExtensionDecoder());
        try {
            channel.writeInbound(new TextWebSocketFrame(true, WebSocketExtension.RSV1, Unpooled.wrappedBuffer(bytes)));
        } catch (CodecException refused) {
            // The socket is closed for it.
        }
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            Holds.that(frame.content().readableBytes() <= MAX_BYTES, "it inflates within the bound");
            frame.release();
        }
        channel.finishAndReleaseAll();
    }
}
