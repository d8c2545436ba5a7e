package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;

/** Judges messages' lives by the clocks of the masters that they are on. One thread. */
final class Lives {

    private static final Gap ONE_EXPIRED = new Gap(1, Gap.Reason.EXPIRED);

    private final MasterClocks clocks;
    private final Partitions partitions;
    /** Many are asked about the same topic, one after the other. */
    private Topic latestTopic;

    private int latestTopicPartition;

    Lives(MasterClocks clocks, Partitions partitions) {
        this.clocks = clocks;
        this.partitions = partitions;
    }

    /**
     * How old a message is, in ms.
     *
     * @param mailboxPartition of its recipient, if it is of no topic
     */
    long ageMs(int mailboxPartition, Message message) {
        return nowMs(mailboxPartition, message) - message.atMs();
    }

    /** Whether a message's life is over. If so, and somebody may miss it, that is told with the topic, or null for none. */
    boolean isOver(int mailboxPartition, Message message, BiConsumer<String, Gap> missed) {
        if (message.expiryMs() > nowMs(mailboxPartition, message)) {
            return false;
        }
        // A later value stands for a latest one.
        if (message.topic() == null) {
            missed.accept(null, ONE_EXPIRED);
        } else if (message.mode() != TopicMode.LATEST) {
            missed.accept(message.topic().value(), ONE_EXPIRED);
        }
        return true;
    }

    /** An answer without the messages whose lives have ended since it was given, of which it tells as missed. */
    Answer withoutDead(int mailboxPartition, Answer answer, BiConsumer<String, Gap> missed) {
        Map<String, Gap> gaps = new LinkedHashMap<>();
        BiConsumer<String, Gap> tell = missed.andThen((topic, gap) -> gaps.merge(topic, gap, Gap::and));
        List<Message> alive = new ArrayList<>(answer.messages());
        boolean hasDead = alive.removeIf(message -> isOver(mailboxPartition, message, tell));
        return hasDead ? answer.with(alive, gaps) : answer;
    }

    private long nowMs(int mailboxPartition, Message message) {
        return clocks.nowMs(message.topic() == null ? mailboxPartition : partitionOf(message.topic()));
    }

    private int partitionOf(Topic topic) {
        if (topic != latestTopic) {
            latestTopic = topic;
            latestTopicPartition = partitions.of(topic);
        }
        return latestTopicPartition;
    }
}
