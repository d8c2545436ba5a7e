package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/** The gateways that are there now, each under a lease, with what they say of themselves; for one event loop. */
public final class Nodes {

    private static final Script LEASE = Script.load(Store.class, "lease");
    private static final Script ENDED = Script.load(Store.class, "ended");
    private static final Script NODES = Script.load(Store.class, "nodes");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;

    Nodes(Masters masters, Keys keys, StoreOptions options) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
    }

    /** Says that {@code node} is there for another {@code leaseMs}, and what it says of itself. */
    Future<Void> renew(NodeId node, long leaseMs, String said) {
        return run(LEASE.call(List.of(keys.nodes()), node, leaseMs, said)).mapEmpty();
    }

    /** Says that {@code node} is gone. */
    Future<Void> leave(NodeId node) {
        return renew(node, 0, "");
    }

    /**
     * Returns the nodes that are no more and did not say so, until they are forgotten.
     *
     * @param forget those of whom nothing is left; one that is there again is not forgotten
     */
    Future<List<NodeId>> ended(List<NodeId> forget) {
        return run(ENDED.call(List.of(keys.nodes()), forget.toArray()))
                .map(reply ->
                        reply.stream().map(name -> new NodeId(name.toString())).toList());
    }

    /** Returns who is there, and what each says of itself. */
    public Future<Map<NodeId, String>> list() {
        return run(NODES.call(List.of(keys.nodes()))).map(reply -> {
            Map<NodeId, String> nodes = new LinkedHashMap<>();
            for (int i = 0; i < reply.size(); i += 2) {
                nodes.put(new NodeId(reply.get(i).toString()), reply.get(i + 1).toString());
            }
            return nodes;
        });
    }

    private Future<Response> run(Script.Call call) {
        return masters.call(keys.nodesSlot(), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
