package megacomet.gateway.bayeux;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import megacomet.redis.Sessions;

/**
 * The channels that a message wants to follow or to leave: one name, or an array of names.
 *
 * <p>An array is read name by name, so that its length costs nothing: a name that comes again counts once, and as soon as there
 * are more than any session may follow, all are forgotten.
 *
 * @param form how the client wrote it
 * @param channels the names as they were written, each once, in their order
 */
record Subscription(Form form, List<String> channels) {

    /** The most different channels that one message may name. */
    static final int MAX_CHANNELS = Sessions.MAX_FOLLOWS;

    private static final Subscription NOT_ONE = new Subscription(Form.NOT_ONE, List.of());
    private static final Subscription TOO_LONG = new Subscription(Form.TOO_LONG, List.of());

    /** How a client wrote it. */
    enum Form {
        TEXT,
        ARRAY,
        /** An array of more than {@link #MAX_CHANNELS} different names. */
        TOO_LONG,
        /** Neither a text nor an array of one text or more. */
        NOT_ONE
    }

    /** Reads the value at which the parser stands, to its end. */
    static Subscription read(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return new Subscription(Form.TEXT, List.of(parser.getText()));
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return NOT_ONE;
        }
        Set<String> names = new LinkedHashSet<>();
        boolean isOfTexts = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                isOfTexts = false;
            } else if (names.size() <= MAX_CHANNELS) {
                names.add(parser.getText());
            }
        }
        if (!isOfTexts || names.isEmpty()) {
            return NOT_ONE;
        }
        return names.size() > MAX_CHANNELS ? TOO_LONG : new Subscription(Form.ARRAY, List.copyOf(names));
    }

    /** Whether it names one channel or more, and not too many. */
    boolean isUsable() {
        return form == Form.TEXT || form == Form.ARRAY;
    }

    /** Whether no session may follow all of these, whatever it follows already. */
    boolean isMoreThanOneMayFollow() {
        return form == Form.TOO_LONG
                || channels.stream().filter(name -> name.endsWith("*")).count() > Sessions.MAX_PATTERNS;
    }

    /** Returns what a reply says, which is never longer than what came; null if it had better say nothing. */
    JsonNode echo() {
        return switch (form) {
            case TEXT -> JsonNodeFactory.instance.textNode(channels.get(0));
            case ARRAY -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode(channels.size());
                channels.forEach(array::add);
                yield array;
            }
            case TOO_LONG, NOT_ONE -> null;
        };
    }
}
