package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The replies to messages: the message's channel and id, and whether it was successful. */
final class Replies {

    /** As Bayeux 1.0 has it, section "timestamp". */
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SS").withZone(ZoneOffset.UTC);

    private Replies() {}

    static ObjectNode successful(BayeuxMessage message) {
        return reply(message, true);
    }

    static ObjectNode failed(BayeuxMessage message, String error) {
        return reply(message, false).put("error", error);
    }

    private static ObjectNode reply(BayeuxMessage message, boolean isSuccessful) {
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        if (message.channel() != null) {
            reply.put("channel", message.channel());
        }
        if (message.id() != null) {
            reply.set("id", message.id());
        }
        reply.put("successful", isSuccessful);
        if (message.timestamp() != null) {
            reply.put("timestamp", TIMESTAMP.format(Instant.now()));
        }
        return reply;
    }
}
