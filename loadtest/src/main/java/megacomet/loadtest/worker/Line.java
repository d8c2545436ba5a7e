package megacomet.loadtest.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import megacomet.loadtest.measure.Counts;

/** What a worker says to the one who started it: JSON, a line each. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Line.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Line.Interval.class, name = "interval"),
    @JsonSubTypes.Type(value = Line.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = Line.Fanned.class, name = "fanned"),
    @JsonSubTypes.Type(value = Line.Exhausted.class, name = "exhausted")
})
public sealed interface Line {

    ObjectMapper JSON = new ObjectMapper();

    /** It has started, and waits to be told what to do. */
    record Ready() implements Line {}

    /**
     * Twice a second, and at the end.
     *
     * @param connected connections now
     * @param held browsers that wait now
     * @param storms how many storms have begun here
     * @param away browsers that a storm dropped and that are not served again yet
     * @param outstanding messages whose fate is open
     * @param isPublished whether all plans are over and answered
     * @param counts since the start
     * @param latency from the planned time to the delivery, of messages to single browsers, since the line before
     * @param lateness from the planned time to the writing of a message, since the line before
     * @param back from a storm's beginning to a browser's being served again, since the line before
     * @param isLast whether no other line follows
     */
    record Interval(
            int connected,
            int held,
            int storms,
            int away,
            int outstanding,
            boolean isPublished,
            Counts counts,
            String latency,
            String lateness,
            String back,
            boolean isLast)
            implements Line {}

    /** A message to a topic was accepted. */
    record Accepted(int group, int number) implements Line {}

    /**
     * A message to a topic has reached all of this worker's followers, or no more will come.
     *
     * @param deliveries how many it has reached
     * @param latency their latencies
     */
    record Fanned(int group, int number, int deliveries, String latency) implements Line {}

    /** It cannot go on. */
    record Exhausted(String sentence) implements Line {}

    default String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Line parse(String json) {
        try {
            return JSON.readValue(json, Line.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("no line of a worker: " + json, e);
        }
    }
}
