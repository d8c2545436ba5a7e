package megacomet.loadtest.siege;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Publish;

/**
 * How long messages took from when the application first tried to publish them until a browser had them, in milliseconds.
 *
 * @param count how many deliveries
 * @param p50Ms half of them took no longer
 * @param p99Ms 99 of a hundred took no longer
 * @param maxMs none took longer
 */
public record Delays(int count, long p50Ms, long p99Ms, long maxMs) {

    /** Of those that were sent in a time. What was not acknowledged, or came to nobody, took its whole life. */
    public static Delays of(History history, long fromMs, long toMs) {
        Map<Integer, Publish> sent = history.publishes().stream()
                .filter(message -> message.sentMs() >= fromMs && message.sentMs() <= toMs)
                .filter(message -> history.readers().stream().anyMatch(reader -> reader.reads(message.stream())))
                .collect(Collectors.toMap(Publish::number, message -> message));
        Set<Object> seen = new HashSet<>();
        Set<Integer> came = new HashSet<>();
        List<Long> all = new ArrayList<>();
        for (Delivery delivery : history.deliveries()) {
            Publish message = sent.get(delivery.number());
            if (message != null && seen.add(List.of(delivery.client(), delivery.number()))) {
                came.add(delivery.number());
                all.add(delivery.receivedMs() - message.sentMs());
            }
        }
        sent.values().stream()
                .filter(message -> !came.contains(message.number()))
                .forEach(message -> all.add(message.ttlMs()));
        all.sort(null);
        return new Delays(all.size(), at(all, 0.5), at(all, 0.99), at(all, 1));
    }

    private static long at(List<Long> sorted, double part) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
