package megacomet.web;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The connections of a port that were accepted and are not ready for HTTP: TLS or a PROXY header is not through. May be used
 * from any thread.
 */
final class Lobby {

    private final long maxMs;
    private final LongSupplier clockMs;
    /** Since when they are here, the eldest first. */
    private final Map<Channel, Long> sinceMs = new LinkedHashMap<>();

    /** @param maxMs how long one may stay */
    Lobby(long maxMs, LongSupplier clockMs) {
        this.maxMs = maxMs;
        this.clockMs = clockMs;
    }

    synchronized void entered(Channel connection) {
        sinceMs.put(connection, clockMs.getAsLong());
    }

    synchronized void left(Channel connection) {
        sinceMs.remove(connection);
    }

    synchronized int size() {
        return sinceMs.size();
    }

    /** Takes out one that has been here for too long, or returns null. */
    Channel takeLate() {
        return takeSilent(maxMs);
    }

    /** Takes out the eldest if it has been here for at least {@code leastMs}, else returns null. */
    synchronized Channel takeSilent(long leastMs) {
        Iterator<Map.Entry<Channel, Long>> eldestFirst = sinceMs.entrySet().iterator();
        if (!eldestFirst.hasNext()) {
            return null;
        }
        Map.Entry<Channel, Long> eldest = eldestFirst.next();
        if (clockMs.getAsLong() - eldest.getValue() < leastMs) {
            return null;
        }
        eldestFirst.remove();
        return eldest.getKey();
    }
}
