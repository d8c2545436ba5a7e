package megacomet.web;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Reads a body in chunks (RFC 9112, section 7.1). Chunk extensions are passed over, as are trailers, within a bound for both; netty's own
 * reader takes extensions with a value for wrong. Nothing is read leniently that another server might read otherwise: a line ends with CR
 * LF and has neither alone, and a size is nothing but hexadecimal digits.
 *
 * <pre>
 *  SIZE ──n──▶ DATA ──▶ END_OF_DATA ──▶ SIZE
 *    └───0──▶ TRAILER ──an empty line──▶ (the body's end)
 * </pre>
 *
 * For one body and one event loop.
 */
final class ChunkReader {

    /** How long a line with a size and extensions, or of a trailer, may be. */
    static final int MAX_LINE_BYTES = 1 << 10;

    /** How much extensions and trailers may have together. */
    static final int MAX_ASIDE_BYTES = 8 << 10;

    /** So that no size needs more than an int. */
    private static final int MAX_SIZE_DIGITS = 7;

    private enum State {
        SIZE,
        DATA,
        END_OF_DATA,
        TRAILER
    }

    private State state = State.SIZE;
    private int left;
    private int asideBytes;

    /**
     * Reads on, and gives out no more than one piece.
     *
     * @return whether the body is over
     * @throws InvalidChunk if it cannot be read
     */
    boolean read(ByteBuf in, List<Object> out) {
        switch (state) {
            case SIZE -> readSize(in);
            case DATA -> readData(in, out);
            case END_OF_DATA -> readEndOfData(in);
            case TRAILER -> {
                int length = lineLength(in);
                if (length == 0) {
                    in.skipBytes(2);
                    out.add(LastHttpContent.EMPTY_LAST_CONTENT);
                    return true;
                }
                if (length > 0) {
                    demandField(in, length);
                    aside(length);
                    in.skipBytes(length + 2);
                }
            }
        }
        return false;
    }

    private void readSize(ByteBuf in) {
        int length = lineLength(in);
        if (length < 0) {
            return;
        }
        int from = in.readerIndex();
        int digits = 0;
        int size = 0;
        while (digits < length && Character.digit(in.getByte(from + digits), 16) >= 0) {
            size = size << 4 | Character.digit(in.getByte(from + digits), 16);
            digits++;
            if (digits > MAX_SIZE_DIGITS) {
                throw new InvalidChunk("A chunk is larger than anything that is taken.");
            }
        }
        if (digits == 0 || !isExtension(in, from + digits, from + length)) {
            throw new InvalidChunk("A chunk begins with its size in hexadecimal digits.");
        }
        aside(length - digits);
        in.skipBytes(length + 2);
        left = size;
        state = size == 0 ? State.TRAILER : State.DATA;
    }

    /** Whether nothing stands there, or whitespace and what a semicolon begins. */
    private static boolean isExtension(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && (in.getByte(at) == ' ' || in.getByte(at) == '\t')) {
            at++;
        }
        return at == from && at == to || at < to && in.getByte(at) == ';';
    }

    private void readData(ByteBuf in, List<Object> out) {
        int length = Math.min(left, in.readableBytes());
        if (length > 0) {
            out.add(new DefaultHttpContent(in.readRetainedSlice(length)));
            left -= length;
        }
        state = left == 0 ? State.END_OF_DATA : State.DATA;
    }

    private void readEndOfData(ByteBuf in) {
        int come = in.readableBytes();
        int at = in.readerIndex();
        if (come > 0 && in.getByte(at) != '\r' || come > 1 && in.getByte(at + 1) != '\n') {
            throw new InvalidChunk("A chunk does not end where its size says.");
        }
        if (come > 1) {
            in.skipBytes(2);
            state = State.SIZE;
        }
    }

    /** A trailer means nothing here, but it must be one, lest it is a request to somebody else. */
    private static void demandField(ByteBuf in, int length) {
        int colon = in.indexOf(in.readerIndex(), in.readerIndex() + length, (byte) ':');
        boolean isField = colon > in.readerIndex();
        for (int at = in.readerIndex(); isField && at < colon; at++) {
            isField = Syntax.isToken(in.getByte(at));
        }
        if (!isField) {
            throw new InvalidChunk("What follows the last chunk is no trailer.");
        }
    }

    private void aside(int bytes) {
        asideBytes += bytes;
        if (asideBytes > MAX_ASIDE_BYTES) {
            throw new InvalidChunk("Chunk extensions and trailers have at most " + MAX_ASIDE_BYTES + " bytes.");
        }
    }

    /** Returns how long the line is that begins here, without its end; -1 if it has not come as a whole. */
    private static int lineLength(ByteBuf in) {
        int from = in.readerIndex();
        int most = Math.min(in.readableBytes(), MAX_LINE_BYTES);
        for (int i = 0; i < most; i++) {
            byte b = in.getByte(from + i);
            if (b == '\r') {
                if (i + 1 == in.readableBytes()) {
                    return -1;
                }
                if (in.getByte(from + i + 1) == '\n') {
                    return i;
                }
                throw new InvalidChunk("A line of a chunked body ends with CR LF.");
            }
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
                throw new InvalidChunk("A line of a chunked body has a control character.");
            }
        }
        if (most == MAX_LINE_BYTES) {
            throw new InvalidChunk("A line of a chunked body has at most " + MAX_LINE_BYTES + " bytes.");
        }
        return -1;
    }
}
