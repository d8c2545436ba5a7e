package megacomet.web;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * JSON that is passed on and not taken apart: it loses the whitespace between its tokens and is otherwise kept character
 * for character, large numbers, order of keys and all.
 */
public final class JsonText {

    private JsonText() {}

    /** Returns the value at which a parser of {@code text} stands, in UTF-8, and moves the parser to its end. */
    public static byte[] read(String text, JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getCharOffset();
        return compact(text, start, end).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the JSON between two places of the text without the whitespace between its tokens. */
    static String compact(String text, int start, int end) {
        StringBuilder compact = null; // Most have none.
        int from = start;
        boolean isInString = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                isInString = !isInString;
            } else if (isInString && c == '\\') {
                i++;
            } else if (!isInString && isWhitespace(c)) {
                compact = compact == null ? new StringBuilder(end - start) : compact;
                compact.append(text, from, i);
                from = i + 1;
            }
        }
        return compact == null
                ? text.substring(start, end)
                : compact.append(text, from, end).toString();
    }

    /** Whether JSON takes the character for nothing between tokens. */
    public static boolean isWhitespace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** Returns a name from outside, short enough to repeat. */
    public static String shown(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
