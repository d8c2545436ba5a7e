package megacomet.loadtest.chaos.judge;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Sitting;

/**
 * Every acknowledged message came to everybody who could expect it, or a gap of its stream was told between its neighbours:
 * also when its life was over meanwhile. Nobody may be told of a failover that there was not.
 */
final class NothingIsLost implements Promise {

    private static final String SESSION_LOST = "of a Bayeux session that Redis had lost";
    private static final String OF_FORMER_MASTER =
            "acknowledged while a master was replaced, which was told (docs/operations.md)";
    private static final String OF_PASSING_MASTER =
            "acknowledged by a master that failed before its former one had learned of it (docs/operations.md)";

    private final Verdict.Findings findings = new Verdict.Findings();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private int delivered;
    private int told;
    private int lost;

    @Override
    public Verdict judge(History history) {
        new Expectations(history).visit(new Expectations.Visitor() {
            @Override
            public void delivered(Reader reader, Publish message, Delivery delivery) {
                delivered++;
            }

            @Override
            public void missing(Reader reader, Publish message, Sitting sitting, List<GapTold> gaps) {
                NothingIsLost.this.missing(history, reader, message, sitting, gaps);
            }
        });
        for (GapTold gap : history.gaps()) {
            if (gap.reason().equals(GapTold.FAILOVER) && !history.mayReplaceMasters(0, gap.toldMs())) {
                findings.breach(
                        "%s was told of a failover of %s at %d, and there was none",
                        gap.client(), gap.stream(), gap.toldMs());
            }
        }
        return findings.verdict(
                "nothing is lost without a word",
                "%,d deliveries due, %,d came, %,d told as gaps %s",
                delivered + told + lost,
                delivered,
                told,
                reasons);
    }

    private void missing(History history, Reader reader, Publish message, Sitting sitting, List<GapTold> gaps) {
        if (!gaps.isEmpty()) {
            told++;
            reasons.merge(gaps.get(0).reason(), 1, Integer::sum);
        } else if (history.isLostWithSession(sitting)) {
            findings.excuse(SESSION_LOST);
        } else if (history.mayBeLostWithFormerMaster(reader, message)) {
            findings.excuse(OF_FORMER_MASTER);
        } else if (history.mayBeLostWithPassingMaster(message)) {
            findings.excuse(OF_PASSING_MASTER);
        } else {
            lost++;
            findings.breach(
                    "%s (%s) never got message %d of the %s, seq %d, sent at %d, acknowledged at %d, life %d ms, and was told nothing",
                    reader.client(),
                    reader.dialect(),
                    message.number(),
                    message.stream(),
                    message.seq(),
                    message.sentMs(),
                    message.ackedMs(),
                    message.ttlMs());
        }
    }
}
