package megacomet.loadtest.chaos.judge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Sitting;
import megacomet.loadtest.chaos.history.Stream;

/**
 * Numbers of a stream rise at every browser. They may begin anew below only where Redis was emptied, or where a master took
 * over while the one before it still gave numbers, and the browser was told so, or had lost its Bayeux session with it. What comes twice is another promise's matter.
 */
final class NothingIsReordered implements Promise {

    private static final String BEGAN_ANEW =
            "a stream began anew in an emptied Redis or at another master, and that was told";

    private static final String BEGAN_WITH_SESSION =
            "a stream began anew in a Redis that had lost the browser's Bayeux session as well";

    @Override
    public Verdict judge(History history) {
        Verdict.Findings findings = new Verdict.Findings();
        Map<Integer, Publish> messages = history.byNumber();
        Map<String, List<GapTold>> gaps = history.gapsByClient();
        Map<String, List<Sitting>> sittings = history.sittingsByClient();
        history.deliveriesByClient().forEach((client, deliveries) -> {
            Map<Stream, Delivery> highest = new HashMap<>();
            Map<Stream, Set<Integer>> seen = new HashMap<>();
            for (Delivery delivery : deliveries) {
                long seq = seqOf(delivery, messages);
                if (seq == 0
                        || !seen.computeIfAbsent(delivery.stream(), none -> new HashSet<>())
                                .add(delivery.number())) {
                    continue;
                }
                Delivery former = highest.get(delivery.stream());
                if (former == null || seq > seqOf(former, messages)) {
                    highest.put(delivery.stream(), delivery);
                } else if (beganAnew(history, gaps.getOrDefault(client, List.of()), former, delivery)) {
                    findings.excuse(BEGAN_ANEW);
                    highest.put(delivery.stream(), delivery);
                } else if (lostSession(history, sittings.getOrDefault(client, List.of()), former, delivery)) {
                    findings.excuse(BEGAN_WITH_SESSION);
                    highest.put(delivery.stream(), delivery);
                } else {
                    findings.breach(
                            "%s got seq %d of the %s (message %d) at %d, after seq %d (message %d) at %d",
                            client,
                            seq,
                            delivery.stream(),
                            delivery.number(),
                            delivery.receivedMs(),
                            seqOf(former, messages),
                            former.number(),
                            former.receivedMs());
                }
            }
        });
        return findings.verdict(
                "nothing is reordered", "%,d deliveries", history.deliveries().size());
    }

    /** Bayeux does not say; the acknowledgement did. */
    private static long seqOf(Delivery delivery, Map<Integer, Publish> messages) {
        if (delivery.seq() != 0) {
            return delivery.seq();
        }
        Publish message = messages.get(delivery.number());
        return message == null ? 0 : message.seq();
    }

    private static boolean lostSession(History history, List<Sitting> sittings, Delivery former, Delivery now) {
        return sittings.stream()
                .anyMatch(sitting -> sitting.toMs() >= former.receivedMs()
                        && sitting.toMs() <= now.receivedMs()
                        && history.isLostWithSession(sitting));
    }

    private static boolean beganAnew(History history, List<GapTold> gaps, Delivery former, Delivery now) {
        return history.mayReplaceMasters(0, now.receivedMs())
                && gaps.stream()
                        .anyMatch(gap -> gap.stream().covers(now.stream())
                                && gap.reason().equals(GapTold.FAILOVER)
                                && gap.answer() >= former.answer()
                                && gap.answer() <= now.answer());
    }
}
