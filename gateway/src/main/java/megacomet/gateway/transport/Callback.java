package megacomet.gateway.transport;

import java.util.List;
import java.util.regex.Pattern;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * The name of a JSONP callback. It becomes part of a script that runs in somebody's page, so it may only be what a name can
 * be: identifiers, at most four, joined by dots.
 */
public final class Callback {

    private static final int MAX_LENGTH = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_$][A-Za-z0-9_$]*){0,3}");

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Callback() {}

    /** Returns the one callback that was given, or throws a {@link Problem} that does not repeat it. */
    public static String check(List<String> given) {
        if (given.size() != 1
                || given.get(0).length() > MAX_LENGTH
                || !NAME.matcher(given.get(0)).matches()) {
            throw Problem.of(ErrorCode.INVALID_CALLBACK);
        }
        return given.get(0);
    }

    /**
     * Returns the one function of a page that was given, or throws a {@link Problem}. Unlike {@link #check} this takes no path:
     * {@code document.body.remove} is a method, and not one that a page wrote to be called.
     */
    public static String checkFunction(List<String> given) {
        String name = check(given);
        if (!FUNCTION.matcher(name).matches()) {
            throw Problem.of(ErrorCode.INVALID_CALLBACK);
        }
        return name;
    }
}
