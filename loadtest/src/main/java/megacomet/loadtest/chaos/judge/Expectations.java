package megacomet.loadtest.chaos.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Sitting;
import megacomet.loadtest.chaos.history.Stream;

/** Goes through all that some browser could expect, and says what became of it. */
final class Expectations {

    private final History history;
    private final Map<Stream, TreeMap<Integer, Publish>> streams;
    private final Map<String, List<Delivery>> deliveries;
    private final Map<String, List<GapTold>> gaps;
    private final Map<String, List<Sitting>> sittings;

    /** Is told of each acknowledged message and each browser that could expect it. */
    interface Visitor {

        /** It came, here for the first time. */
        void delivered(Reader reader, Publish message, Delivery delivery);

        /** It did not come, and these gaps were told between its neighbours; perhaps none. */
        void missing(Reader reader, Publish message, Sitting sitting, List<GapTold> told);
    }

    Expectations(History history) {
        this.history = history;
        streams = history.byStream();
        deliveries = history.deliveriesByClient();
        gaps = history.gapsByClient();
        sittings = history.sittingsByClient();
    }

    void visit(Visitor visitor) {
        for (Reader reader : history.readers()) {
            Map<Stream, TreeMap<Integer, Delivery>> came = firstDeliveries(reader);
            streams.forEach((stream, messages) -> {
                if (reader.reads(stream)) {
                    visit(reader, messages, came.getOrDefault(stream, new TreeMap<>()), visitor);
                }
            });
        }
    }

    private void visit(
            Reader reader, TreeMap<Integer, Publish> messages, TreeMap<Integer, Delivery> came, Visitor visitor) {
        for (Publish message : messages.values()) {
            Delivery delivery = came.get(message.number());
            Sitting sitting = message.isAcked() ? sittingFor(reader, message) : null;
            if (delivery != null && message.isAcked()) {
                visitor.delivered(reader, message, delivery);
            } else if (sitting != null) {
                visitor.missing(reader, message, sitting, told(reader, message, came));
            }
        }
    }

    /** A mailbox is there whether its client is or not; a topic is followed from when that was confirmed. */
    private Sitting sittingFor(Reader reader, Publish message) {
        for (Sitting sitting : sittings.getOrDefault(reader.client(), List.of())) {
            boolean isInTime = !message.stream().isTopic() || sitting.fromMs() <= message.sentMs();
            if (isInTime && message.sentMs() <= sitting.toMs()) {
                return sitting;
            }
        }
        return null;
    }

    private List<GapTold> told(Reader reader, Publish message, TreeMap<Integer, Delivery> came) {
        Map.Entry<Integer, Delivery> before = came.lowerEntry(message.number());
        Map.Entry<Integer, Delivery> after = came.higherEntry(message.number());
        int from = before == null ? 0 : before.getValue().answer();
        int to = after == null ? Integer.MAX_VALUE : after.getValue().answer();
        List<GapTold> told = new ArrayList<>();
        for (GapTold gap : gaps.getOrDefault(reader.client(), List.of())) {
            if (gap.stream().covers(message.stream()) && gap.answer() >= from && gap.answer() <= to) {
                told.add(gap);
            }
        }
        return told;
    }

    private Map<Stream, TreeMap<Integer, Delivery>> firstDeliveries(Reader reader) {
        Map<Stream, TreeMap<Integer, Delivery>> came = new HashMap<>();
        for (Delivery delivery : deliveries.getOrDefault(reader.client(), List.of())) {
            came.computeIfAbsent(delivery.stream(), none -> new TreeMap<>()).putIfAbsent(delivery.number(), delivery);
        }
        return came;
    }
}
