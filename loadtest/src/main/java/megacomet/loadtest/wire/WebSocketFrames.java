package megacomet.loadtest.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The frames of RFC 6455, as far as a client needs them. Ours are masked with zeros: the mask protects proxies from what
 * scripts may send, which is no danger here, and so the bytes need no work.
 */
public final class WebSocketFrames {

    public static final int TEXT = 1;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int MAX_MESSAGE_BYTES = 8 << 20;
    private static final int CONTINUATION = 0;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int NO_MASK = 0;

    private WebSocketFrames() {}

    /**
     * A whole message that came.
     *
     * @param opcode {@link #TEXT}, {@link #CLOSE}, {@link #PING}, {@link #PONG} or 2 (binary)
     * @param payload its bytes
     */
    public record Message(int opcode, byte[] payload) {}

    /**
     * Takes the next whole message off the reader, or returns null if none is there yet. Fragments are put together; a
     * control frame between them, which the protocol would allow, is not understood.
     */
    public static Message next(ResponseReader reader) {
        byte[] bytes = reader.bytes();
        int at = reader.bodyStart();
        int end = reader.bodyEnd();
        int opcode = -1;
        byte[] payload = new byte[0];
        while (end - at >= 2) {
            boolean isFinal = (bytes[at] & FINAL) != 0;
            int code = bytes[at] & 0x0f;
            long length = bytes[at + 1] & 0x7f;
            int head = length == 127 ? 10 : length == 126 ? 4 : 2;
            if ((bytes[at + 1] & MASKED) != 0) {
                throw new MalformedResponse("a masked frame from a server");
            }
            if (end - at < head) {
                return null;
            }
            if (head > 2) {
                length = 0;
                for (int i = 2; i < head; i++) {
                    length = length << 8 | bytes[at + i] & 0xff;
                }
            }
            if (length < 0 || length + payload.length > MAX_MESSAGE_BYTES) {
                throw new MalformedResponse("a message beyond " + MAX_MESSAGE_BYTES + " bytes");
            }
            if (end - at - head < length) {
                return null;
            }
            if (opcode >= 0 && code != CONTINUATION) {
                throw new MalformedResponse("a frame between the fragments of another");
            }
            int size = payload.length;
            payload = Arrays.copyOf(payload, size + (int) length);
            System.arraycopy(bytes, at + head, payload, size, (int) length);
            at += head + (int) length;
            opcode = opcode < 0 ? code : opcode;
            if (isFinal) {
                reader.discard(at - reader.bodyStart());
                return new Message(opcode, payload);
            }
        }
        return null;
    }

    /** Appends a frame of a client. */
    public static void write(int opcode, byte[] payload, ByteBuf out) {
        out.writeByte(FINAL | opcode);
        if (payload.length < 126) {
            out.writeByte(MASKED | payload.length);
        } else if (payload.length < 1 << 16) {
            out.writeByte(MASKED | 126).writeShort(payload.length);
        } else {
            out.writeByte(MASKED | 127).writeLong(payload.length);
        }
        out.writeInt(NO_MASK).writeBytes(payload);
    }
}
