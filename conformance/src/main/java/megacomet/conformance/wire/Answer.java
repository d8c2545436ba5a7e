package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back for one transport message.
 *
 * @param status of HTTP; {@link #NO_STATUS} over a WebSocket
 * @param body as it came, or over a WebSocket the replies' frames
 * @param messages of the body in order; empty when it is no JSON array
 * @param tookMs from sending to the last byte
 */
public record Answer(int status, HttpHeaders headers, String body, List<JsonNode> messages, long tookMs) {

    public static final int NO_STATUS = 0;

    static Answer ofFrames(List<JsonNode> replies, long tookMs) {
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        return new Answer(NO_STATUS, none, Json.arrayOf(replies).toString(), List.copyOf(replies), tookMs);
    }

    public boolean isHttp() {
        return status != NO_STATUS;
    }

    /** The reply to a request, by its id or else its channel; a missing node when there is none. */
    public JsonNode replyTo(ObjectNode request) {
        return messages.stream()
                .filter(message -> Replies.answers(message, request))
                .findFirst()
                .or(() -> firstOf(request))
                .orElse(MissingNode.getInstance());
    }

    /** How often a channel is replied to. */
    public long replies(String channel) {
        return messages.stream()
                .filter(message -> Replies.isReply(message)
                        && channel.equals(message.path("channel").asText()))
                .count();
    }

    /** What was delivered in it. */
    public List<JsonNode> events() {
        return messages.stream().filter(message -> !Replies.isReply(message)).toList();
    }

    public String header(String name) {
        return String.join(", ", headers.allValues(name));
    }

    private Optional<JsonNode> firstOf(ObjectNode request) {
        return messages.stream()
                .filter(message -> Replies.isReply(message)
                        && !message.has("id")
                        && request.path("channel").equals(message.path("channel")))
                .findFirst();
    }

    @Override
    public String toString() {
        return isHttp() ? "HTTP " + status + " " + body : body;
    }
}
