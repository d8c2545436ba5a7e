package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/**
 * A message from a client, of which only what we look at was kept. Fields that are absent are null; one of another kind than
 * it must be is taken for absent.
 *
 * @param supportedConnectionTypes those that we have
 * @param advisedTimeoutMs for how long the client's {@code advice} wants a connect to be held
 * @param data as JSON, which is passed on untouched
 */
record BayeuxMessage(
        String channel,
        String clientId,
        JsonNode id,
        String version,
        List<String> supportedConnectionTypes,
        String connectionType,
        Subscription subscription,
        Long advisedTimeoutMs,
        JsonNode ext,
        String timestamp,
        byte[] data) {

    /** Returns what its reply needs of a connect, which may be held for long. */
    BayeuxMessage forReply() {
        JsonNode timeSync = extension(TimeSync.NAME);
        JsonNode kept = timeSync.isMissingNode()
                ? null
                : JsonNodeFactory.instance.objectNode().set(TimeSync.NAME, timeSync);
        return new BayeuxMessage(Channel.CONNECT, null, id, null, null, null, null, null, kept, timestamp, null);
    }

    boolean isOn(String metaChannel) {
        return metaChannel.equals(channel);
    }

    /** Returns the id as text; empty if there is none. */
    String idText() {
        return id == null ? "" : id.asText();
    }

    /** Returns a part of {@code ext}, or a missing node. */
    JsonNode extension(String name) {
        return ext == null ? MissingNode.getInstance() : ext.path(name);
    }

    /** Returns how long the client wants its connect to be held, or {@code otherwise} if it does not say. */
    long timeoutMs(long otherwise) {
        return advisedTimeoutMs == null ? otherwise : Math.max(0, advisedTimeoutMs);
    }
}
