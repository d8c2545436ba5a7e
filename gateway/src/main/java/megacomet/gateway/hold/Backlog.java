package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Topic;
import megacomet.model.TopicMode;

/** What waits for a browser that reads too slowly, made shorter where the topic's mode allows it. */
final class Backlog {

    private Backlog() {}

    private record Slot(Topic topic, String key) {}

    /**
     * Keeps of topics with {@link TopicMode#LATEST} the latest of each key, and of {@link TopicMode#RELAY} topics nothing,
     * which the client is told. What is in a log stays.
     *
     * @param dropped is told how many relayed messages of which topic went
     */
    static void shorten(Seat seat, BiConsumer<Topic, Integer> dropped) {
        Set<Slot> seen = new HashSet<>();
        Map<Topic, Integer> relayed = new HashMap<>();
        List<Message> kept = new ArrayList<>();
        for (int i = seat.pending.size() - 1; i >= 0; i--) {
            Message message = seat.pending.get(i);
            if (message.mode() == TopicMode.RELAY) {
                relayed.merge(message.topic(), 1, Integer::sum);
            } else if (message.mode() == TopicMode.LOG || seen.add(new Slot(message.topic(), message.key()))) {
                kept.add(message);
            }
        }
        java.util.Collections.reverse(kept);
        Set<Message> stays = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        stays.addAll(kept);
        seat.dropPending(message -> !stays.contains(message));
        relayed.forEach((topic, count) -> {
            seat.miss(topic.value(), new Gap(count, Gap.Reason.DROPPED));
            dropped.accept(topic, count);
        });
    }
}
