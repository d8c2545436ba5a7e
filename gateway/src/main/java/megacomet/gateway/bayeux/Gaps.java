package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import megacomet.gateway.hold.Answer;
import megacomet.model.Gap;
import megacomet.model.TopicGap;

/** That messages were lost is said aloud, on a channel that applications may listen to. */
final class Gaps {

    static final String CHANNEL = "/service/gaps";

    private Gaps() {}

    /** Returns what the client is told that it missed, as a message, if it missed anything. */
    static Optional<ObjectNode> tell(Answer answer) {
        if (answer.gap() == null && answer.topicGaps().isEmpty()) {
            return Optional.empty();
        }
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("channel", CHANNEL);
        ArrayNode gaps = message.putArray("data");
        if (answer.gap() != null) {
            tell(answer.gap(), gaps.addObject());
        }
        for (TopicGap gap : answer.topicGaps()) {
            tell(gap.gap(), gaps.addObject().put("channel", "/" + gap.topic()));
        }
        return Optional.of(message);
    }

    private static void tell(Gap gap, ObjectNode told) {
        if (gap.isCounted()) {
            told.put("missed", gap.missed());
        }
        told.put("reason", gap.reason().word());
    }
}
