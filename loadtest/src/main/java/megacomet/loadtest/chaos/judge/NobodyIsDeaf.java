package megacomet.loadtest.chaos.judge;

import java.util.List;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Sitting;

/**
 * A browser that waits gets a message within the bound from its acknowledgement, or from the end of what was broken then. A
 * message whose life ended while a browser waited in vain counts as well.
 */
final class NobodyIsDeaf implements Promise {

    /** A gateway errs on the early side when it judges a message's life. */
    private static final long EARLY_MS = 500;

    private final Bounds bounds;
    private int judged;
    private long latestMs;

    NobodyIsDeaf(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public Verdict judge(History history) {
        Verdict.Findings findings = new Verdict.Findings();
        Calm calm = new Calm(history, bounds.deafMs());
        new Expectations(history).visit(new Expectations.Visitor() {
            @Override
            public void delivered(Reader reader, Publish message, Delivery delivery) {
                judged++;
                long dueMs = calm.dueMs(reader.client(), message.ackedMs());
                long lateMs = delivery.receivedMs() - dueMs;
                latestMs = Math.max(latestMs, bounds.deafMs() + lateMs);
                if (lateMs > 0) {
                    findings.breach(
                            "%s (%s) got message %d of the %s, seq %d, at %d, %d ms after it was due; acknowledged at %d",
                            reader.client(),
                            reader.dialect(),
                            message.number(),
                            message.stream(),
                            message.seq(),
                            delivery.receivedMs(),
                            lateMs,
                            message.ackedMs());
                }
            }

            @Override
            public void missing(Reader reader, Publish message, Sitting sitting, List<GapTold> told) {
                boolean isExpired = !told.isEmpty()
                        && told.stream().allMatch(gap -> gap.reason().equals(GapTold.EXPIRED))
                        && !history.isLostWithSession(sitting)
                        && !history.mayBeLostWithFormerMaster(reader, message);
                long dueMs = calm.dueMs(reader.client(), message.ackedMs());
                if (isExpired && dueMs + EARLY_MS < message.sentMs() + message.ttlMs()) {
                    findings.breach(
                            "%s (%s) was told at %d that message %d of the %s, seq %d, had expired; it was acknowledged at %d and due by %d, its life was %d ms",
                            reader.client(),
                            reader.dialect(),
                            told.get(0).toldMs(),
                            message.number(),
                            message.stream(),
                            message.seq(),
                            message.ackedMs(),
                            dueMs,
                            message.ttlMs());
                }
            }
        });
        return findings.verdict(
                "nobody is deaf",
                "%,d deliveries, the latest after %,d ms of calm (%,d allowed)",
                judged,
                latestMs,
                bounds.deafMs());
    }
}
