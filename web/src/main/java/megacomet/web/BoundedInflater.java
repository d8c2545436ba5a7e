package megacomet.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionDecoder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the messages of one WebSocket (RFC 7692, section 7.2.2), each to so many bytes at most, whatever number of frames it comes in.
 * Netty's own would bound each frame; and after one that is broken it keeps the connection's end from those who count connections.
 */
final class BoundedInflater extends WebSocketExtensionDecoder {

    /** What a sender takes off the end of each message. */
    private static final byte[] TAIL = {0, 0, -1, -1};

    private static final int BUFFER_BYTES = 4 << 10;

    private final int maxBytes;
    private final Inflater inflater = new Inflater(true);
    /** Whether the message of which frames come is compressed. */
    private boolean isInflating;

    /** Of that message. */
    private int inflatedBytes;

    BoundedInflater(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean acceptInboundMessage(Object message) {
        if (message instanceof ContinuationWebSocketFrame) {
            return isInflating;
        }
        return (message instanceof TextWebSocketFrame || message instanceof BinaryWebSocketFrame)
                && (((WebSocketFrame) message).rsv() & WebSocketExtension.RSV1) != 0;
    }

    @Override
    protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
        ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        inflate(ByteBufUtil.getBytes(frame.content()), inflated);
        isInflating = !frame.isFinalFragment();
        if (frame.isFinalFragment()) {
            inflate(TAIL, inflated);
            inflatedBytes = 0;
        }
        ByteBuf content = Unpooled.wrappedBuffer(inflated.toByteArray());
        int rsv = frame.rsv() & ~WebSocketExtension.RSV1;
        if (frame instanceof TextWebSocketFrame) {
            out.add(new TextWebSocketFrame(frame.isFinalFragment(), rsv, content));
        } else if (frame instanceof BinaryWebSocketFrame) {
            out.add(new BinaryWebSocketFrame(frame.isFinalFragment(), rsv, content));
        } else {
            out.add(new ContinuationWebSocketFrame(frame.isFinalFragment(), rsv, content));
        }
    }

    private void inflate(byte[] deflated, ByteArrayOutputStream out) {
        byte[] buffer = new byte[BUFFER_BYTES];
        inflater.setInput(deflated);
        try {
            while (true) {
                int length = inflater.inflate(buffer);
                inflatedBytes += length;
                if (inflatedBytes > maxBytes) {
                    throw new DecompressionException("It inflates to more than " + maxBytes + " bytes.");
                }
                out.write(buffer, 0, length);
                if (inflater.finished()) { // A sender may end a stream, and begin another (section 7.2.3.5).
                    int left = inflater.getRemaining();
                    inflater.reset();
                    inflater.setInput(deflated, deflated.length - left, left);
                } else if (inflater.needsDictionary() || length == 0) {
                    return;
                }
            }
        } catch (DataFormatException broken) {
            throw new DecompressionException("It does not inflate.", broken);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        inflater.end();
    }
}
