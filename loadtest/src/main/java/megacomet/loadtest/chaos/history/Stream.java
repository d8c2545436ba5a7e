package megacomet.loadtest.chaos.history;

/**
 * Messages that have an order: a client's mailbox, or a topic.
 *
 * @param isTopic which of the two
 * @param name the client's id, or the topic; of a gap also a pattern
 */
public record Stream(boolean isTopic, String name) {

    private static final String SEGMENTS = "**";
    private static final String SEGMENT = "*";

    public static Stream mailbox(String client) {
        return new Stream(false, client);
    }

    public static Stream topic(String name) {
        return new Stream(true, name);
    }

    /** Whether another stream is this one, or is among those that this pattern stands for. */
    public boolean covers(Stream other) {
        if (!isTopic || !other.isTopic || !name.endsWith(SEGMENT)) {
            return equals(other);
        }
        boolean isDeep = name.endsWith(SEGMENTS);
        String head = name.substring(0, name.length() - (isDeep ? SEGMENTS : SEGMENT).length());
        String rest = other.name.startsWith(head) ? other.name.substring(head.length()) : "";
        return !rest.isEmpty() && (isDeep || rest.indexOf('/') < 0);
    }

    @Override
    public String toString() {
        return isTopic ? "topic " + name : "mailbox of " + name;
    }
}
