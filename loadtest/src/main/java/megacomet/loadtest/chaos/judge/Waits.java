package megacomet.loadtest.chaos.judge;

import java.util.List;
import java.util.Map;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Sitting;

/**
 * The longest waits of a run, whatever was broken meanwhile: what faults cost.
 *
 * @param publishMs from the first try to publish a message to its acknowledgement
 * @param deliveryMs from there until a browser had it that did not go away by itself meanwhile
 */
public record Waits(long publishMs, long deliveryMs) {

    public static Waits of(History history) {
        long publishMs = history.publishes().stream()
                .filter(Publish::isAcked)
                .mapToLong(message -> message.ackedMs() - message.sentMs())
                .max()
                .orElse(0);
        Map<String, List<Disturbance>> absences = history.absencesByClient();
        long[] deliveryMs = {0};
        new Expectations(history).visit(new Expectations.Visitor() {
            @Override
            public void delivered(Reader reader, Publish message, Delivery delivery) {
                boolean wasAway = absences.getOrDefault(reader.client(), List.of()).stream()
                        .anyMatch(away -> away.fromMs() <= delivery.receivedMs() && away.toMs() >= message.ackedMs());
                if (!wasAway) {
                    deliveryMs[0] = Math.max(deliveryMs[0], delivery.receivedMs() - message.ackedMs());
                }
            }

            @Override
            public void missing(Reader reader, Publish message, Sitting sitting, List<GapTold> told) {
                // It was not delivered.
            }
        });
        return new Waits(publishMs, deliveryMs[0]);
    }
}
