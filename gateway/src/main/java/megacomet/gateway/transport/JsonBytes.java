package megacomet.gateway.transport;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * JSON in the making, as bytes.
 *
 * <p>For a script, four characters of JSON are written as escapes: U+2028 and U+2029 end a line in older JavaScript, and
 * {@code <} and {@code >} could end a script element. In JSON they stand only within strings, where an escape means the
 * same.
 */
public final class JsonBytes {

    private static final int LONGEST_NUMBER = 20;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final boolean isForScript;
    private byte[] bytes;
    private int length;

    /** @param isForScript whether strings are escaped for a script */
    public JsonBytes(int capacity, boolean isForScript) {
        this.bytes = new byte[capacity];
        this.isForScript = isForScript;
    }

    /** Appends characters below U+0080 as they are. */
    @SuppressWarnings("deprecation") // It cuts characters to their low byte, which is all that these have.
    public JsonBytes ascii(String text) {
        ensure(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        return this;
    }

    /** Appends a number that is not negative. */
    public JsonBytes number(long value) {
        ensure(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = value; rest > 9; rest /= 10) {
            digits++;
        }
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        length += digits;
        return this;
    }

    /** Appends bytes as they are: what another of these has made. */
    public JsonBytes raw(byte[] made) {
        copy(made, 0, made.length);
        return this;
    }

    /** Appends a JSON text in UTF-8. */
    public JsonBytes json(byte[] json) {
        if (!isForScript) {
            return raw(json);
        }
        int from = 0;
        for (int i = 0; i < json.length; i++) {
            int character = toEscape(json, i);
            if (character != 0) {
                copy(json, from, i);
                escape(character);
                i += character > 0x7f ? 2 : 0;
                from = i + 1;
            }
        }
        copy(json, from, json.length);
        return this;
    }

    /** Appends a text as a JSON string. */
    public JsonBytes string(String text) {
        return ascii("\"")
                .json(JsonStringEncoder.getInstance().quoteAsUTF8(text))
                .ascii("\"");
    }

    /** Returns the character at {@code i} if it must be escaped in a script, else 0. */
    private static int toEscape(byte[] json, int i) {
        if (json[i] == '<' || json[i] == '>') {
            return json[i];
        }
        boolean isSeparator = json[i] == (byte) 0xe2
                && i + 2 < json.length
                && json[i + 1] == (byte) 0x80
                && (json[i + 2] == (byte) 0xa8 || json[i + 2] == (byte) 0xa9);
        return isSeparator ? 0x2000 | json[i + 2] & 0x3f : 0;
    }

    private void escape(int character) {
        ensure(6);
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[character >> shift & 0xf];
        }
    }

    private void copy(byte[] json, int from, int to) {
        ensure(to - from);
        System.arraycopy(json, from, bytes, length, to - from);
        length += to - from;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }

    /** Begins anew. */
    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, length);
    }

    /** Returns all of it. */
    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
