package megacomet.gateway.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.model.Topic;
import megacomet.web.ErrorCode;
import megacomet.web.InvalidJson;
import megacomet.web.JsonText;
import megacomet.web.Problem;

/**
 * Reads what browsers say on WebSockets. A field that is not known is refused, because a misspelt {@code ttlMs} must not
 * mean a minute; and so is a frame that says two things, because only one of them could fail.
 */
final class FrameReader {

    private static final JsonFactory JSON = new JsonFactory();

    private FrameReader() {}

    /** A frame, or what is wrong with it. {@code id} is that of the message to be published, as far as it was read, or null. */
    record Read(Frame frame, String id, Problem problem) {}

    /** Reads one frame's text. Never throws. */
    static Read read(String text) {
        Fields fields = new Fields();
        try (JsonParser parser = JSON.createParser(text)) {
            return new Read(frame(text, parser, fields), fields.id, null);
        } catch (Problem problem) {
            return new Read(null, fields.id, problem);
        } catch (JsonProcessingException e) {
            return new Read(null, fields.id, InvalidJson.problem(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Nothing is read but a string.
        }
    }

    private static Frame frame(String text, JsonParser parser, Fields fields) throws IOException {
        if (parser.nextToken() == null) {
            throw Problem.of(ErrorCode.INVALID_JSON, "The frame is empty.");
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.of(ErrorCode.INVALID_FIELD, "A frame is a JSON object.");
        }
        if (parser.nextToken() == JsonToken.END_OBJECT) {
            throw Problem.of(ErrorCode.MISSING_FIELD, "A frame has one of follow, unfollow, ack, token and publish.");
        }
        String name = parser.currentName();
        parser.nextToken();
        Frame frame = switch (name) {
            case "follow" -> new Frame.Follow(names(parser, name));
            case "unfollow" -> new Frame.Unfollow(names(parser, name));
            case "ack" -> new Frame.Ack(string(parser, name));
            case "token" -> new Frame.Refresh(string(parser, name));
            case "publish" -> publish(text, parser, fields);
            default -> throw Problem.of(ErrorCode.UNKNOWN_FIELD, JsonText.shown(name) + " is no field of a frame.");
        };
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw Problem.of(ErrorCode.INVALID_FIELD, "A frame says one thing.");
        }
        if (parser.nextToken() != null) {
            throw Problem.of(ErrorCode.INVALID_JSON, "There is more after the end of the JSON text.");
        }
        return frame;
    }

    private static List<String> names(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(parser.getText());
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.of(ErrorCode.INVALID_FIELD, field + " is not an array of topics.");
        }
        Set<String> names = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            names.add(string(parser, "A topic"));
            if (names.size() > Follows.MAX_TOPICS) {
                throw Problem.of(
                        ErrorCode.TOO_MANY_TOPICS, field + " names at most " + Follows.MAX_TOPICS + " topics.");
            }
        }
        return List.copyOf(names);
    }

    private static Frame publish(String text, JsonParser parser, Fields fields) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.of(ErrorCode.INVALID_FIELD, "publish is not an object.");
        }
        Problem problem = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            try {
                field(text, parser, name, fields);
            } catch (Problem first) {
                // Read on: the id may come later, and the page wants to know which message was refused.
                problem = problem == null ? first : problem;
                parser.skipChildren();
            }
        }
        if (problem != null) {
            throw problem;
        }
        return fields.toPublish();
    }

    private static void field(String text, JsonParser parser, String name, Fields fields) throws IOException {
        if (!fields.names.add(name)) {
            throw Problem.of(ErrorCode.DUPLICATE_FIELD, JsonText.shown(name) + " is there twice.");
        }
        switch (name) {
            case "topic" -> fields.topic = topic(parser);
            case "data" -> fields.data = data(text, parser);
            case "ttlMs" -> fields.ttlMs = ttlMs(parser);
            case "id" -> fields.id = name(parser, name);
            case "key" -> fields.key = name(parser, name);
            default -> throw Problem.of(ErrorCode.UNKNOWN_FIELD, JsonText.shown(name) + " is no field of a message.");
        }
    }

    private static Topic topic(JsonParser parser) throws IOException {
        try {
            return new Topic(string(parser, "topic"));
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, e.getMessage());
        }
    }

    private static byte[] data(String text, JsonParser parser) throws IOException {
        byte[] data = JsonText.read(text, parser);
        if (data.length > SocketTransport.MAX_DATA_BYTES) {
            throw Problem.of(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The data has " + data.length + " bytes, " + SocketTransport.MAX_DATA_BYTES + " are allowed.");
        }
        return data;
    }

    private static long ttlMs(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 1
                && parser.getLongValue() <= Frame.MAX_TTL_MS) {
            return parser.getLongValue();
        }
        throw Problem.of(ErrorCode.INVALID_FIELD, "ttlMs is not a whole number from 1 to " + Frame.MAX_TTL_MS + ".");
    }

    /** A text that names something. A half of a surrogate pair would become another name in UTF-8. */
    private static String name(JsonParser parser, String field) throws IOException {
        String name = string(parser, field);
        if (name.isEmpty() || name.length() > Frame.NAME_MAX_LENGTH) {
            throw Problem.of(
                    ErrorCode.INVALID_FIELD, field + " does not have 1 to " + Frame.NAME_MAX_LENGTH + " characters.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw Problem.of(ErrorCode.INVALID_FIELD, field + " has half a character.");
        }
        return name;
    }

    private static String string(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw Problem.of(ErrorCode.INVALID_FIELD, name + " is not a string.");
        }
        return parser.getText();
    }

    private static final class Fields {
        final Set<String> names = new HashSet<>();
        Topic topic;
        byte[] data;
        long ttlMs = BrowserPublisher.TTL_OF_TOPIC;
        String id;
        String key;

        Frame.Publish toPublish() {
            if (topic == null || data == null) {
                throw Problem.of(ErrorCode.MISSING_FIELD, "A message needs topic and data.");
            }
            return new Frame.Publish(new BrowserPublisher.Post(topic, data, ttlMs, id, key));
        }
    }
}
