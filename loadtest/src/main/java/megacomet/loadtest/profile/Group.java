package megacomet.loadtest.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import megacomet.loadtest.message.Stamp;

/**
 * Virtual browsers of one kind, and what is published to them.
 *
 * @param dialect how they speak: a name of {@code Dialects}
 * @param browsers how many they are
 * @param rate messages a second, each to one of them that chance chooses; 0: none
 * @param bytes the size of a message's data
 * @param topic what all of them follow, or null
 * @param topicRate messages a second to the topic, each to all of them; 0: none
 * @param churn how many of them leave and come back a second
 * @param closed whether each of them is sent its next message when it has the one before, and waits again (a closed loop)
 */
public record Group(
        @JsonProperty(required = true) String dialect,
        @JsonProperty(required = true) int browsers,
        double rate,
        int bytes,
        String topic,
        double topicRate,
        double churn,
        boolean closed) {

    public static final int DEFAULT_BYTES = 200;
    private static final int MAX_BYTES = 60_000;
    private static final int MAX_BROWSERS = 10_000_000;
    private static final double MAX_RATE = 1_000_000;

    public Group {
        bytes = bytes == 0 ? DEFAULT_BYTES : bytes;
        require(
                browsers >= 1 && browsers <= MAX_BROWSERS,
                "browsers: " + browsers + " is not from 1 to " + MAX_BROWSERS);
        require(isRate(rate), "rate: " + rate + " is not from 0 to " + MAX_RATE);
        require(isRate(topicRate), "topic rate: " + topicRate + " is not from 0 to " + MAX_RATE);
        require(isRate(churn), "churn: " + churn + " is not from 0 to " + MAX_RATE);
        require(
                bytes >= Stamp.MIN_BYTES && bytes <= MAX_BYTES,
                "bytes: " + bytes + " is not from " + Stamp.MIN_BYTES + " to " + MAX_BYTES);
        require(topicRate == 0 || topic != null, "a topic rate needs a topic");
        require(
                topic == null || topic.matches("[A-Za-z0-9_.!~()$@/-]{1,200}"),
                "topic: '" + topic + "' is no name of segments of letters, digits and _.!~()$@-");
    }

    /** Whether anything is published to it. */
    @JsonIgnore
    public boolean isPublishedTo() {
        return rate > 0 || topicRate > 0 || closed;
    }

    private static boolean isRate(double rate) {
        return rate >= 0 && rate <= MAX_RATE;
    }

    private static void require(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
