package megacomet.redis;

import megacomet.model.TopicMode;

/**
 * What is kept of a topic. All processes that publish to it should agree: a topic whose mode changes begins anew, empty.
 *
 * @param maxMessages how many live messages are kept (of {@link TopicMode#LATEST}: how many keys); one more drives out the
 *     oldest
 * @param maxBytes how many bytes of live messages are kept, envelopes included
 */
public record TopicSettings(TopicMode mode, int maxMessages, int maxBytes) {

    /** What holds unless said otherwise. */
    public static final TopicSettings DEFAULT = new TopicSettings(TopicMode.LOG, 1_000, 1 << 20);
}
