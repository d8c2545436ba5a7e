package megacomet.gateway.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import megacomet.web.Problem;
import megacomet.web.Utf8;

/** Puts what a browser sends on a WebSocket together, from frames to messages of text, within a bound. */
public final class TextFrames {

    private static final short UNSUPPORTED_DATA = 1003;
    private static final short INVALID_DATA = 1007;
    private static final short TOO_BIG = 1009;

    private final int maxBytes;
    private final Listener listener;
    /** Of a message whose frames have not all come; else null. */
    private Buffer parts;

    /** Is told what came. */
    public interface Listener {
        /** A message is whole. */
        void heard(String text);

        /** What came cannot be one; the socket is to be closed. */
        void refused(short closeCode, String why);
    }

    /** @param maxBytes of one message */
    public TextFrames(int maxBytes, Listener listener) {
        this.maxBytes = maxBytes;
        this.listener = listener;
    }

    /** Takes the next frame. */
    public void take(WebSocketFrame frame) {
        if (frame.isBinary()) {
            listener.refused(UNSUPPORTED_DATA, "text only");
        } else if (frame.isText() || frame.isContinuation()) {
            gather(frame);
        }
    }

    private void gather(WebSocketFrame frame) {
        Buffer part = frame.binaryData();
        if ((parts == null ? 0 : parts.length()) + part.length() > maxBytes) {
            parts = null;
            listener.refused(TOO_BIG, "at most " + maxBytes + " bytes");
        } else if (!frame.isFinal()) {
            parts = (parts == null ? Buffer.buffer() : parts).appendBuffer(part);
        } else {
            byte[] whole = (parts == null ? part : parts.appendBuffer(part)).getBytes();
            parts = null;
            tell(whole);
        }
    }

    private void tell(byte[] whole) {
        String text;
        try {
            text = Utf8.decode(whole);
        } catch (Problem broken) {
            listener.refused(INVALID_DATA, broken.code().word());
            return;
        }
        listener.heard(text);
    }

    /** Returns JSON as it goes into a frame of text. */
    public static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
