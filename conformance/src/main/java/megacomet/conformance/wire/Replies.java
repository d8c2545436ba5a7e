package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Tells replies from deliveries, as the stock clients do. */
final class Replies {

    private Replies() {}

    /** A delivery has data and no {@code successful}; a publisher's own {@code id} on it must not make it a reply. */
    static boolean isReply(JsonNode message) {
        return message.has("successful")
                || !message.has("data")
                || message.path("channel").asText().startsWith("/meta/");
    }

    /** Whether a message is the reply to this very request. An id that comes back as text of the same digits counts. */
    static boolean answers(JsonNode message, ObjectNode request) {
        return isReply(message)
                && request.path("channel").equals(message.path("channel"))
                && request.path("id").asText().equals(message.path("id").asText());
    }
}
