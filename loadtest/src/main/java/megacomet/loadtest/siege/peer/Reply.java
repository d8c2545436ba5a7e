package megacomet.loadtest.siege.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * An HTTP/1.1 response.
 *
 * @param status its status
 * @param head status line and headers
 * @param body its content, without chunks' heads
 * @param length how many bytes it took on the wire
 */
public record Reply(int status, String head, String body, int length) {

    private static final String HEAD_END = "\r\n\r\n";
    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;

    /** The first response of these bytes, or null if it is not whole yet. */
    static Reply in(byte[] bytes, int size) {
        String all = new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
        int headEnd = all.indexOf(HEAD_END);
        if (headEnd < 0 || all.length() < "HTTP/1.1 200".length()) {
            return null;
        }
        String head = all.substring(0, headEnd);
        int status = Integer.parseInt(head.substring(9, 12));
        int start = headEnd + HEAD_END.length();
        String length = header(head, "content-length");
        if (status == SWITCHING || status == NO_CONTENT) {
            return new Reply(status, head, "", start);
        }
        if (length != null) {
            int end = start + Integer.parseInt(length);
            return end > size ? null : new Reply(status, head, utf8(bytes, start, end), end);
        }
        return "chunked".equals(header(head, "transfer-encoding")) ? chunked(status, head, all, start) : null;
    }

    private static Reply chunked(int status, String head, String all, int start) {
        StringBuilder body = new StringBuilder();
        int at = start;
        while (true) {
            int lineEnd = all.indexOf("\r\n", at);
            if (lineEnd < 0) {
                return null;
            }
            int chunk = Integer.parseInt(all.substring(at, lineEnd).strip(), 16);
            int next = lineEnd + 2 + chunk + 2;
            if (next > all.length()) {
                return null;
            }
            if (chunk == 0) {
                return new Reply(status, head, body.toString(), next);
            }
            body.append(all, lineEnd + 2, lineEnd + 2 + chunk);
            at = next;
        }
    }

    /** A header's value, or null. */
    public String header(String name) {
        return header(head, name);
    }

    private static String header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    /** The status, with the code of problem details if there is one. */
    public String said() {
        String code = between(body, "\"code\":\"", "\"");
        return code == null ? "" + status : status + " " + code;
    }

    /** What stands between the first {@code open} and the next {@code close}, or null. */
    public static String between(String text, String open, String close) {
        int from = text.indexOf(open);
        int to = from < 0 ? -1 : text.indexOf(close, from + open.length());
        return to < 0 ? null : text.substring(from + open.length(), to);
    }

    private static String utf8(byte[] bytes, int from, int to) {
        return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }
}
