package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * CometD's time synchronisation: a client says its time, and what it believes of its lag and of the server's offset; it is
 * told when that came, how long the reply took to be made, and how wrong the belief is.
 */
final class TimeSync {

    private static final long CLOSE_ENOUGH_MS = 25;

    private TimeSync() {}

    /** Adds to a reply what the client wants to know, if it asked. */
    static void answer(BayeuxMessage message, ObjectNode reply, long receivedMs) {
        JsonNode asked = message.extension("timesync");
        if (!asked.path("tc").isNumber()) {
            return;
        }
        long clientMs = asked.path("tc").asLong();
        long lagMs = asked.path("l").asLong();
        long accuracyMs = clientMs + asked.path("o").asLong() + lagMs - receivedMs;
        if (lagMs == 0 || Math.abs(accuracyMs) >= CLOSE_ENOUGH_MS) {
            reply.withObjectProperty("ext")
                    .putObject("timesync")
                    .put("tc", clientMs)
                    .put("ts", receivedMs)
                    .put("p", System.currentTimeMillis() - receivedMs)
                    .put("a", accuracyMs);
        }
    }
}
