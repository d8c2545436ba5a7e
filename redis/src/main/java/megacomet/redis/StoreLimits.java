package megacomet.redis;

/**
 * The limits of what is kept in Redis and of what travels in one piece. All processes of a deployment should agree.
 *
 * @param mailboxMaxMessages how many live messages a mailbox holds; one more drives out the oldest
 * @param mailboxMaxBytes how many bytes of live messages a mailbox holds, envelopes included
 * @param answerMaxMessages how many messages one read gives
 * @param answerMaxBytes how many bytes of messages one read gives, but at least one message
 * @param wakeMaxBytes the longest envelope that a wake carries
 * @param idsMaxAPartition how many message ids a partition remembers within their five minutes
 */
public record StoreLimits(
        int mailboxMaxMessages,
        int mailboxMaxBytes,
        int answerMaxMessages,
        int answerMaxBytes,
        int wakeMaxBytes,
        int idsMaxAPartition) {

    /** What holds unless said otherwise. */
    public static final StoreLimits DEFAULT = new StoreLimits(1_000, 1 << 20, 1_000, 1 << 20, 8 << 10, 250_000);
}
