package megacomet.gateway.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.web.ErrorCode;
import megacomet.web.InvalidJson;
import megacomet.web.Problem;
import megacomet.web.Utf8;

/**
 * What a poll or a stream asks for, checked, from a query or a JSON body alike: an empty parameter is absent, unknown ones are ignored,
 * and one that we know may be there only once.
 *
 * @param client the client's id as it was given, or null
 * @param token or null
 * @param topics the names of what it wants to follow, as they were given
 * @param isFromEarliest whether it wants all that is kept of topics that are new to it
 * @param cursor or null
 * @param timeoutMs how long it may be held, within the limits; 0 to be answered at once
 * @param callback the JSONP callback's name, checked, or null
 */
record PollRequest(
        String client,
        String token,
        List<String> topics,
        boolean isFromEarliest,
        Cursor cursor,
        Page page,
        int timeoutMs,
        String callback) {

    private static final int MIN_TIMEOUT_MS = 1_000;
    private static final int MAX_TIMEOUT_MS = 600_000;

    /** So short that it cannot have as many parameters as {@link QueryStringDecoder} leaves away. */
    private static final int MAX_PLAIN_QUERY = 1_000;

    private static final List<String> KNOWN =
            List.of("client", "token", "topics", "cursor", "since", "timeoutMs", "conn", "n", "callback");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Returns the callback's name, for the answer to a request that may be wrong in every other way, or null. */
    static String callbackOf(Map<String, List<String>> query) {
        List<String> callbacks = query.getOrDefault("callback", List.of());
        if (callbacks.isEmpty() || callbacks.size() == 1 && callbacks.get(0).isEmpty()) {
            return null;
        }
        return Callback.check(callbacks);
    }

    /** Returns the cursor if it was made for this client: another's says nothing here. */
    Cursor cursorOf(ClientId whose) {
        return cursor != null && cursor.isOf(whose) ? cursor : null;
    }

    /** Returns a request's query; not its own parameters, because it would keep them for as long as a hold lasts. */
    static Map<String, List<String>> queryOf(HttpServerRequest request) {
        return queryOf(request.uri());
    }

    private static Map<String, List<String>> queryOf(String target) {
        try {
            return new QueryStringDecoder(target).parameters();
        } catch (IllegalArgumentException e) {
            throw notPercentEncoded();
        }
    }

    private static Problem notPercentEncoded() {
        return Problem.of(ErrorCode.INVALID_PARAMETER, "The query is not percent-encoded as it should be.");
    }

    /** Reads a query; throws a {@link Problem}. */
    static PollRequest of(Map<String, List<String>> query, int defaultTimeoutMs) {
        for (String name : KNOWN) {
            if (query.getOrDefault(name, List.of()).size() > 1) {
                throw twice(name);
            }
        }
        Function<String, String> parameters =
                name -> query.containsKey(name) ? query.get(name).get(0) : null;
        return read(parameters, topics(parameters.apply("topics")), defaultTimeoutMs);
    }

    /** Reads a query as it stands in a request's target; throws a {@link Problem}. */
    static PollRequest of(String query, int defaultTimeoutMs) {
        boolean isEncoded = isEncoded(query);
        if (query.indexOf(';') >= 0 || query.length() > MAX_PLAIN_QUERY) {
            return of(queryOf("?" + query), defaultTimeoutMs);
        }
        String[] values = new String[KNOWN.size()];
        for (int from = 0; from < query.length(); ) {
            int next = query.indexOf('&', from);
            int to = next < 0 ? query.length() : next;
            int equals = query.indexOf('=', from);
            int nameTo = equals < 0 || equals > to ? to : equals;
            int known = known(query, from, nameTo);
            // Perhaps a known one in other letters, or after an = that the decoder leaves away.
            if (known < 0 && (isEncoded || equals == from)) {
                return of(queryOf("?" + query), defaultTimeoutMs);
            } else if (known >= 0 && values[known] != null) {
                throw twice(KNOWN.get(known));
            } else if (known >= 0) {
                String value = query.substring(Math.min(nameTo + 1, to), to);
                values[known] = isEncoded ? decoded(value) : value;
            }
            from = to + 1;
        }
        return read(name -> values[KNOWN.indexOf(name)], topics(values[KNOWN.indexOf("topics")]), defaultTimeoutMs);
    }

    private static boolean isEncoded(String text) {
        return text.indexOf('%') >= 0 || text.indexOf('+') >= 0;
    }

    private static String decoded(String value) {
        try {
            return isEncoded(value) ? QueryStringDecoder.decodeComponent(value) : value;
        } catch (IllegalArgumentException e) {
            throw notPercentEncoded();
        }
    }

    /** Returns which of the known names stands there, or -1. */
    private static int known(String query, int from, int to) {
        for (int i = 0; i < KNOWN.size(); i++) {
            String name = KNOWN.get(i);
            if (name.length() == to - from && query.startsWith(name, from)) {
                return i;
            }
        }
        return -1;
    }

    /** Reads a body as a JSON object; throws a {@link Problem}. */
    static JsonNode objectOf(Buffer body) {
        try {
            JsonNode object = JSON.readTree(Utf8.decode(body == null ? new byte[0] : body.getBytes()));
            if (object.isObject()) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw InvalidJson.problem(e);
        }
        throw Problem.of(ErrorCode.INVALID_JSON, "A poll is a JSON object.");
    }

    /** Returns the callback's name, as {@link #callbackOf(Map)} does. */
    static String callbackOf(JsonNode object) {
        JsonNode callback = object.path("callback");
        boolean isAbsent = callback.isMissingNode()
                || callback.isNull()
                || callback.isTextual() && callback.asText().isEmpty();
        return isAbsent ? null : Callback.check(callback.isTextual() ? List.of(callback.asText()) : List.of());
    }

    /** Reads the object in a body; throws a {@link Problem}. */
    static PollRequest of(JsonNode object, int defaultTimeoutMs) {
        return read(name -> text(name, object.get(name)), topics(object.get("topics")), defaultTimeoutMs);
    }

    private static Problem twice(String name) {
        return Problem.of(ErrorCode.INVALID_PARAMETER, name + " is there more than once.");
    }

    private static List<String> topics(String text) {
        return text == null || text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static List<String> topics(JsonNode value) {
        if (value == null || !value.isArray()) {
            return topics(text("topics", value));
        }
        List<String> topics = new ArrayList<>();
        for (JsonNode topic : value) {
            if (!topic.isTextual()) {
                throw Problem.of(ErrorCode.INVALID_TOPIC, "A topic is a string.");
            }
            topics.add(topic.asText());
        }
        return topics;
    }

    private static String text(String name, JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isTextual() || value.isIntegralNumber()) {
            return value.asText();
        }
        throw Problem.of(ErrorCode.INVALID_PARAMETER, name + " is neither a string nor a whole number.");
    }

    private static PollRequest read(Function<String, String> parameters, List<String> topics, int defaultTimeoutMs) {
        Function<String, String> present = name -> {
            String value = parameters.apply(name);
            return value == null || value.isEmpty() ? null : value;
        };
        String callback = present.apply("callback");
        return new PollRequest(
                present.apply("client"),
                present.apply("token"),
                topics,
                isFromEarliest(present.apply("since")),
                cursor(present.apply("cursor")),
                page(present.apply("conn"), present.apply("n")),
                timeoutMs(present.apply("timeoutMs"), defaultTimeoutMs),
                callback == null ? null : Callback.check(List.of(callback)));
    }

    private static boolean isFromEarliest(String since) {
        if (since != null && !since.equals("earliest")) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, "since is earliest, or absent.");
        }
        return since != null;
    }

    /** Reads a cursor; throws a {@link Problem}. */
    static Cursor cursor(String text) {
        try {
            return text == null ? null : Cursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_CURSOR);
        }
    }

    private static Page page(String conn, String n) {
        if (conn == null) {
            return Page.UNKNOWN;
        }
        if (conn.length() > Page.MAX_CONN_LENGTH) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, "conn has at most " + Page.MAX_CONN_LENGTH + " characters.");
        }
        return Page.of(conn, n == null ? 0 : Math.min(wholeNumber("n", n), 1L << 53));
    }

    private static int timeoutMs(String text, int defaultTimeoutMs) {
        if (text == null) {
            return defaultTimeoutMs;
        }
        long asked = wholeNumber("timeoutMs", text);
        return asked == 0 ? 0 : (int) Math.max(MIN_TIMEOUT_MS, Math.min(MAX_TIMEOUT_MS, asked));
    }

    private static long wholeNumber(String name, String text) {
        if (!isDigits(text)) {
            throw Problem.of(ErrorCode.INVALID_PARAMETER, name + " is no whole number of 0 or more.");
        }
        // So long that it does not fit is as good as the greatest.
        return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
