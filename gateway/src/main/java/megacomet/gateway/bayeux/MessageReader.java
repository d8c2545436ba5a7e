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

/**
 * Reads what clients send: an array of messages, or one message by itself. Fields that are not known mean nothing.
 *
 * <p>What is read takes little more memory than the text: lists are bounded while they are read, and no tree is made of anything
 * but an {@code ext} of {@value #MAX_EXT_BYTES} bytes.
 */
final class MessageReader {

    /** The most messages in one request. */
    static final int MAX_MESSAGES = 500;

    /** The longest {@code ext} of a message: as much as the application is asked about at a handshake. */
    static final int MAX_EXT_BYTES = 16 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private MessageReader() {}

    /** Returns the messages in their order; throws a {@link Problem}. */
    static List<BayeuxMessage> read(String text) {
        List<BayeuxMessage> messages = new ArrayList<>(1);
        read(text, messages);
        return messages;
    }

    /** Adds the messages of one more text of the same request; throws a {@link Problem}. */
    static void read(String text, List<BayeuxMessage> messages) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                demandRoom(messages);
                messages.add(message(text, parser));
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() != JsonToken.START_OBJECT) {
                        throw Problem.of(ErrorCode.INVALID_JSON, "A message is an object.");
                    }
                    demandRoom(messages);
                    messages.add(message(text, parser));
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
    }

    private static void demandRoom(List<BayeuxMessage> messages) {
        if (messages.size() == MAX_MESSAGES) {
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
        Subscription subscription = null;
        Long timeoutMs = null;
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
                case "supportedConnectionTypes" -> supportedConnectionTypes = connectionTypes(parser);
                case "connectionType" -> connectionType = text(parser);
                case "subscription" -> subscription = Subscription.read(parser);
                case "advice" -> timeoutMs = timeoutMs(parser);
                case "ext" -> ext = ext(text, parser);
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
                timeoutMs,
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

    /** Returns those that we have, each once; null if it is not an array. */
    private static List<String> connectionTypes(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            skip(parser);
            return null;
        }
        List<String> known = new ArrayList<>(Handshakes.CONNECTION_TYPES.size());
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String type = text(parser);
            if (type != null && Handshakes.CONNECTION_TYPES.contains(type) && !known.contains(type)) {
                known.add(type);
            }
        }
        return known;
    }

    /** Returns the only advice that a client has for us, or null. */
    private static Long timeoutMs(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            skip(parser);
            return null;
        }
        Long timeoutMs = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isTimeout = parser.currentName().equals("timeout");
            parser.nextToken();
            if (isTimeout && parser.currentToken().isNumeric()) {
                timeoutMs = JSON.<JsonNode>readTree(parser).asLong();
            } else {
                skip(parser);
            }
        }
        return timeoutMs;
    }

    private static JsonNode ext(String text, JsonParser parser) throws IOException {
        byte[] json = JsonText.read(text, parser);
        if (json.length > MAX_EXT_BYTES) {
            throw Problem.of(ErrorCode.MESSAGE_TOO_LARGE, "ext has at most " + MAX_EXT_BYTES + " bytes.");
        }
        return JSON.readTree(json);
    }
}
