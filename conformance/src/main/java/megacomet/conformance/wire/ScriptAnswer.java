package megacomet.conformance.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script that calls a function with one argument, taken apart as text.
 *
 * @param guard what stands before the call; a comment, or nothing
 * @param callback the function's name
 * @param argument JSON, as it is written
 */
public record ScriptAnswer(String guard, String callback, String argument) {

    private static final Pattern CALL =
            Pattern.compile("\\s*(/\\*\\*/)?\\s*([A-Za-z0-9_$.]+)\\s*\\((.*)\\)\\s*;?\\s*", Pattern.DOTALL);

    public static Optional<ScriptAnswer> parse(String body) {
        Matcher call = CALL.matcher(body);
        return call.matches()
                ? Optional.of(
                        new ScriptAnswer(call.group(1) == null ? "" : call.group(1), call.group(2), call.group(3)))
                : Optional.empty();
    }

    /** Whether characters are in the script that end it, or a line of it, before its end. */
    public boolean canBeBroken() {
        return argument.contains("\u2028") || argument.contains("\u2029") || argument.contains("<");
    }
}
