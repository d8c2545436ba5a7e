package megacomet.drain;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client that waits at one gateway until that sends it away, and goes on at another. It follows a topic in which every
 * message is the next number, and so is every message to itself: it keeps the first thing that is wrong.
 */
abstract class Roamer {

    static final String TOPIC = "drained";

    final Roaming roaming;
    final String client;
    final String page =
            Long.toString(ThreadLocalRandom.current().nextLong(), 36).replace('-', 'x');
    private final Map<String, Integer> last = new HashMap<>();
    private String gatewayUrl;
    private volatile int ofTopic;
    private volatile int ofMailbox;
    private volatile String wrong;
    private volatile long intervalMs = -1;

    Roamer(Roaming roaming, String client) {
        this.roaming = roaming;
        this.client = client;
        this.gatewayUrl = roaming.fromUrl;
    }

    /** Waits at {@link #gatewayUrl}, from where it was. */
    abstract void visit();

    String gatewayUrl() {
        return gatewayUrl;
    }

    /** Messages of a poll's answer, or of what looks like it. */
    void take(JsonNode answer) {
        if (answer.has("gaps")) {
            isWrong("a gap: " + answer.get("gaps"));
        }
        answer.path("messages")
                .forEach(message -> take(
                        message.has("topic") ? TOPIC : "mailbox",
                        message.get("data").asInt()));
    }

    void take(String stream, int number) {
        int before = last.getOrDefault(stream, 0);
        if (number != before + 1) {
            isWrong(stream + ": " + number + " came after " + before);
        }
        last.put(stream, number);
        if (stream.equals(TOPIC)) {
            ofTopic = number;
        } else {
            ofMailbox = number;
        }
    }

    /** The gateway sent it away, and told it to come back after so long. */
    void sentAway(long ms) {
        if (gatewayUrl.equals(roaming.fromUrl)) {
            intervalMs = ms;
            roaming.sentAway();
        }
        gatewayUrl = roaming.toUrl;
    }

    /**
     * It was on its way when the gateway ended, and goes elsewhere, as clients do when they are not answered. A gateway waits
     * for those that are late, but for how long they are held up here is nothing that it can know.
     */
    void cutOff(Throwable failure) {
        if (gatewayUrl.equals(roaming.toUrl)) {
            isWrong(failure.toString());
            return;
        }
        gatewayUrl = roaming.toUrl;
        visit();
    }

    void isWrong(String what) {
        if (wrong == null) {
            wrong = getClass().getSimpleName() + " " + client + ": " + what;
        }
    }

    /** How far it is in the topic. From any thread, as all that follow. */
    int ofTopic() {
        return ofTopic;
    }

    /** How far it is in its mailbox. */
    int ofMailbox() {
        return ofMailbox;
    }

    boolean hasMailbox() {
        return true;
    }

    /** What went wrong, or null. */
    String wrong() {
        return wrong;
    }

    /** After how long it was told to come back, or −1. */
    long intervalMs() {
        return intervalMs;
    }
}
