package megacomet.gateway.hold;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.TopicGap;

/**
 * What a client is answered, on every transport.
 *
 * @param messages of its mailbox and its topics, of each stream the oldest first; none if the hold ended without any
 * @param cursor what the client must bring back, or null if it ended before anything was known
 * @param gap what it missed of its mailbox, or null
 * @param topicGaps what it missed of topics
 * @param advice what to do next
 * @param ended why the hold ended, or null unless the client must know; on a stream it is the last answer that says it
 */
public record Answer(
        List<Message> messages, String cursor, Gap gap, List<TopicGap> topicGaps, Advice advice, EndReason ended) {

    /**
     * The same, with other messages and what is missed besides.
     *
     * @param missed by topic or pattern; null stands for the mailbox
     */
    Answer with(List<Message> otherMessages, Map<String, Gap> missed) {
        Map<String, Gap> gaps = new LinkedHashMap<>();
        topicGaps.forEach(told -> gaps.put(told.topic(), told.gap()));
        if (gap != null) {
            gaps.put(null, gap);
        }
        missed.forEach((topic, more) -> gaps.merge(topic, more, Gap::and));
        Gap ofMailbox = gaps.remove(null);
        List<TopicGap> ofTopics = gaps.entrySet().stream()
                .map(one -> new TopicGap(one.getKey(), one.getValue()))
                .toList();
        return new Answer(otherMessages, cursor, ofMailbox, ofTopics, advice, ended);
    }
}
