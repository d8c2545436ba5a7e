package megacomet.gateway.bayeux;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import megacomet.web.ErrorCode;
import megacomet.web.InvalidJson;
import megacomet.web.JsonText;
import megacomet.web.Problem;

/** Reads what clients send: an array of messages, or one message by itself. Fields that are not known mean nothing. */
final class MessageReader {

    /** The most messages in one request. */
    static final int MAX_MESSAGES = 500;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private MessageReader() {}

    /** Returns the messages in their order; throws a {@link Problem}. */
    static List<BayeuxMessage> read(String text) {
        List<BayeuxMessage> messages = new ArrayList<>(1);
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                messages.add(message(text, parser));
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() != JsonToken.START_OBJECT) {
                        throw Problem.of(ErrorCode.INVALID_JSON, "A message is an object.");
                    }
                    messages.add(message(text, parser));
                    demandRoom(messages.size());
                }
            } else {
                throw Problem.of(ErrorCode.INVALID_JSON, "Messages are an object, or an array of objects.");
            }
            if (parser.nextToken() != null) {
                throw Problem.of(ErrorCode.INVALID_JSON, "Something follows the messages.");
            }
        } catch (JsonProcessingException e) {
            throw InvalidJson.problem(e);
        } catch (IOException e) {
            throw new UncheckedIOException("from a text, which cannot fail", e);
        }
        return messages;
    }

    /** Throws a {@link Problem} if so many messages are too many for one request. */
    static void demandRoom(int messages) {
        if (messages > MAX_MESSAGES) {
            throw Problem.of(ErrorCode.BODY_TOO_LARGE, "At most " + MAX_MESSAGES + " messages come in one request.");
        }
    }

    private static BayeuxMessage message(String text, JsonParser parser) throws IOException {
        String channel = null;
        String clientId = null;
        JsonNode id = null;
        String version = null;
        List<String> supportedConnectionTypes = null;
        String connectionType = null;
        JsonNode subscription = null;
        JsonNode advice = null;
        JsonNode ext = null;
        String timestamp = null;
        byte[] data = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "channel" -> channel = text(parser);
                case "clientId" -> clientId = text(parser);
                case "id" -> id = parser.currentToken().isScalarValue() ? scalar(parser) : skip(parser);
                case "version" -> version = text(parser);
                case "supportedConnectionTypes" -> supportedConnectionTypes = texts(JSON.readTree(parser));
                case "connectionType" -> connectionType = text(parser);
                case "subscription" -> subscription = JSON.readTree(parser);
                case "advice" -> advice = JSON.readTree(parser);
                case "ext" -> ext = JSON.readTree(parser);
                case "timestamp" -> timestamp = text(parser);
                case "data" -> data = JsonText.read(text, parser);
                default -> skip(parser);
            }
        }
        return new BayeuxMessage(
                channel,
                clientId,
                id,
                version,
                supportedConnectionTypes,
                connectionType,
                subscription,
                advice,
                ext,
                timestamp,
                data);
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        skip(parser);
        return null;
    }

    private static JsonNode scalar(JsonParser parser) throws IOException {
        JsonNode value = JSON.readTree(parser);
        return value.isTextual() || value.isNumber() ? value : null;
    }

    private static JsonNode skip(JsonParser parser) throws IOException {
        parser.skipChildren();
        return null;
    }

    private static List<String> texts(JsonNode value) {
        if (!value.isArray()) {
            return null;
        }
        List<String> texts = new ArrayList<>(value.size());
        value.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
