package megacomet.web;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the heads of requests that are as plain as browsers send them, without making more objects than those that are asked
 * for. What it does not take for plain may be good all the same: it is for a whole reader of HTTP to say.
 *
 * <p>Plain is a head of HTTP/1.1 (RFC 9112) that is there to its end and has nothing behind it; of {@code GET}, {@code HEAD} or
 * {@code OPTIONS}, without a body; every line ended by CR LF; names of token characters, values without control characters, no
 * line folded; exactly one {@code Host} that can be one, and {@code Origin}, {@code Referer}, {@code Sec-Fetch-Site} and
 * {@code Authorization} once at most; and nothing that asks
 * for another use of the connection than to keep it.
 *
 * <p>What it says is about the head that was read last. For one event loop.
 */
public final class HeadReader {

    /** Longer heads are not plain. */
    public static final int MAX_BYTES = Listen.MAX_HEADER_BYTES;

    private static final byte[] GET = ascii("GET ");
    private static final byte[] HEAD = ascii("HEAD ");
    private static final byte[] OPTIONS = ascii("OPTIONS ");
    private static final byte[] VERSION = ascii("HTTP/1.1\r\n");

    /** What was read. */
    public enum Kind {
        /** A whole plain head of a {@code GET} for the path that is looked for. */
        WANTED,
        /** A whole plain head of another request. */
        PLAIN,
        /** The beginning of what may become {@link #WANTED}. */
        BEGUN,
        /** Anything else. */
        OTHER
    }

    private final byte[] wanted;
    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;
    private int queryFrom;
    private int queryTo;
    private final Value host = new Value();
    private final Value origin = new Value();
    private final Value authorization = new Value();
    private final Value referer = new Value();
    private final Value fetchSite = new Value();

