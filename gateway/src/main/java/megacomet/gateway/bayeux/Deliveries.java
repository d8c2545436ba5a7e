package megacomet.gateway.bayeux;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import megacomet.gateway.transport.Fragments;
import megacomet.gateway.transport.JsonBytes;
import megacomet.model.Message;

/**
 * What clients are sent, as JSON: messages of topics and mailboxes, and replies, in one array. A message's data goes as it
 * came. It carries nothing of its publisher, whose {@code id} CometD could take for that of a reply. For one event loop.
 */
final class Deliveries {

    /** Where a session gets what is for it alone: its mailbox. */
    static final String MAILBOX = "/service/mailbox";

    private static final int FIXED_BYTES = 256;
    private static final int BYTES_A_REPLY = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fragments plain = new Fragments(false, Deliveries::write);
    private final Fragments script = new Fragments(true, Deliveries::write);

    /** Returns the array, messages first. */
    byte[] encode(List<Message> messages, List<ObjectNode> replies) {
        JsonBytes out = new JsonBytes(capacity(messages, replies), false);
        write(messages, replies, plain, out);
        return out.toBytes();
    }

    /** Returns a script that calls {@code callback} with the array, and is nothing else in any reading. */
    byte[] encodeForScript(List<Message> messages, List<ObjectNode> replies, String callback) {
        JsonBytes out = new JsonBytes(capacity(messages, replies) + callback.length(), true);
        out.ascii("/**/").ascii(callback).ascii("(");
        write(messages, replies, script, out);
        return out.ascii(");").toBytes();
    }

    private static int capacity(List<Message> messages, List<ObjectNode> replies) {
        int bytes = FIXED_BYTES + replies.size() * BYTES_A_REPLY;
        for (Message message : messages) {
            bytes += message.data().length + FIXED_BYTES;
        }
        return bytes;
    }

    private static void write(List<Message> messages, List<ObjectNode> replies, Fragments fragments, JsonBytes out) {
        String separator = "[";
        for (Message message : messages) {
            out.ascii(separator).raw(fragments.of(message));
            separator = ",";
        }
        for (ObjectNode reply : replies) {
            out.ascii(separator).json(bytes(reply));
            separator = ",";
        }
        out.ascii(separator.equals("[") ? "[]" : "]");
    }

    private static byte[] bytes(ObjectNode reply) {
        try {
            return JSON.writeValueAsBytes(reply);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("an object of ours is JSON", e);
        }
    }

    private static void write(Message message, JsonBytes out) {
        out.ascii("{\"channel\":\"")
                .ascii(message.topic() == null ? MAILBOX : Channel.of(message.topic()))
                .ascii("\",\"data\":")
                .json(message.data())
                .ascii("}");
    }
}
