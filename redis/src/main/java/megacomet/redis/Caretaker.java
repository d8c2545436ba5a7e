package megacomet.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to what nobody else would: clients of nodes that ended without a word are given up, and messages that died unread are
 * told. Every process has one; whoever holds the post does the work of all.
 *
 * <p>A node is no more when its lease has ended. But a promoted replica may lack the last renewals, so that all nodes look
 * dead to it; so nobody is given up within {@value #AFTER_FAILOVER_MS} ms of a change of any master's epoch, by when the
 * living have said again that they live. Since that is watched by those who do not hold the post too, one that takes over
 * need not wait.
 */
public final class Caretaker {

    /** How long after a change of masters nobody is given up. */
    static final long AFTER_FAILOVER_MS = 15_000;

    /** How often dead messages are looked for. */
    static final long SWEEP_MS = 10_000;

    private static final long BEAT_MS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);
    private static final Script EPOCH = Script.load(Store.class, "counters");

    private final Vertx vertx;
    private final Context context;
    private final Masters masters;
    private final Topology topology;
    private final Post post;
    private final Reaper reaper;
    private final ExpirySweep expiry;
    private final LongSupplier clockMs;
    private final Map<Address, Integer> epochs = new HashMap<>();
    private long epochsSinceMs;
    private long lastSweepMs;
    private long timer;
    private boolean isWorking;

    /** @param clockMs a clock in ms that never goes back */
    Caretaker(
            Vertx vertx,
            Masters masters,
            Topology topology,
            Post post,
            Reaper reaper,
            ExpirySweep expiry,
            LongSupplier clockMs) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.masters = masters;
        this.topology = topology;
        this.post = post;
        this.reaper = reaper;
        this.expiry = expiry;
        this.clockMs = clockMs;
    }

    void start() {
        epochsSinceMs = clockMs.getAsLong();
        lastSweepMs = epochsSinceMs;
        timer = vertx.setPeriodic(BEAT_MS, id -> beatAgain());
    }

    /** Stops, and lets another process have the post. From any thread. */
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(run -> {
            vertx.cancelTimer(timer);
            post.hold(0).onComplete(done -> {
                masters.close();
                closed.complete();
            });
        });
        return closed.future();
    }

    /** Looks whether there is anything to do; fails if Redis does not answer, and the next beat tries again. */
    Future<Void> beat() {
        return watchEpochs().compose(watched -> post.hold(Membership.LEASE_MS)).compose(held -> {
            if (!held.isMine() || isWorking) {
                return Future.succeededFuture();
            }
            isWorking = true;
            return work().onComplete(done -> isWorking = false);
        });
    }

    private void beatAgain() {
        beat().onFailure(failure ->
                LOG.atDebug().addKeyValue("why", failure.getMessage()).log("nothing was looked after"));
    }

    private Future<Void> watchEpochs() {
        List<Address> now = List.copyOf(topology.map().masters());
        epochs.keySet().retainAll(now);
        List<Future<Void>> asked = new ArrayList<>();
        for (Address master : now) {
            asked.add(masters.callOn(master, EPOCH.call(List.of(), "nobody"))
                    .map(reply -> (int) (long) reply.get(0).toLong())
                    .onSuccess(epoch -> {
                        if (!epoch.equals(epochs.put(master, epoch))) {
                            epochsSinceMs = clockMs.getAsLong();
                        }
                    })
                    .mapEmpty());
        }
        return now.isEmpty()
                ? Future.failedFuture("no master is known")
                : Future.all(asked).mapEmpty();
    }

    private Future<Void> work() {
        return reap().compose(reaped -> sweep());
    }

    private Future<Void> reap() {
        boolean isSettled = clockMs.getAsLong() - epochsSinceMs >= AFTER_FAILOVER_MS;
        return isSettled ? reaper.reap() : Future.succeededFuture();
    }

    private Future<Void> sweep() {
        long nowMs = clockMs.getAsLong();
        if (nowMs - lastSweepMs < SWEEP_MS) {
            return Future.succeededFuture();
        }
        lastSweepMs = nowMs;
        return expiry.sweep();
    }
}
