package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.RedisUnavailable;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/** Asks every master about all of its partitions at once, by a script that takes their keys as its last arguments. */
final class EachMaster {

    private final Masters masters;
    private final Topology topology;
    private final Partitions partitions;

    EachMaster(Masters masters, Topology topology, Partitions partitions) {
        this.masters = masters;
        this.topology = topology;
        this.partitions = partitions;
    }

    /** What one master said of some partitions, which are in the order of the keys that it was given. */
    record Answer(List<Integer> partitions, Response reply) {}

    /** Runs a script once on each master; fails if any of them does not answer. */
    Future<List<Answer>> ask(Script script, List<?> firstArguments, IntFunction<byte[]> keyOf) {
        Map<Address, List<Integer>> partitionsOf = new HashMap<>();
        for (int partition = 0; partition < partitions.count(); partition++) {
            Address master = topology.map().masterOf(partitions.slot(partition));
            if (master == null) {
                return Future.failedFuture(
                        RedisUnavailable.notSent("no master is known for partition " + partition, null));
            }
            partitionsOf.computeIfAbsent(master, none -> new ArrayList<>()).add(partition);
        }
        List<Future<Answer>> answers = new ArrayList<>();
        partitionsOf.forEach((master, those) -> {
            List<Object> arguments = new ArrayList<>(firstArguments);
            those.forEach(partition -> arguments.add(keyOf.apply(partition)));
            answers.add(masters.callOn(master, script.call(List.of(), arguments.toArray()))
                    .map(reply -> new Answer(those, reply)));
        });
        return Future.all(answers).map(done -> done.list());
    }
}
