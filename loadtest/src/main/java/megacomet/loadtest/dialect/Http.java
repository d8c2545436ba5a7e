package megacomet.loadtest.dialect;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.loadtest.wire.ResponseReader;

/** What all dialects do alike with HTTP. */
final class Http {

    static final int OK = 200;
    static final long ERROR_PAUSE_MS = 1_000;

    private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_]{1,60})\"");

    private Http() {}

    /** Counts a refusal as an error, once it is complete; returns what {@link Dialect#read} shall. */
    static long refused(Caller caller, ResponseReader response) {
        if (!response.isComplete()) {
            return Dialect.WAIT;
        }
        caller.failed(reasonOf(response));
        return caller.backOffMs();
    }

    /** The status, and the code of a problem (RFC 9457) if there is one. */
    static String reasonOf(ResponseReader response) {
        Matcher code = CODE.matcher(response.body());
        return "answered " + response.status() + (code.find() ? " " + code.group(1) : "");
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
