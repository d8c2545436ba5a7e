package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.redis.Partitions;

/**
 * All seats of one event loop: by client, and those of each partition in a list that runs through the seats themselves. After Redis
 * was away every partition is read again, and each looks at its own seats only.
 */
final class Seats {

    private final Partitions partitions;
    private final Map<ClientId, Seat> byClient = new HashMap<>();
    private final Seat[] firstOf;

    Seats(Partitions partitions) {
        this.partitions = partitions;
        this.firstOf = new Seat[partitions.count()];
    }

    /** Returns the client's seat, or null. */
    Seat get(ClientId client) {
        return byClient.get(client);
    }

    /** Returns the client's seat, a new one if there is none. */
    Seat getOrAdd(ClientId client) {
        Seat known = byClient.get(client);
        return known == null ? add(new Seat(client, partitions.of(client))) : known;
    }

    private Seat add(Seat seat) {
        byClient.put(seat.client, seat);
        seat.nextOfPartition = firstOf[seat.partition];
        if (seat.nextOfPartition != null) {
            seat.nextOfPartition.previousOfPartition = seat;
        }
        firstOf[seat.partition] = seat;
        return seat;
    }

    /** Whether it is its client's seat here, and not one that was removed. */
    boolean has(Seat seat) {
        return byClient.get(seat.client) == seat;
    }

    /** Removes it, if it is here. */
    void remove(Seat seat) {
        if (!byClient.remove(seat.client, seat)) {
            return;
        }
        if (seat.previousOfPartition == null) {
            firstOf[seat.partition] = seat.nextOfPartition;
        } else {
            seat.previousOfPartition.nextOfPartition = seat.nextOfPartition;
        }
        if (seat.nextOfPartition != null) {
            seat.nextOfPartition.previousOfPartition = seat.previousOfPartition;
        }
        seat.previousOfPartition = null;
        seat.nextOfPartition = null;
    }

    /** Returns those of one partition, as they are now. */
    List<Seat> of(int partition) {
        List<Seat> there = new ArrayList<>();
        for (Seat seat = firstOf[partition]; seat != null; seat = seat.nextOfPartition) {
            there.add(seat);
        }
        return there;
    }

    Collection<Seat> all() {
        return Collections.unmodifiableCollection(byClient.values());
    }

    int size() {
        return byClient.size();
    }

    boolean isEmpty() {
        return byClient.isEmpty();
    }
}
