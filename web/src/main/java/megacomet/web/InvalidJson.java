package megacomet.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/** Tells where a text is no JSON. */
public final class InvalidJson {

    private InvalidJson() {}

    /** Returns what Jackson found, with line and column, both counted from 1. */
    public static Problem problem(JsonProcessingException found) {
        JsonLocation at = found.getLocation();
        String what = found.getOriginalMessage();
        return at == null || at == JsonLocation.NA
                ? Problem.of(ErrorCode.INVALID_JSON, what)
                : Problem.at(ErrorCode.INVALID_JSON, what, at.getLineNr(), at.getColumnNr());
    }
}
