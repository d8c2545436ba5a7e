package megacomet.gateway.hold;

/**
 * How a waiting room keeps its holds.
 *
 * @param timeoutMs how long a hold lasts that does not say otherwise
 * @param lingerMs how long a client that was answered and does not come back is taken for there
 * @param lingerMaxBytes how many bytes of messages a lingering seat collects; beyond that the next poll reads them
 * @param renewMs how old a claim may get before a poll renews it; owners' records last an hour
 * @param retryAfterMs after how long at most a poll should come back that Redis had no answer for
 * @param drainSpreadMs over how long the polls of a stopping gateway should come back
 * @param heartbeatMs after how long without a word a stream gets a heartbeat
 * @param streamMaxBytes how many bytes of messages wait for a stream's browser that does not take them in
 * @param answerMaxMessages how many messages and gaps one answer holds, of the mailbox and all topics together
 * @param answerMaxBytes how many bytes of messages one answer holds, but at least one message
 */
public record RoomOptions(
        int timeoutMs,
        long lingerMs,
        int lingerMaxBytes,
        long renewMs,
        long retryAfterMs,
        long drainSpreadMs,
        long heartbeatMs,
        int streamMaxBytes,
        int answerMaxMessages,
        int answerMaxBytes) {

    /** What holds unless said otherwise. */
    public static final RoomOptions DEFAULT =
            new RoomOptions(55_000, 15_000, 16 << 10, 1_800_000, 5_000, 5_000, 15_000, 256 << 10, 1_000, 1 << 20);

    /** Returns the same with another linger. */
    public RoomOptions withLingerMs(long other) {
        return new RoomOptions(
                timeoutMs,
                other,
                lingerMaxBytes,
                renewMs,
                retryAfterMs,
                drainSpreadMs,
                heartbeatMs,
                streamMaxBytes,
                answerMaxMessages,
                answerMaxBytes);
    }

    /** Returns the same with another hold time. */
    public RoomOptions withTimeoutMs(int other) {
        return new RoomOptions(
                other,
                lingerMs,
                lingerMaxBytes,
                renewMs,
                retryAfterMs,
                drainSpreadMs,
                heartbeatMs,
                streamMaxBytes,
                answerMaxMessages,
                answerMaxBytes);
    }

    /** Returns the same with another time between heartbeats, and another limit for streams. */
    public RoomOptions withStreams(long otherHeartbeatMs, int otherMaxBytes) {
        return new RoomOptions(
                timeoutMs,
                lingerMs,
                lingerMaxBytes,
                renewMs,
                retryAfterMs,
                drainSpreadMs,
                otherHeartbeatMs,
                otherMaxBytes,
                answerMaxMessages,
                answerMaxBytes);
    }

    /** Returns the same with other limits of an answer. */
    public RoomOptions withAnswers(int otherMaxMessages, int otherMaxBytes) {
        return new RoomOptions(
                timeoutMs,
                lingerMs,
                lingerMaxBytes,
                renewMs,
                retryAfterMs,
                drainSpreadMs,
                heartbeatMs,
                streamMaxBytes,
                otherMaxMessages,
                otherMaxBytes);
    }
}
