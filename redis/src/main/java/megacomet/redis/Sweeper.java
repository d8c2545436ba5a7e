package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Removes what dead nodes left in the partitions: counters, what they followed, and counts of their clients. Owners' records
 * point to a dead node for up to an hour, and each publish to such a client would make its counter again; so the live ones
 * look after one partition each, at random, all the time.
 *
 * <p>Who has no lease is dead for this only when it has been without one for as long as a lease lasts: Redis may have lost the
 * leases, emptied or with its master, and each node renews its own within that time. It would not notice that what it follows
 * was taken away just then, for a counter that is gone is no other than one that counted nothing yet.
 *
 * <p>A node that was only slow may be taken for dead. It counts its wakes and follows anew when it finds out; but counts of
 * its clients were made with their owners' records, which it still has. So counts go when the node has been away for as
 * long as a record lasts, and count for nobody until then: see {@link TopicDirectory#followers}.
 */
final class Sweeper {

    /** After that long it is found out anew whether a node is dead. */
    private static final long FORGET_MS = 3_600_000;

    private static final Script PRESENT = Script.load(Store.class, "present");
    private static final Script SWEEP = Script.load(Store.class, "sweep");

    private final Masters masters;
    private final Keys keys;
    private final Nodes nodes;
    private final StoreOptions options;
    private final LongSupplier monotonicMs;

    /** Since when nodes are known to have no lease. */
    private final Map<NodeId, Long> withoutLease = new HashMap<>();

    /** @param monotonicMs a clock in ms that never goes back */
    Sweeper(Masters masters, Keys keys, Nodes nodes, StoreOptions options, LongSupplier monotonicMs) {
        this.masters = masters;
        this.keys = keys;
        this.nodes = nodes;
        this.options = options;
        this.monotonicMs = monotonicMs;
    }

    /**
     * Sweeps one partition. Who has anything there is asked first and who lives second: a node takes its lease before it
     * claims anyone, so that a new one is on the second list if it is on the first.
     *
     * @return how many counters, follows and counts were removed
     */
    Future<Long> sweepOne(int partition, NodeId self) {
        return run(partition, PRESENT.call(keysOf(partition))).compose(present -> {
            List<String> strangers = names(present);
            strangers.remove(self.value());
            return strangers.isEmpty() ? Future.succeededFuture(0L) : removeDead(partition, strangers);
        });
    }

    private Future<Long> removeDead(int partition, List<String> strangers) {
        return nodes.list().compose(live -> {
            long nowMs = monotonicMs.getAsLong();
            withoutLease.keySet().removeAll(live.keySet());
            withoutLease.values().removeIf(sinceMs -> nowMs - sinceMs > FORGET_MS);
            List<Object> arguments = new ArrayList<>();
            strangers.forEach(name -> {
                NodeId stranger = new NodeId(name);
                boolean isDead = !live.containsKey(stranger)
                        && nowMs - withoutLease.computeIfAbsent(stranger, none -> nowMs) >= Membership.LEASE_MS;
                arguments.add(name);
                arguments.add(isDead ? 0 : 1);
            });
            return run(partition, SWEEP.call(keysOf(partition), arguments.toArray()))
                    .map(Response::toLong);
        });
    }

    private List<byte[]> keysOf(int partition) {
        return List.of(keys.counters(partition), keys.followed(partition), keys.follows(partition));
    }

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }

    private static List<String> names(Response reply) {
        List<String> names = new ArrayList<>();
        reply.forEach(name -> names.add(name.toString()));
        return names;
    }
}
