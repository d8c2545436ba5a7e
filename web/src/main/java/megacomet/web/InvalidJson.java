package megacomet.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** Tells where a text is no JSON. */
public final class InvalidJson {

    /** A token that was not quoted, say; it must not stand in an error. */
    private static final Pattern REPEATED = Pattern.compile("^(Unrecognized token) '.*?'(?=: |$)", Pattern.DOTALL);

    private InvalidJson() {}

    /** Returns what Jackson found, with line and column, both counted from 1. */
    public static Problem problem(JsonProcessingException found) {
        JsonLocation at = found.getLocation();
        String what = REPEATED.matcher(found.getOriginalMessage()).replaceFirst("$1");
        return at == null || at == JsonLocation.NA
                ? Problem.of(ErrorCode.INVALID_JSON, what)
                : Problem.at(ErrorCode.INVALID_JSON, what, at.getLineNr(), at.getColumnNr());
    }
}
