package megacomet.publisher;

import io.vertx.core.Future;
import java.util.Map;
import megacomet.redis.NodeId;
import megacomet.redis.Nodes;

/** The gateways that are there, as Redis said at most {@value #MAX_AGE_MS} ms ago; for one event loop. */
final class LiveNodes {

    private static final long MAX_AGE_MS = 500;

    private final Nodes nodes;
    private final Recent<String, Map<NodeId, String>> recent = new Recent<>(MAX_AGE_MS, 1);

    LiveNodes(Nodes nodes) {
        this.nodes = nodes;
    }

    /** Returns who is there, and what each says of itself. */
    Future<Map<NodeId, String>> list() {
        return recent.get("all", ask -> nodes.list());
    }

    Future<Boolean> isLive(NodeId node) {
        return list().map(live -> live.containsKey(node));
    }
}
