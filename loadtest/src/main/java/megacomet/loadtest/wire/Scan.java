package megacomet.loadtest.wire;

import java.nio.charset.StandardCharsets;

/**
 * Finds what a dialect must know of an answer (a cursor, a word) without parsing it: the generator must cost less than what
 * it measures. It is right because the data in it is our own ({@code Stamp}) and holds none of these words.
 */
public final class Scan {

    private Scan() {}

    /** The ASCII bytes of a text. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Where {@code needle} stands first in {@code bytes[from, to)}, or -1. */
    public static int indexOf(byte[] bytes, int from, int to, byte[] needle) {
        for (int i = from; i <= to - needle.length; i++) {
            if (isAt(bytes, i, needle)) {
                return i;
            }
        }
        return -1;
    }

    /** Where {@code needle} stands last in {@code bytes[from, to)}, or -1. */
    public static int lastIndexOf(byte[] bytes, int from, int to, byte[] needle) {
        for (int i = to - needle.length; i >= from; i--) {
            if (isAt(bytes, i, needle)) {
                return i;
            }
        }
        return -1;
    }

    /** What stands between the last {@code opening} and the quote after it, or null. */
    public static byte[] quotedAfterLast(byte[] bytes, int from, int to, byte[] opening) {
        return quoted(bytes, lastIndexOf(bytes, from, to, opening), to, opening);
    }

    /** What stands between the first {@code opening} and the quote after it, or null. */
    public static byte[] quotedAfterFirst(byte[] bytes, int from, int to, byte[] opening) {
        return quoted(bytes, indexOf(bytes, from, to, opening), to, opening);
    }

    /** The digits after the last {@code opening} as a number, or {@code ifAbsent}. */
    public static long numberAfterLast(byte[] bytes, int from, int to, byte[] opening, long ifAbsent) {
        int at = lastIndexOf(bytes, from, to, opening);
        if (at < 0) {
            return ifAbsent;
        }
        long number = 0;
        int i = at + opening.length;
        for (; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return i == at + opening.length ? ifAbsent : number;
    }

    private static byte[] quoted(byte[] bytes, int at, int to, byte[] opening) {
        if (at < 0) {
            return null;
        }
        int start = at + opening.length;
        int end = start;
        while (end < to && bytes[end] != '"') {
            end++;
        }
        if (end == to) {
            return null;
        }
        byte[] found = new byte[end - start];
        System.arraycopy(bytes, start, found, 0, found.length);
        return found;
    }

    private static boolean isAt(byte[] bytes, int at, byte[] needle) {
        for (int i = 0; i < needle.length; i++) {
            if (bytes[at + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }
}
