package megacomet.gateway.hold;

import java.util.List;
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
        List<Message> messages, String cursor, Gap gap, List<TopicGap> topicGaps, Advice advice, EndReason ended) {}
