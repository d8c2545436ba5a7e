package megacomet.gateway.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import megacomet.web.Bodies;
import megacomet.web.Problem;
import megacomet.web.Utf8;

/**
 * Puts what a browser sends on a WebSocket together, from frames to messages of text, within a bound. The frames of a message that is
 * not whole yet count among the process's {@link Bodies}.
 */
public final class TextFrames {

    private static final short UNSUPPORTED_DATA = 1003;
    private static final short INVALID_DATA = 1007;
    private static final short TOO_BIG = 1009;

    /** Registered with IANA after RFC 6455. */
    private static final short TRY_AGAIN_LATER = 1013;

    private final int maxBytes;
    private final Bodies bodies;
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
    public TextFrames(int maxBytes, Bodies bodies, Listener listener) {
        this.maxBytes = maxBytes;
        this.bodies = bodies;
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
            close();
            listener.refused(TOO_BIG, "at most " + maxBytes + " bytes");
        } else if (frame.isFinal() && parts == null) {
            tell(part.getBytes());
        } else if (!bodies.take(part.length(), false)) {
            close();
            listener.refused(TRY_AGAIN_LATER, "too much is under way");
        } else {
            parts = (parts == null ? Buffer.buffer() : parts).appendBuffer(part);
            if (frame.isFinal()) {
                byte[] whole = parts.getBytes();
                close();
                tell(whole);
            }
        }
    }

    /** Nothing more comes: forgets what was not whole. */
    public void close() {
        if (parts != null) {
            bodies.give(parts.length());
            parts = null;
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
