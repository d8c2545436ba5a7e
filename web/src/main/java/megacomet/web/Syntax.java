package megacomet.web;

import java.nio.charset.StandardCharsets;

/** Which characters may stand where in HTTP. */
final class Syntax {

    private static final boolean[] TOKEN = of("!#$%&'*+-.^_`|~"); // RFC 9110, section 5.6.2
    private static final boolean[] NAME = of("-._~!$&'()*+;=%"); // RFC 3986, section 3.2.2, less the comma of lists
    private static final boolean[] ADDRESS = of(":.%-_~"); // an IP literal with its zone, within its brackets

    private static final int MAX_PORT_DIGITS = 5;

    private Syntax() {}

    private static boolean[] of(String besideLettersAndDigits) {
        boolean[] allowed = new boolean[256];
        for (char c = '0'; c <= 'z'; c++) {
            allowed[c] = Character.isLetterOrDigit(c);
        }
        for (char c : besideLettersAndDigits.toCharArray()) {
            allowed[c] = true;
        }
        return allowed;
    }

    /** Whether it may stand in the name of a header. */
    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /**
     * Whether that can be a {@code Host} (RFC 9112, section 3.2): a name or an address, and perhaps a port. An empty one cannot: whoever is
     * called by http or https has a name (RFC 9110, section 4.2.1).
     */
    static boolean isHost(byte[] bytes, int from, int to) {
        int end = from;
        if (from < to && bytes[from] == '[') {
            end = span(ADDRESS, bytes, from + 1, to);
            if (end == from + 1 || end == to || bytes[end] != ']') {
                return false;
            }
            end++;
        } else {
            end = span(NAME, bytes, from, to);
        }
        return end > from && (end == to || bytes[end] == ':' && isPort(bytes, end + 1, to));
    }

    /** The same of a text of Latin-1. */
    static boolean isHost(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length == text.length() && isHost(bytes, 0, bytes.length);
    }

    private static int span(boolean[] allowed, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && allowed[bytes[at] & 0xff]) {
            at++;
        }
        return at;
    }

    private static boolean isPort(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') {
                return false;
            }
        }
        return to - from <= MAX_PORT_DIGITS;
    }

    /**
     * Whether that can be the value of a header (RFC 9110, section 5.5; RFC 9113, section 8.2.1): no control character, and no whitespace
     * at either end.
     */
    static boolean isValue(CharSequence value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f) {
                return false;
            }
        }
        return length == 0 || !isBlank(value.charAt(0)) && !isBlank(value.charAt(length - 1));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether that can be the target of a request: no whitespace and no control character. */
    static boolean isTarget(CharSequence target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
