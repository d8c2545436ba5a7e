package megacomet.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import megacomet.fuzz.Holds;
import megacomet.model.Page;
import megacomet.web.Problem;

/** What browsers say: polls as queries and as bodies, callbacks, frames. */
public final class TransportFuzz {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEFAULT_MS = 55_000;

    private TransportFuzz() {}

    public static void query(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Map<String, List<String>> query;
        try {
            query = new QueryStringDecoder("?" + text).parameters();
        } catch (IllegalArgumentException refused) {
            return; // PollRequest.queryOf says so.
        }
        PollRequest poll = null;
        try {
            poll = PollRequest.of(query, DEFAULT_MS);
            check(poll);
        } catch (Problem refused) {
            query.getOrDefault("callback", List.of()).forEach(callback -> isNotRepeated(refused, callback));
        }
        boolean isTarget = text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        if (isTarget) {
            Holds.equal(poll, asInATarget(text), "a query is read alike, taken apart before or not");
        }
    }

    private static PollRequest asInATarget(String query) {
        try {
            return PollRequest.of(query, DEFAULT_MS);
        } catch (Problem refused) {
            return null;
        }
    }

    public static void body(byte[] bytes) {
        try {
            JsonNode object = PollRequest.objectOf(Buffer.buffer(bytes));
            PollRequest.callbackOf(object);
            check(PollRequest.of(object, DEFAULT_MS));
        } catch (Problem refused) {
            isSayable(refused);
        }
    }

    private static void check(PollRequest poll) {
        boolean isClamped = poll.timeoutMs() == 0 || poll.timeoutMs() >= 1_000 && poll.timeoutMs() <= 600_000;
        Holds.that(isClamped, "a poll waits within its limits");
        Holds.that(poll.page().n() >= 0 && poll.page().n() <= 1L << 53, "n can be counted");
        Holds.that(poll.page().conn() != 0 || poll.page().equals(Page.UNKNOWN), "n counts the polls of a page");
        Holds.that(poll.client() == null || !poll.client().isEmpty(), "what is empty is absent");
        if (poll.callback() != null) {
            isName(poll.callback());
        }
    }

    public static void callback(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            Holds.equal(text, Callback.check(List.of(text)), "a callback is taken as it is");
            isName(text);
        } catch (Problem refused) {
            isNotRepeated(refused, text);
        }
    }

    private static void isName(String callback) {
        Holds.that(callback.length() <= 64, "a callback is short");
        Holds.that(
                callback.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "_$.".indexOf(c) >= 0)),
                "a callback is a name");
        Holds.that(!Character.isDigit(callback.charAt(0)) && !callback.contains(".."), "a name begins as names do");
    }

    /** A text so short may stand in any sentence. */
    private static void isNotRepeated(Problem problem, String text) {
        isSayable(problem);
        Holds.that(
                text.length() < 12 || !problem.json().toString().contains(text),
                "a callback that is refused is not repeated");
    }

    private static void isSayable(Problem problem) {
        Holds.that(problem.json().toString().length() < 1_000, "a problem is short");
    }

    public static void frame(byte[] bytes) {
        FrameReader.Read read = FrameReader.read(new String(bytes, StandardCharsets.UTF_8));
        Holds.that((read.frame() == null) != (read.problem() == null), "a frame, or what is wrong with it");
        if (read.problem() != null) {
            isSayable(read.problem());
        } else if (read.frame() instanceof Frame.Publish publish) {
            isCompactJson(publish.post().data());
        }
    }

    /** Browsers parse it; and what is read and written again has no whitespace to lose. */
    public static void isCompactJson(byte[] data) {
        try {
            JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException("the data is JSON", e);
        }
        boolean isInString = false;
        for (int i = 0; i < data.length; i++) {
            Holds.that(isInString || data[i] != ' ' && data[i] != '\n', "no whitespace between tokens");
            if (isInString && data[i] == '\\') {
                i++;
            } else if (data[i] == '"') {
                isInString = !isInString;
            }
        }
    }
}
