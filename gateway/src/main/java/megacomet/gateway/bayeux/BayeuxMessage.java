package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A message from a client, of which only what we look at was kept. Fields that are absent are null; one of another kind than
 * it must be is taken for absent, but for {@code subscription} and {@code id}, which go back as they came.
 *
 * @param data as JSON, which is passed on untouched
 */
record BayeuxMessage(
        String channel,
        String clientId,
        JsonNode id,
        String version,
        List<String> supportedConnectionTypes,
        String connectionType,
        JsonNode subscription,
        JsonNode advice,
        JsonNode ext,
        String timestamp,
        byte[] data) {

    boolean isOn(String metaChannel) {
        return metaChannel.equals(channel);
    }

    /** Returns the id as text; empty if there is none. */
    String idText() {
        return id == null ? "" : id.asText();
    }

    /** Returns a part of {@code ext}, or a missing node. */
    JsonNode extension(String name) {
        return ext == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : ext.path(name);
    }

    /** Returns how long the client wants its connect to be held, or {@code otherwise} if it does not say. */
    long timeoutMs(long otherwise) {
        JsonNode timeout = advice == null ? null : advice.get("timeout");
        return timeout == null || !timeout.isNumber() ? otherwise : Math.max(0, timeout.asLong());
    }
}
