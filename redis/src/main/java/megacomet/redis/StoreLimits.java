package megacomet.redis;

/**
 * The limits of what is kept in Redis and of what travels in one piece. All processes of a deployment should agree.
 *
 * @param mailboxMaxMessages how many live messages a mailbox holds; one more drives out the oldest
 * @param mailboxMaxBytes how many bytes of live messages a mailbox holds, envelopes included
 * @param answerMaxMessages how many messages one read gives
 * @param answerMaxBytes how many bytes of messages one read gives, but at least one message
 * @param wakeMaxBytes the longest envelope that a wake carries
 * @param idsMaxAPartition how many ids of applications' messages a partition remembers within their five minutes
 * @param browserIdsMaxAPartition the same of browsers' messages: a budget of its own, so that browsers never use up that of
 *     applications
 * @param recentMaxMessages how many messages of topics a partition's index reaches back, for those who follow patterns
 */
public record StoreLimits(
        int mailboxMaxMessages,
        int mailboxMaxBytes,
        int answerMaxMessages,
        int answerMaxBytes,
        int wakeMaxBytes,
        int idsMaxAPartition,
        int browserIdsMaxAPartition,
        int recentMaxMessages) {

    private static final int RECENT_MAX_MESSAGES = 1_000;

    /** With an index as long as unless said otherwise, and as many ids of browsers as of applications. */
    public StoreLimits(
            int mailboxMaxMessages,
            int mailboxMaxBytes,
            int answerMaxMessages,
            int answerMaxBytes,
            int wakeMaxBytes,
            int idsMaxAPartition) {
        this(
                mailboxMaxMessages,
                mailboxMaxBytes,
                answerMaxMessages,
                answerMaxBytes,
                wakeMaxBytes,
                idsMaxAPartition,
                idsMaxAPartition,
                RECENT_MAX_MESSAGES);
    }

    /** Returns the same with another budget for the ids of browsers' messages. */
    public StoreLimits withBrowserIds(int mostAPartition) {
        return new StoreLimits(
                mailboxMaxMessages,
                mailboxMaxBytes,
                answerMaxMessages,
                answerMaxBytes,
                wakeMaxBytes,
                idsMaxAPartition,
                mostAPartition,
                recentMaxMessages);
    }

    /** What holds unless said otherwise. */
    public static final StoreLimits DEFAULT =
            new StoreLimits(1_000, 1 << 20, 1_000, 1 << 20, 8 << 10, 250_000).withBrowserIds(50_000);
}
