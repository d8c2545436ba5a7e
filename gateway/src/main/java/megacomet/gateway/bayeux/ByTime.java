package megacomet.gateway.bayeux;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.Message;
import megacomet.model.Topic;

/**
 * Puts messages of several topics into the order of the times at which they were published. Each topic is a stream of its
 * own, perhaps of another Redis master, so between them there is no order but that of clocks; within one its own is kept
 * whatever its master's clock did.
 */
final class ByTime {

    private record Timed(long atMs, Message message) {}

    private ByTime() {}

    static List<Message> sorted(List<Message> messages) {
        if (messages.size() < 2) {
            return messages;
        }
        Map<Topic, Long> latestMs = new HashMap<>();
        List<Timed> timed = new ArrayList<>(messages.size());
        for (Message message : messages) {
            timed.add(new Timed(latestMs.merge(message.topic(), message.atMs(), Math::max), message));
        }
        timed.sort(Comparator.comparingLong(Timed::atMs));
        return timed.stream().map(Timed::message).toList();
    }
}
