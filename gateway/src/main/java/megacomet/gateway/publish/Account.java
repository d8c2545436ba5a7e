package megacomet.gateway.publish;

import megacomet.web.BrowserLimits;

/** What one client has left of its limits, or all anonymous clients together. Not thread-safe: {@link Quotas} locks. */
final class Account {

    /** How many seconds' worth may come at once after a pause: what was typed offline, a game's first second. */
    private static final int BURST_S = 10;

    private static final double ANY = 1e-3;

    private final Bucket messages = new Bucket();
    private final Bucket bytes = new Bucket();
    private final Bucket topics = new Bucket();
    private final Bucket handshakes = new Bucket();
    private final KeptBytes kept = new KeptBytes();

    /** How long until a message more is within the rates, in ms. */
    long rateWaitMs(BrowserLimits limits, long nowMs) {
        long messagesMs = messages.waitMs(1, limits.publishRate(), burst(limits.publishRate()), nowMs);
        long bytesMs = bytes.waitMs(ANY, limits.publishBytes(), burst(limits.publishBytes()), nowMs);
        return Math.max(messagesMs, bytesMs);
    }

    /** How long until Redis may keep the message, too, in ms; {@link Long#MAX_VALUE} if never. */
    long roomWaitMs(BrowserLimits limits, Cost cost, long nowMs) {
        return kept.waitMs(cost.messageBytes() + cost.idBytes(), limits.maxBytes(), nowMs);
    }

    /** How long until the message may begin a topic, in ms; {@link Long#MAX_VALUE} if never. */
    long topicWaitMs(BrowserLimits limits, Cost cost, long nowMs) {
        long rateMs = topics.waitMs(1, limits.newTopics() / 60.0, limits.newTopics(), nowMs);
        long all = cost.messageBytes() + cost.idBytes() + cost.topicBytes();
        return Math.max(rateMs, kept.waitMs(all, limits.maxBytes(), nowMs));
    }

    void takeMessage(Cost cost, long nowMs) {
        messages.take(1);
        bytes.take(cost.dataBytes());
        kept.add(KeptBytes.endOf(nowMs, cost.lifeMs()), cost.messageBytes());
        kept.add(KeptBytes.endOf(nowMs, Cost.ID_LIFE_MS), cost.idBytes());
    }

    /** Nothing of a message that was {@linkplain #takeMessage taken} then is in Redis. The rates have been used all the same. */
    void giveBackMessage(Cost cost, long takenMs) {
        kept.remove(KeptBytes.endOf(takenMs, cost.lifeMs()), cost.messageBytes());
        kept.remove(KeptBytes.endOf(takenMs, Cost.ID_LIFE_MS), cost.idBytes());
    }

    void takeTopic(Cost cost, long nowMs) {
        topics.take(1);
        kept.add(KeptBytes.endOf(nowMs, cost.topicLifeMs()), cost.topicBytes());
    }

    /** No topic has begun that was {@linkplain #takeTopic taken} for then. */
    void giveBackTopic(Cost cost, long takenMs) {
        topics.take(-1);
        kept.remove(KeptBytes.endOf(takenMs, cost.topicLifeMs()), cost.topicBytes());
    }

    /** Lets a session begin, if that is within the rate; returns 0, or how long it must wait, in ms. */
    long takeHandshake(BrowserLimits limits, long nowMs) {
        long waitMs = handshakes.waitMs(1, limits.handshakeRate(), burst(limits.handshakeRate()), nowMs);
        if (waitMs == 0) {
            handshakes.take(1);
        }
        return waitMs;
    }

    /** Whether one that is made anew would say the same. */
    boolean isRested(BrowserLimits limits, long nowMs) {
        return kept.sum(nowMs) == 0
                && messages.isRested(limits.publishRate(), burst(limits.publishRate()), nowMs)
                && bytes.isRested(limits.publishBytes(), burst(limits.publishBytes()), nowMs)
                && topics.isRested(limits.newTopics() / 60.0, limits.newTopics(), nowMs)
                && handshakes.isRested(limits.handshakeRate(), burst(limits.handshakeRate()), nowMs);
    }

    private static double burst(double perSecond) {
        return Math.max(1, BURST_S * perSecond);
    }
}
