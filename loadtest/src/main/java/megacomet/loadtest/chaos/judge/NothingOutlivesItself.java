package megacomet.loadtest.chaos.judge;

import java.util.Map;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;

/** No message is delivered after its life. */
final class NothingOutlivesItself implements Promise {

    private final Bounds bounds;

    NothingOutlivesItself(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public Verdict judge(History history) {
        Verdict.Findings findings = new Verdict.Findings();
        Map<Integer, Publish> messages = history.byNumber();
        int judged = 0;
        long latestMs = 0;
        for (Delivery delivery : history.deliveries()) {
            Publish message = messages.get(delivery.number());
            if (message == null || (delivery.atMs() == 0 && !message.isAcked())) {
                continue;
            }
            judged++;
            long endMs = delivery.atMs() == 0 ? message.endMs() : delivery.atMs() + message.ttlMs();
            long lateMs = delivery.receivedMs() - endMs;
            latestMs = Math.max(latestMs, lateMs);
            if (lateMs > bounds.transitMs()) {
                findings.breach(
                        "%s got message %d of the %s, seq %d, at %d, %d ms after the end of its life of %d ms",
                        delivery.client(),
                        message.number(),
                        delivery.stream(),
                        delivery.seq(),
                        delivery.receivedMs(),
                        lateMs,
                        message.ttlMs());
            }
        }
        return findings.verdict(
                "nothing is delivered after its life",
                "%,d deliveries, the latest %,d ms after it (%,d allowed for transit)",
                judged,
                latestMs,
                bounds.transitMs());
    }
}