    /** @param path the path that is looked for, of characters that need no encoding */
    public HeadReader(String path) {
        this.wanted = ascii("GET " + path);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads what is there, and leaves it there. */
    public Kind read(ByteBuf in) {
        host.clear();
        origin.clear();
        authorization.clear();
        referer.clear();
        fetchSite.clear();
        length = in.readableBytes();
        if (length > MAX_BYTES) {
            return Kind.OTHER;
        }
        in.getBytes(in.readerIndex(), bytes, 0, length);
        boolean isWanted = startsWith(wanted);
        if (!endsWithEmptyLine()) {
            boolean mayBecome = isWanted && isWithinHead() || length < wanted.length && isBeginning(wanted);
            return mayBecome ? Kind.BEGUN : Kind.OTHER;
        }
        int target = isWanted ? wanted.length : afterMethod();
        int headers = target < 0 ? -1 : afterRequestLine(target);
        if (headers < 0 || !readHeaders(headers) || !isHostGood()) {
            return Kind.OTHER;
        }
        boolean isThePath = isWanted && (bytes[wanted.length] == '?' || bytes[wanted.length] == ' ');
        return isThePath ? Kind.WANTED : Kind.PLAIN;
    }

    private boolean isHostGood() {
        return host.isThere() && Syntax.isHost(bytes, host.from, host.to);
    }

    private boolean startsWith(byte[] prefix) {
        return length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private boolean isBeginning(byte[] whole) {
        return Arrays.equals(bytes, 0, length, whole, 0, length);
    }

    private boolean endsWithEmptyLine() {
        return length > 4 && isEmptyLineBefore(length);
    }

    /** Whether all lines so far end as they must, and none is empty. */
    private boolean isWithinHead() {
        for (int i = 0; i < length; i++) {
            boolean isEndOfLine = bytes[i] == '\n';
            if (isEndOfLine && (bytes[i - 1] != '\r' || isEmptyLineBefore(i + 1))) {
                return false;
            }
        }
        return true;
    }

    private boolean isEmptyLineBefore(int end) {
        return bytes[end - 1] == '\n' && bytes[end - 2] == '\r' && bytes[end - 3] == '\n' && bytes[end - 4] == '\r';
    }

    private int afterMethod() {
        for (byte[] method : new byte[][] {GET, HEAD, OPTIONS}) {
            if (startsWith(method)) {
                return method.length;
            }
        }
        return -1;
    }

    /** Returns where the headers begin, or -1; notes the query. */
    private int afterRequestLine(int target) {
        int at = target;
        queryFrom = -1;
        while (bytes[at] > ' ' && bytes[at] < 0x7f && bytes[at] != '#') {
            if (bytes[at] == '?' && queryFrom < 0) {
                queryFrom = at + 1;
            }
            at++;
        }
        queryTo = at;
        at++;
        boolean isGood = bytes[queryTo] == ' '
                && bytes[queryTo - 1] != ' ' // else there is no target
                && length - at >= VERSION.length
                && Arrays.equals(bytes, at, at + VERSION.length, VERSION, 0, VERSION.length);
        return isGood ? at + VERSION.length : -1;
    }

    /** Whether they are plain up to the empty line, and that is the last of them. It ends, because the bytes end with one. */
    private boolean readHeaders(int from) {
        int at = from;
        while (bytes[at] != '\r') {
            int name = at;
            while (Syntax.isToken(bytes[at])) {
                at++;
            }
            if (at == name || bytes[at] != ':') {
                return false;
            }
            int nameEnd = at++;
            while (bytes[at] == ' ' || bytes[at] == '\t') {
                at++;
            }
            int value = at;
            while (bytes[at] >= ' ' && bytes[at] != 0x7f || bytes[at] < 0 || bytes[at] == '\t') {
                at++;
            }
            int valueEnd = at;
            while (valueEnd > value && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            if (bytes[at] != '\r' || bytes[at + 1] != '\n' || !take(name, nameEnd, value, valueEnd)) {
                return false;
            }
            at += 2;
        }
        return at + 2 == length;
    }

    /** Notes a header; whether it leaves the head plain. */
    private boolean take(int name, int nameEnd, int value, int valueEnd) {
        switch (nameEnd - name) {
            case 4:
                return !is("host", name) || host.isFirst(value, valueEnd);
            case 6:
                return !is("expect", name) && (!is("origin", name) || origin.isFirst(value, valueEnd));
            case 7:
                return !is("upgrade", name)
                        && !is("trailer", name)
                        && (!is("referer", name) || referer.isFirst(value, valueEnd));
            case 10:
                return !is("connection", name) || valueEnd - value == 10 && is("keep-alive", value);
            case 13:
                return !is("authorization", name) || authorization.isFirst(value, valueEnd);
            case 14:
                return !is("content-length", name)
                        && !is("http2-settings", name)
                        && (!is("sec-fetch-site", name) || fetchSite.isFirst(value, valueEnd));
            case 17:
                return !is("transfer-encoding", name);
            default:
                return true;
        }
    }

    /** Whether that stands there, in letters of either case. */
    private boolean is(String lowerCase, int at) {
        for (int i = 0; i < lowerCase.length(); i++) {
            int c = bytes[at + i];
            int lower = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
            if (lower != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the value of a header stands that may be there once. */
    private final class Value {
        private int from;
        private int to;

        void clear() {
            from = -1;
        }

        boolean isThere() {
            return from >= 0;
        }

        boolean isFirst(int begin, int end) {
            boolean isFirst = !isThere();
            from = begin;
            to = end;
            return isFirst;
        }

        String text() {
            return isThere() ? HeadReader.this.text(from, to) : null;
        }
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The target's query as it was sent, without the question mark; empty if there is none. */
    public String query() {
        return queryFrom < 0 ? "" : text(queryFrom, queryTo);
    }

    /** The only {@code Host}. */
    public String host() {
        return host.text();
    }

    /** {@code Origin}, or null. */
    public String origin() {
        return origin.text();
    }

    /** {@code Referer}, or null. */
    public String referer() {
        return referer.text();
    }

    /** {@code Sec-Fetch-Site}, or null. */
    public String fetchSite() {
        return fetchSite.text();
    }

    /** {@code Authorization}, or null. */
    public String authorization() {
        return authorization.text();
    }
}
