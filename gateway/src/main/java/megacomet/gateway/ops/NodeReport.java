package megacomet.gateway.ops;

import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What a node tells the others of itself with every beat: counts of now, and rates since the beat before. One thread.
 */
public final class NodeReport {

    private final String name;
    private final IntSupplier holds;
    private final IntSupplier seats;
    private final IntSupplier streams;
    private final IntSupplier follows;
    private final IntSupplier connections;
    private final LongSupplier polls;
    private final LongSupplier deliveries;
    private long lastNanos = System.nanoTime();
    private long lastPolls;
    private long lastDeliveries;

    /**
     * @param name for people
     * @param follows topics and patterns that somebody follows here
     * @param polls how many polls have ended since the start
     * @param deliveries how many messages were written since the start
     */
    public NodeReport(
            String name,
            IntSupplier holds,
            IntSupplier seats,
            IntSupplier streams,
            IntSupplier follows,
            IntSupplier connections,
            LongSupplier polls,
            LongSupplier deliveries) {
        this.name = name;
        this.holds = holds;
        this.seats = seats;
        this.streams = streams;
        this.follows = follows;
        this.connections = connections;
        this.polls = polls;
        this.deliveries = deliveries;
    }

    /** Returns it as a JSON object. */
    public String json() {
        long nanos = System.nanoTime();
        double seconds = Math.max(1e-3, (nanos - lastNanos) / 1e9);
        long pollsNow = polls.getAsLong();
        long deliveriesNow = deliveries.getAsLong();
        String json = String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"holds\":%d,\"seats\":%d,\"streams\":%d,\"follows\":%d,\"connections\":%d,"
                        + "\"pollsPerSecond\":%.1f,\"deliveriesPerSecond\":%.1f}",
                name,
                holds.getAsInt(),
                seats.getAsInt(),
                streams.getAsInt(),
                follows.getAsInt(),
                connections.getAsInt(),
                (pollsNow - lastPolls) / seconds,
                (deliveriesNow - lastDeliveries) / seconds);
        lastNanos = nanos;
        lastPolls = pollsNow;
        lastDeliveries = deliveriesNow;
        return json;
    }
}
