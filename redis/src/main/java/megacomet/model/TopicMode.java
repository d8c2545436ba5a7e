package megacomet.model;

import java.util.Locale;

/** What is kept of a topic's messages. {@code code} stands in envelopes and in the topic's state. */
public enum TopicMode {
    /** All of them, until their life ends or the log is full. Clients' mailboxes are like this, too. */
    LOG(0),
    /** The latest of each key; one that a later one has replaced is no loss. */
    LATEST(1),
    /** None: who is not there misses it, and is told so. */
    RELAY(2);

    private final int code;

    TopicMode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Returns the word in settings and answers. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the mode that a script wrote. */
    public static TopicMode ofCode(int code) {
        for (TopicMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no topic has mode " + code);
    }
}
