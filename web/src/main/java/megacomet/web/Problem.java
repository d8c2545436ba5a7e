package megacomet.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request is refused. What it says goes to whoever sent the request, so it never repeats a token or key, nor anything
 * from outside that is not bounded in length.
 */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOWHERE = -1;

    private final ErrorCode code;
    private final String detail;
    private final int line;
    private final int column;
    private final long retryAfterMs;

    private Problem(ErrorCode code, String detail, int line, int column, long retryAfterMs, Throwable cause) {
        super(code.word() + (detail == null ? "" : ": " + detail), cause, false, false);
        this.code = code;
        this.detail = detail;
        this.line = line;
        this.column = column;
        this.retryAfterMs = retryAfterMs;
    }

    /** A problem that its code says all about. */
    public static Problem of(ErrorCode code) {
        return of(code, null);
    }

    /** @param detail what is wrong with this request, a sentence */
    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, NOWHERE, NOWHERE, 0, null);
    }

    /** A problem at a place in the body, both counted from 1. */
    public static Problem at(ErrorCode code, String detail, int line, int column) {
        return new Problem(code, detail, line, column, 0, null);
    }

    /** A problem that may be over after {@code retryAfterMs}. */
    public static Problem later(ErrorCode code, long retryAfterMs, Throwable cause) {
        return later(code, null, retryAfterMs, cause);
    }

    /** The same, with a sentence on this request. */
    public static Problem later(ErrorCode code, String detail, long retryAfterMs, Throwable cause) {
        return new Problem(code, detail, NOWHERE, NOWHERE, retryAfterMs, cause);
    }

    public ErrorCode code() {
        return code;
    }

    /** After how many ms it is worth another try; 0 if that is not known. */
    public long retryAfterMs() {
        return retryAfterMs;
    }

    /** Returns the problem as JSON in the form of RFC 9457, section 3. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode()
                .put("type", "urn:megacomet:error:" + code.word())
                .put("title", code.title())
                .put("status", code.status())
                .put("code", code.word());
        return withDetails(json);
    }

    /** Returns the short form that stands in place of an answer within a body of status 200. */
    public ObjectNode errorJson() {
        return withDetails(JSON.createObjectNode().put("code", code.word()).put("title", code.title()));
    }

    private ObjectNode withDetails(ObjectNode json) {
        if (detail != null) {
            json.put("detail", detail);
        }
        if (line != NOWHERE) {
            json.put("line", line).put("column", column);
        }
        if (code.isWorthRetrying()) {
            json.put("retry", true);
        }
        if (retryAfterMs > 0) {
            json.put("retryAfterMs", retryAfterMs);
        }
        return json;
    }
}
