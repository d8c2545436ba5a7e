package megacomet.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.link.Masters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes a process a node: its lease, its ears, and its share of cleaning up after nodes that are no more. It lives on
 * one event loop of its own.
 */
public final class Membership {

    /** How long the others believe that a node is there after it last said so, in ms; it says so every 2 s. */
    public static final long LEASE_MS = 6_000;

    /**
     * After so long without a renewal a node's counters may have been {@linkplain Sweeper swept}, and it claims all of its clients
     * again. A node that is less late may have lost some as a dead node's; but its counters rose with each, by which
     * {@link Wakeups} knows which. It claims only those, because it is late for want of time.
     */
    private static final long SWEPT_MS = 2 * LEASE_MS;

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Vertx vertx;
    private final Context context;
    private final NodeId node;
    private final Nodes nodes;
    private final Masters masters;
    private final Wakeups wakeups;
    private final Sweeper sweeper;
    private final Listener listener;
    private final int partitions;
    private final Supplier<String> says;
    private final MasterClocks clocks;
    private long timer;
    private long lastRenewedMs;
    private volatile boolean isLeased;

    /** What a node does about what it hears. Called on the membership's event loop. */
    public interface Listener {
        /** A wake for a client that the node's event loop number {@code loop} held when it was sent. */
        void woken(int partition, int loop, Wake wake);

        /** A message of a topic for those of the node's event loops that follow it. */
        void published(int partition, TopicWake wake);

        /** Somebody asks which clients follow a topic here; at most {@code limit} are wanted. */
        Future<List<ClientId>> followers(Topic topic, int limit);

        /**
         * Wakes of the partition are not heard from now on; {@link #readAgain} follows when they are again, and nothing is
         * told of the partition before.
         */
        void deaf(int partition);

        /**
         * Something of the partition may have been missed: what is held there must be claimed and read again, and topics
         * followed and read again. Told before any wake that came after what may have been missed.
         */
        void readAgain(int partition);
    }

    Membership(
            Vertx vertx,
            NodeId node,
            Nodes nodes,
            Masters masters,
            Wakeups wakeups,
            Sweeper sweeper,
            Listener listener,
            int partitions,
            Supplier<String> says,
            MasterClocks clocks) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.node = node;
        this.nodes = nodes;
        this.masters = masters;
        this.wakeups = wakeups;
        this.sweeper = sweeper;
        this.listener = listener;
        this.partitions = partitions;
        this.says = says;
        this.clocks = clocks;
    }

    void start() {
        wakeups.start();
        lastRenewedMs = clocks.monotonicMs();
        timer = vertx.setPeriodic(0, Wakeups.COMPARE_MS, id -> beat());
    }

    /** Whether every partition is heard and the lease was renewed in time. From any thread. */
    public boolean isComplete() {
        return wakeups.isComplete() && isLeased;
    }

    /** Gives up the ears, the lease and the connections. From any thread; completes when that is done, or cannot be. */
    public Future<Void> leave() {
        Promise<Void> left = Promise.promise();
        context.runOnContext(run -> {
            vertx.cancelTimer(timer);
            wakeups.close();
            nodes.leave(node).onComplete(done -> {
                masters.close();
                left.complete();
            });
        });
        return left.future();
    }

    private void beat() {
        long nowMs = clocks.monotonicMs();
        if (nowMs - lastRenewedMs > SWEPT_MS) {
            overslept(nowMs);
        }
        wakeups.compare();
        nodes.renew(node, LEASE_MS, says.get())
                .onSuccess(done -> {
                    lastRenewedMs = Math.max(lastRenewedMs, nowMs);
                    isLeased = true;
                })
                .onFailure(failure -> isLeased = false);
        sweeper.sweepOne(ThreadLocalRandom.current().nextInt(partitions), node);
    }

    private void overslept(long nowMs) {
        LOG.atWarn().addKeyValue("sinceMs", nowMs - lastRenewedMs).log("the lease ended long before it was renewed");
        lastRenewedMs = nowMs;
        for (int partition = 0; partition < partitions; partition++) {
            listener.readAgain(partition);
        }
    }
}
