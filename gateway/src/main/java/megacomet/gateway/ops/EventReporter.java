package megacomet.gateway.ops;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import megacomet.gateway.hold.Departure;
import megacomet.model.ClientId;
import megacomet.model.Transport;
import megacomet.redis.Event;
import megacomet.redis.EventLog;
import megacomet.redis.MasterClocks;
import megacomet.redis.NodeId;
import megacomet.redis.Partitions;

/**
 * Tells applications who came and who went, a batch at a time: one script for all of what happened on an event loop between
 * two calls of {@link #report}, and none when nothing did. A poll that comes back to its seat is no event.
 */
public final class EventReporter {

    private final EventLog log;
    private final NodeId node;
    private final Partitions partitions;
    private final MasterClocks clocks;
    private List<Event> batch = new ArrayList<>();

    /** @param clocks say when it was: a node's own clock may be wrong */
    public EventReporter(EventLog log, NodeId node, Partitions partitions, MasterClocks clocks) {
        this.log = log;
        this.node = node;
        this.partitions = partitions;
        this.clocks = clocks;
    }

    void arrived(ClientId client, Transport transport) {
        add(Event.connected(client, node, transport, nowMs(client)));
    }

    void departed(ClientId client, Transport transport, Departure reason) {
        add(Event.gone(client, node, transport, reason.word(), nowMs(client)));
    }

    private long nowMs(ClientId client) {
        return clocks.nowMs(partitions.of(client));
    }

    /** The log's own bound counts from here on, so that a stop of a million clients fills no heap with batches. */
    private void add(Event event) {
        batch.add(event);
        if (batch.size() >= EventLog.MAX_WAITING) {
            report();
        }
    }

    /** Tells what has happened since it was called last. */
    public void report() {
        if (!batch.isEmpty()) {
            log.append(batch);
            batch = new ArrayList<>();
        }
    }

    /** Tells the rest; completes when that is told, or cannot be now. */
    public Future<Void> close() {
        report();
        return log.whenTold();
    }
}
