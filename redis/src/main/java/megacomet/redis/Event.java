package megacomet.redis;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import megacomet.model.ClientId;
import megacomet.model.Transport;

/**
 * Something that an application may want to know of its clients.
 *
 * @param client whom it is about, or null
 * @param node the gateway where it happened, or null
 * @param transport by which the client was held, or null
 * @param reason why, or null
 * @param seq the highest number of the messages that it is about, 0 for none
 * @param count how many messages it is about, 0 for none
 * @param atMs when it was noticed, epoch ms
 */
public record Event(
        Kind kind, ClientId client, NodeId node, Transport transport, String reason, long seq, long count, long atMs) {

    /** What happened. */
    public enum Kind {
        /** A client came that no node knew. */
        CONNECTED,
        /** A client went away, and did not come back within the linger. */
        GONE,
        /** Messages died before the client confirmed them. */
        EXPIRED,
        /** Messages were driven out of a full mailbox before the client confirmed them. */
        DROPPED,
        /** Events are missing here: they could not be told, or are not kept any more. */
        LOST;

        /** Returns the word in the log. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The reason of clients whose node ended without a word. */
    public static final String NODE_LOST = "node_lost";

    public static Event connected(ClientId client, NodeId node, Transport transport, long atMs) {
        return new Event(Kind.CONNECTED, client, node, transport, null, 0, 0, atMs);
    }

    public static Event gone(ClientId client, NodeId node, Transport transport, String reason, long atMs) {
        return new Event(Kind.GONE, client, node, transport, reason, 0, 0, atMs);
    }

    public static Event expired(ClientId client, long count, long seq, long atMs) {
        return new Event(Kind.EXPIRED, client, null, null, null, seq, count, atMs);
    }

    public static Event dropped(ClientId client, long count, long seq, long atMs) {
        return new Event(Kind.DROPPED, client, null, null, null, seq, count, atMs);
    }

    /** @param count how many, 0 if nobody knows */
    public static Event lost(long count, long atMs) {
        return new Event(Kind.LOST, null, null, null, null, 0, count, atMs);
    }

    /** Returns it as it stands in the log: a JSON object of the fields that it has. */
    public String json() {
        JsonObject json = new JsonObject().put("event", kind.word());
        if (client != null) {
            json.put("client", client.value());
        }
        if (node != null) {
            json.put("node", node.value());
        }
        if (transport != null) {
            json.put("transport", transport.word());
        }
        if (reason != null) {
            json.put("reason", reason);
        }
        if (seq != 0) {
            json.put("seq", seq);
        }
        if (count != 0) {
            json.put("count", count);
        }
        return json.put("at", atMs).encode();
    }
}
