package megacomet.loadtest.run;

import java.util.HashMap;
import java.util.Map;
import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.worker.Line;
import org.HdrHistogram.Histogram;

/**
 * Messages to topics, put together from what all processes say of them: after what time the first, half and all of the
 * followers had each.
 */
final class Fanouts {

    private final Map<Key, Message> underWay = new HashMap<>();
    private final Histogram first = Latencies.empty();
    private final Histogram half = Latencies.empty();
    private final Histogram all = Latencies.empty();
    private final Histogram deliveries = Latencies.empty();

    /** Followers of each group. */
    private final int[] followers;

    private record Key(int group, int number) {}

    private static final class Message {
        final Histogram latencies = Latencies.empty();
        boolean isAccepted;
    }

    Fanouts(int[] followers) {
        this.followers = followers.clone();
    }

    void accepted(Line.Accepted line) {
        Key key = new Key(line.group(), line.number());
        message(key).isAccepted = true;
        conclude(key);
    }

    void fanned(Line.Fanned line) {
        Key key = new Key(line.group(), line.number());
        Histogram part = Latencies.empty();
        Latencies.addEncoded(part, line.latency());
        message(key).latencies.add(part);
        deliveries.add(part);
        conclude(key);
    }

    /** Messages that were accepted and have not reached all, yet. */
    int outstanding() {
        return (int)
                underWay.values().stream().filter(message -> message.isAccepted).count();
    }

    /** Deliveries of accepted messages that did not happen. */
    long missing() {
        return underWay.entrySet().stream()
                .filter(entry -> entry.getValue().isAccepted)
                .mapToLong(entry -> followers[entry.getKey().group()]
                        - entry.getValue().latencies.getTotalCount())
                .sum();
    }

    /** To the first, half and all of the followers; of messages that reached all. */
    Histogram first() {
        return first;
    }

    Histogram half() {
        return half;
    }

    Histogram all() {
        return all;
    }

    /** Every single delivery. */
    Histogram deliveries() {
        return deliveries;
    }

    private Message message(Key key) {
        return underWay.computeIfAbsent(key, unknown -> new Message());
    }

    private void conclude(Key key) {
        Message message = underWay.get(key);
        Histogram latencies = message.latencies;
        if (message.isAccepted && latencies.getTotalCount() == followers[key.group()]) {
            Latencies.count(first, latencies.getMinValue());
            Latencies.count(half, latencies.getValueAtPercentile(50));
            Latencies.count(all, latencies.getMaxValue());
            underWay.remove(key);
        }
    }
}
