package megacomet.loadtest.chaos.judge;

import java.util.HashMap;
import java.util.Map;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;

/** A browser that returns its cursor gets no message twice. */
final class NothingIsDuplicated implements Promise {

    private static final String SECOND_FAILOVER = "of topics, after a second failover (docs/architecture.md)";
    private static final String MASTER_BACK = "after a former master was one again (docs/architecture.md)";
    private static final String SESSION_SET_BACK =
            "of a Bayeux session, whose latest progress was lost with its master (docs/architecture.md)";
    private static final String STORED_TWICE =
            "stored again, because the master that had it was replaced before it acknowledged";

    private final Bounds bounds;

    NothingIsDuplicated(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public Verdict judge(History history) {
        Verdict.Findings findings = new Verdict.Findings();
        Map<Integer, Publish> messages = history.byNumber();
        history.deliveriesByClient().forEach((client, deliveries) -> {
            Map<Integer, Delivery> seen = new HashMap<>();
            for (Delivery delivery : deliveries) {
                Delivery former =
                        delivery.number() == Delivery.FOREIGN ? null : seen.putIfAbsent(delivery.number(), delivery);
                if (former == null) {
                    continue;
                }
                Publish message = messages.get(delivery.number());
                if (history.isHit(History.MASTER_BACK, former.receivedMs(), delivery.receivedMs())) {
                    findings.excuse(MASTER_BACK);
                } else if (delivery.stream().isTopic() && history.mastersUntil(delivery.receivedMs()) > 1) {
                    findings.excuse(SECOND_FAILOVER);
                } else if (delivery.seq() == 0
                        // The progress was noted before the answer was on its way.
                        && history.mayReplaceMasters(former.receivedMs() - bounds.transitMs(), delivery.receivedMs())) {
                    findings.excuse(SESSION_SET_BACK);
                } else if (former.seq() != delivery.seq() && isStoredTwice(history, message)) {
                    findings.excuse(STORED_TWICE);
                } else {
                    findings.breach(
                            "%s got message %d of the %s twice: seq %d at %d with answer %d, seq %d at %d with answer %d",
                            client,
                            delivery.number(),
                            delivery.stream(),
                            former.seq(),
                            former.receivedMs(),
                            former.answer(),
                            delivery.seq(),
                            delivery.receivedMs(),
                            delivery.answer());
                }
            }
        });
        return findings.verdict(
                "nothing comes twice", "%,d deliveries", history.deliveries().size());
    }

    /** The application or the publisher tried again at a master that knew neither of the message nor of its id. */
    private static boolean isStoredTwice(History history, Publish message) {
        return message != null
                && history.mayReplaceMasters(message.sentMs(), message.isAcked() ? message.ackedMs() : Long.MAX_VALUE);
    }
}
