package megacomet.publisher;

import static megacomet.web.JsonText.isWhitespace;
import static megacomet.web.JsonText.shown;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.Publisher.Publication;
import megacomet.redis.TopicRules;
import megacomet.web.ErrorCode;
import megacomet.web.InvalidJson;
import megacomet.web.JsonText;
import megacomet.web.Problem;

/**
 * Reads messages as applications send them. An unknown field is refused, because a misspelt {@code ttlMs} must not mean a
 * minute. The data is not taken apart: it loses the whitespace between its tokens and is otherwise kept character for
 * character, large numbers, order of keys and all.
 */
final class LetterReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final PublishLimits limits;
    private final TopicRules topics;

    /** @param topics say how long messages of a topic live that do not say so themselves */
    LetterReader(PublishLimits limits, TopicRules topics) {
        this.limits = limits;
        this.topics = topics;
    }

    /** A letter, or what is wrong with it. */
    record Read(Letter letter, Problem problem) {}

    /** Whether the text is an array of messages rather than one. */
    static boolean isArray(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isWhitespace(text.charAt(i))) {
                return text.charAt(i) == '[';
            }
        }
        return false;
    }

    /** Reads a text that is one message. Throws a {@link Problem}. */
    Letter one(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw Problem.of(ErrorCode.INVALID_JSON, "The body is empty.");
            }
            Read read = element(text, parser);
            demandEnd(parser);
            if (read.problem != null) {
                throw read.problem;
            }
            return read.letter;
        } catch (JsonProcessingException e) {
            throw InvalidJson.problem(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text that is an array of messages. A text that is no JSON is refused as a whole with a {@link Problem};
     * what is wrong with single messages stands in their place.
     */
    List<Read> many(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            List<Read> all = new ArrayList<>();
            int recipients = 0;
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Read read = element(text, parser);
                all.add(read);
                recipients += read.problem == null ? read.letter.messages() : 1;
                if (all.size() > PublishLimits.MAX_MESSAGES_AN_ARRAY
                        || recipients > PublishLimits.MAX_RECIPIENTS_AN_ARRAY) {
                    throw Problem.of(
                            ErrorCode.BODY_TOO_LARGE,
                            "An array has at most " + PublishLimits.MAX_MESSAGES_AN_ARRAY + " messages, to "
                                    + PublishLimits.MAX_RECIPIENTS_AN_ARRAY
                                    + " clients and topics together; NDJSON has any number.");
                }
            }
            demandEnd(parser);
            return all;
        } catch (JsonProcessingException e) {
            throw InvalidJson.problem(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void demandEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw Problem.at(
                    ErrorCode.INVALID_JSON,
                    "There is more after the end of the JSON text.",
                    parser.currentTokenLocation().getLineNr(),
                    parser.currentTokenLocation().getColumnNr());
        }
    }

    /** Reads the value at which the parser stands, to its end, also if something is wrong with it. */
    private Read element(String text, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return new Read(null, Problem.of(ErrorCode.INVALID_FIELD, "A message is a JSON object."));
        }
        Fields fields = new Fields();
        Problem problem = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            try {
                field(text, parser, name, fields);
            } catch (Problem first) {
                problem = problem == null ? first : problem;
                skip(parser);
            }
        }
        if (problem == null) {
            try {
                return new Read(fields.toLetter(topics), null);
            } catch (Problem incomplete) {
                problem = incomplete;
            }
        }
        return new Read(null, problem);
    }

    private static void skip(JsonParser parser) throws IOException {
        parser.skipChildren();
    }

    private void field(String text, JsonParser parser, String name, Fields fields) throws IOException {
        if (!fields.names.add(name)) {
            throw Problem.of(ErrorCode.DUPLICATE_FIELD, shown(name) + " is there twice.");
        }
        switch (name) {
            case "client" -> fields.client = client(parser, name);
            case "clients" -> fields.clients = clients(parser);
            case "topic" -> fields.topic = topic(parser);
            case "key" -> fields.key = name(parser, "key", PublishLimits.KEY_MAX_LENGTH);
            case "data" -> fields.data = data(text, parser);
            case "ttlMs" -> fields.ttlMs = ttlMs(parser);
            case "id" -> fields.id = name(parser, "id", PublishLimits.ID_MAX_LENGTH);
            case "durability" -> fields.isReplicated = isReplicated(parser);
            default -> throw Problem.of(ErrorCode.UNKNOWN_FIELD, shown(name) + " is no field of a message.");
        }
    }

    private static boolean isReplicated(JsonParser parser) throws IOException {
        if (string(parser, "durability").equals("replicated")) {
            return true;
        }
        throw Problem.of(ErrorCode.INVALID_FIELD, "durability is replicated, or is not there.");
    }

    private static ClientId client(JsonParser parser, String name) throws IOException {
        try {
            return ClientId.given(string(parser, name));
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_CLIENT, e.getMessage());
        }
    }

    private static Topic topic(JsonParser parser) throws IOException {
        try {
            return new Topic(string(parser, "topic"));
        } catch (IllegalArgumentException e) {
            throw Problem.of(ErrorCode.INVALID_TOPIC, e.getMessage());
        }
    }

    /** A client that is there again is one client, and gets the message once. */
    private List<ClientId> clients(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.of(ErrorCode.INVALID_FIELD, "clients is not an array.");
        }
        Set<ClientId> clients = new LinkedHashSet<>();
        Problem problem = null;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                if (problem != null) {
                    skip(parser);
                    continue;
                }
                clients.add(client(parser, "An element of clients"));
                if (clients.size() > limits.clientsMaxAMessage()) {
                    throw Problem.of(
                            ErrorCode.INVALID_FIELD,
                            "clients has more than " + limits.clientsMaxAMessage() + " elements.");
                }
            } catch (Problem first) {
                problem = first;
                skip(parser);
            }
        }
        if (problem != null) {
            throw problem;
        }
        if (clients.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID_FIELD, "clients is empty.");
        }
        return List.copyOf(clients);
    }

    private byte[] data(String text, JsonParser parser) throws IOException {
        byte[] data = JsonText.read(text, parser);
        if (data.length > limits.messageMaxBytes()) {
            throw Problem.of(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "The data has " + data.length + " bytes, " + limits.messageMaxBytes() + " are allowed.");
        }
        return data;
    }

    private static long ttlMs(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 1
                && parser.getLongValue() <= PublishLimits.MAX_TTL_MS) {
            return parser.getLongValue();
        }
        throw Problem.of(
                ErrorCode.INVALID_FIELD, "ttlMs is not a whole number from 1 to " + PublishLimits.MAX_TTL_MS + ".");
    }

    /** A text that names something. A half of a surrogate pair would become another name in UTF-8. */
    private static String name(JsonParser parser, String field, int maxLength) throws IOException {
        String name = string(parser, field);
        if (name.isEmpty() || name.codePointCount(0, name.length()) > maxLength) {
            throw Problem.of(ErrorCode.INVALID_FIELD, field + " does not have 1 to " + maxLength + " characters.");
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
        ClientId client;
        List<ClientId> clients;
        Topic topic;
        String key;
        byte[] data;
        Long ttlMs;
        String id;
        boolean isReplicated;

        Letter toLetter(TopicRules topics) {
            demandOneTarget();
            if (key != null && topic == null) {
                throw Problem.of(ErrorCode.INVALID_FIELD, "Only messages of topics have a key.");
            }
            if (data == null) {
                throw Problem.of(ErrorCode.MISSING_FIELD, "A message needs data.");
            }
            if (topic != null) {
                long lifeMs = ttlMs == null ? topics.lifeMs(topic) : ttlMs;
                return Letter.toTopic(topic, new Publication(data, lifeMs, id, key, isReplicated));
            }
            long lifeMs = ttlMs == null ? PublishLimits.DEFAULT_TTL_MS : ttlMs;
            Publication publication = new Publication(data, lifeMs, id, null, isReplicated);
            return Letter.toClients(client == null ? clients : List.of(client), client == null, publication);
        }

        private void demandOneTarget() {
            long targets =
                    Stream.of(client, clients, topic).filter(Objects::nonNull).count();
            if (targets == 0) {
                throw Problem.of(ErrorCode.MISSING_FIELD, "A message needs client, clients or topic.");
            }
            if (targets > 1) {
                throw Problem.of(ErrorCode.INVALID_FIELD, "A message has one of client, clients and topic.");
            }
        }
    }
}
