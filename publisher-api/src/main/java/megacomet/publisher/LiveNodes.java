package megacomet.publisher;

import io.vertx.core.Future;
import java.util.Map;
import megacomet.redis.NodeId;
import megacomet.redis.Nodes;

/** The gateways that are there, as Redis said at most {@value #MAX_AGE_MS} ms ago; for one event loop. */
final class LiveNodes {

    private static final long MAX_AGE_MS = 500;

    private final Nodes nodes;
    private Future<Map<NodeId, String>> last = Future.failedFuture("never asked");
    private long askedMs;

    LiveNodes(Nodes nodes) {
        this.nodes = nodes;
    }

    /** Returns who is there, and what each says of itself. */
    Future<Map<NodeId, String>> list() {
        long nowMs = System.nanoTime() / 1_000_000;
        if (last.failed() || nowMs - askedMs > MAX_AGE_MS) {
            askedMs = nowMs;
            last = nodes.list();
        }
        return last;
    }

    Future<Boolean> isLive(NodeId node) {
        return list().map(live -> live.containsKey(node));
    }
}
