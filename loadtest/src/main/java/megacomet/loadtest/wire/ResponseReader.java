package megacomet.loadtest.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads one HTTP/1.1 response from bytes that come in any portions: by {@code Content-Length}, in chunks, until the
 * connection ends, or (status 101) as another protocol's bytes for ever.
 *
 * <p>A browser has one only while a response is on its way. The one who reads a stream takes what it understands off the
 * body ({@link #discard}) and leaves the rest for the next portion; a stream that is at rest keeps no bytes here.
 */
public final class ResponseReader {

    private static final int MAX_HEAD_BYTES = 16 << 10;
    private static final int MAX_BODY_BYTES = 8 << 20;
    private static final int MAX_CHUNK_LINE = 256;
    private static final int FIRST_BYTES = 512;

    /** A buffer larger than this is not kept for the next response. */
    private static final int KEPT_BYTES = 4 << 10;

    private static final byte[] NOTHING = new byte[0];

    private enum State {
        HEAD,
        LENGTH,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE,
        UPGRADED,
        COMPLETE
    }

    private State state = State.HEAD;
    private byte[] bytes = NOTHING;
    private int headLength;
    private int length;
    private int remaining;

    /** In a chunk's size or a trailer: how many characters of the line have come. */
    private int lineLength;

    private boolean isInExtension;
    private short status;
    private boolean endsConnection;

    /**
     * Takes bytes, up to the end of the response and no further.
     *
     * @return whether the response is complete
     * @throws MalformedResponse if it is none; the connection is of no use then
     */
    public boolean read(ByteBuf in) {
        while (state != State.COMPLETE && in.isReadable()) {
            switch (state) {
                case HEAD -> readHead(in);
                case LENGTH -> {
                    take(in, Math.min(remaining, in.readableBytes()));
                    if (remaining == 0) {
                        state = State.COMPLETE;
                    }
                }
                case CHUNK_SIZE -> readChunkSize(in.readByte());
                case CHUNK_DATA -> {
                    take(in, Math.min(remaining, in.readableBytes()));
                    if (remaining == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case CHUNK_END -> readChunkEnd(in.readByte());
                case TRAILER -> readTrailer(in.readByte());
                default -> take(in, in.readableBytes());
            }
        }
        return state == State.COMPLETE;
    }

    /** The connection has ended: whether that completes the response. */
    public boolean end() {
        if (state == State.UNTIL_CLOSE) {
            state = State.COMPLETE;
        }
        return state == State.COMPLETE;
    }

    /** Makes it ready for the next response. */
    public void reset() {
        state = State.HEAD;
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
        headLength = 0;
        length = 0;
        remaining = 0;
        status = 0;
        endsConnection = false;
    }

    /** Whether status and headers are there. */
    public boolean isHeadComplete() {
        return state != State.HEAD;
    }

    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    public int status() {
        return status;
    }

    /** Whether no other response will come over this connection. */
    public boolean endsConnection() {
        return endsConnection;
    }

    /** A header's value, or null; also null once a part of the body has been discarded. */
    public String header(String name) {
        String head = new String(bytes, 0, headLength, StandardCharsets.ISO_8859_1);
        String opening = "\n" + name.toLowerCase(Locale.ROOT) + ":";
        int at = head.toLowerCase(Locale.ROOT).indexOf(opening);
        if (at < 0) {
            return null;
        }
        int start = at + opening.length();
        return head.substring(start, head.indexOf('\n', start)).strip();
    }

    /** Where {@link #bodyStart} and {@link #bodyEnd} point. Good until the next call that takes or discards bytes. */
    public byte[] bytes() {
        return bytes;
    }

    public int bodyStart() {
        return headLength;
    }

    public int bodyEnd() {
        return length;
    }

    /** The body that is there. */
    public String body() {
        return new String(bytes, headLength, length - headLength, StandardCharsets.UTF_8);
    }

    /** Takes the first bytes off the body, and forgets the headers. */
    public void discard(int count) {
        int kept = length - headLength - count;
        if (kept == 0) {
            bytes = NOTHING;
        } else {
            System.arraycopy(bytes, headLength + count, bytes, 0, kept);
        }
        headLength = 0;
        length = kept;
    }

    // ---- head

    private void readHead(ByteBuf in) {
        while (in.isReadable()) {
            if (length == MAX_HEAD_BYTES) {
                throw new MalformedResponse("response headers beyond " + MAX_HEAD_BYTES + " bytes");
            }
            ensure(1);
            byte b = in.readByte();
            bytes[length++] = b;
            if (b == '\n' && isBlankLine()) {
                headLength = length;
                readStatus();
                if (status >= 200 || status == 101) {
                    chooseBody();
                    return;
                }
                headLength = 0; // 100 and 103 only announce the response.
                length = 0;
            }
        }
    }

    private boolean isBlankLine() {
        return (length >= 2 && bytes[length - 2] == '\n')
                || (length >= 3 && bytes[length - 2] == '\r' && bytes[length - 3] == '\n');
    }

    private void readStatus() {
        if (length < 14 || !new String(bytes, 0, 7, StandardCharsets.ISO_8859_1).equals("HTTP/1.")) {
            throw new MalformedResponse("no HTTP/1.1 response");
        }
        int number = 0;
        for (int i = 9; i < 12; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw new MalformedResponse("no status in the response");
            }
            number = number * 10 + bytes[i] - '0';
        }
        status = (short) number;
    }

    private void chooseBody() {
        String connection = header("connection");
        endsConnection =
                bytes[7] == '0' ? !"keep-alive".equalsIgnoreCase(connection) : "close".equalsIgnoreCase(connection);
        String coding = header("transfer-encoding");
        String contentLength = header("content-length");
        if (status == 101) {
            state = State.UPGRADED;
        } else if (status == 204 || status == 304) {
            state = State.COMPLETE;
        } else if (coding != null) {
            if (!coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
                throw new MalformedResponse("transfer encoding " + coding);
            }
            beginChunk();
        } else if (contentLength != null) {
            remaining = contentLength(contentLength);
            state = remaining == 0 ? State.COMPLETE : State.LENGTH;
        } else {
            endsConnection = true;
            state = State.UNTIL_CLOSE;
        }
    }

    private static int contentLength(String text) {
        if (!text.matches("\\d{1,10}")) {
            throw new MalformedResponse("no content length: " + text);
        }
        long value = Long.parseLong(text);
        if (value > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        return (int) value;
    }

    // ---- body

    private void take(ByteBuf in, int count) {
        if (length - headLength + count > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        ensure(count);
        in.readBytes(bytes, length, count);
        length += count;
        remaining -= count;
    }

    private void beginChunk() {
        state = State.CHUNK_SIZE;
        remaining = 0;
        lineLength = 0;
        isInExtension = false;
    }

    private void readChunkSize(byte b) {
        if (b == '\n') {
            if (lineLength == 0) {
                throw new MalformedResponse("a chunk without a size");
            }
            state = remaining == 0 ? State.TRAILER : State.CHUNK_DATA;
            lineLength = 0;
        } else if (b == ';' || b == ' ') {
            isInExtension = true;
        } else if (b != '\r') {
            if (++lineLength > MAX_CHUNK_LINE) {
                throw new MalformedResponse("a chunk's size beyond " + MAX_CHUNK_LINE + " characters");
            }
            if (!isInExtension) {
                int digit = Character.digit(b, 16);
                if (digit < 0) {
                    throw new MalformedResponse("no chunk size");
                }
                remaining = remaining << 4 | digit;
                if (remaining > MAX_BODY_BYTES || remaining < 0) {
                    throw tooLarge();
                }
            }
        }
    }

    private void readChunkEnd(byte b) {
        if (b == '\n') {
            beginChunk();
        } else if (b != '\r') {
            throw new MalformedResponse("a chunk longer than it said");
        }
    }

    private void readTrailer(byte b) {
        if (b == '\n') {
            if (lineLength == 0) {
                state = State.COMPLETE;
            }
            lineLength = 0;
        } else if (b != '\r' && ++lineLength > MAX_HEAD_BYTES) {
            throw new MalformedResponse("a trailer beyond " + MAX_HEAD_BYTES + " bytes");
        }
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.max(FIRST_BYTES, bytes.length * 2)));
        }
    }

    private static MalformedResponse tooLarge() {
        return new MalformedResponse("a response beyond " + MAX_BODY_BYTES + " bytes");
    }
}
