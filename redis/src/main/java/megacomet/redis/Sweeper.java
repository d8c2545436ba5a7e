package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/**
 * Removes the counters that dead nodes left. Owners' records point to a dead node for up to an hour, and each publish to
 * such a client would make its counter again; so the live ones look after one partition each, at random, all the time.
 */
final class Sweeper {

    private static final Script SWEEP = Script.load(Store.class, "sweep");

    private final Masters masters;
    private final Topology topology;
    private final Keys keys;
    private final Nodes nodes;
    private final StoreOptions options;

    Sweeper(Masters masters, Topology topology, Keys keys, Nodes nodes, StoreOptions options) {
        this.masters = masters;
        this.topology = topology;
        this.keys = keys;
        this.nodes = nodes;
        this.options = options;
    }

    /**
     * Sweeps one partition. Who has a counter is asked first and who lives second: a node takes its lease before it claims
     * anyone, so that a new one is on the second list if it is on the first.
     *
     * @return how many counters were removed
     */
    Future<Long> sweepOne(int partition, NodeId self) {
        Address master = topology.map().masterOf(keys.partitions().slot(partition));
        if (master == null) {
            return Future.succeededFuture(0L);
        }
        Request fields = Request.cmd(Command.HKEYS).arg(keys.counters(partition));
        return masters.sendTo(master, fields).compose(counted -> {
            List<String> strangers = names(counted);
            strangers.remove(self.value());
            return strangers.isEmpty() ? Future.succeededFuture(0L) : removeDead(partition, strangers);
        });
    }

    private Future<Long> removeDead(int partition, List<String> counted) {
        return nodes.list().compose(live -> {
            Set<NodeId> alive = live.keySet();
            counted.removeIf(name -> alive.contains(new NodeId(name)));
            if (counted.isEmpty()) {
                return Future.succeededFuture(0L);
            }
            Script.Call call = SWEEP.call(List.of(keys.counters(partition)), counted.toArray());
            return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs())
                    .map(Response::toLong);
        });
    }

    private static List<String> names(Response reply) {
        List<String> names = new ArrayList<>();
        reply.forEach(name -> names.add(name.toString()));
        return names;
    }
}
