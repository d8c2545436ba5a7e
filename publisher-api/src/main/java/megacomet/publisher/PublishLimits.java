package megacomet.publisher;

import megacomet.redis.TopicRules;

/**
 * The limits of what may be published.
 *
 * @param messageMaxBytes of a message's data, without insignificant whitespace
 * @param bodyMaxBytes of a body that is read as a whole: one message, or an array
 * @param lineMaxBytes of one line of NDJSON
 * @param clientsMaxAMessage how many clients one message may name
 */
public record PublishLimits(int messageMaxBytes, int bodyMaxBytes, int lineMaxBytes, int clientsMaxAMessage) {

    /** What holds unless said otherwise. */
    public static final PublishLimits DEFAULT = new PublishLimits(64 << 10, 8 << 20, 1 << 20, 1_000);

    /** The most messages of one array, which is read as a whole before anything of it is published. */
    public static final int MAX_MESSAGES_AN_ARRAY = 20_000;

    /** To how many clients and topics the messages of one array go, each counted with each message. */
    public static final int MAX_RECIPIENTS_AN_ARRAY = 100_000;

    /** The longest id of a message, in characters. */
    public static final int ID_MAX_LENGTH = 128;

    /** The longest key of a topic's message, in characters. */
    public static final int KEY_MAX_LENGTH = 128;

    /** The longest life of a message: seven days. */
    public static final long MAX_TTL_MS = TopicRules.MAX_LIFE_MS;

    /** The life of a message that does not say otherwise, nor does its topic. */
    public static final long DEFAULT_TTL_MS = TopicRules.DEFAULT_LIFE_MS;
}
