package megacomet.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import megacomet.gateway.ops.NodeReport;
import megacomet.gateway.publish.Quotas;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.redis.Membership;
import megacomet.redis.NodeId;
import megacomet.redis.Store;
import megacomet.redis.TopicWake;
import megacomet.redis.Wake;
import megacomet.web.Door;
import megacomet.web.Doors;
import megacomet.web.Guard;
import megacomet.web.Meters;
import megacomet.web.RateLimit;
import megacomet.web.Revocations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: event loops that hold browsers, and ears that hear what is for them.
 *
 * <p>It serves as soon as it listens, whether Redis is there or not; {@link #isReady} tells whether load balancers should
 * send anybody.
 */
public final class Gateway {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** How long after the last hold was ended somebody may be on the way here. */
    private static final long LATE_MAX_MS = 1_000;

    private final Vertx vertx;
    private final GatewayOptions options;
    private final Store store;
    private final NodeId node = NodeId.random();
    private final List<GatewayVerticle> loops = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private final Door door;
    private final Revocations revocations = new Revocations();
    private final RateLimit<String> acceptLimit;
    private final Quotas quotas;
    private final RevocationVerticle revocationReader;
    private Membership membership;

    private Gateway(Vertx vertx, GatewayOptions options, Store store, Guard guard) {
        this.vertx = vertx;
        this.door = Doors.of(vertx).at(options.listen(), guard);
        this.options = options;
        this.store = store;
        this.acceptLimit = new RateLimit<>(options.acceptRate());
        this.quotas = new Quotas(options.browserLimits());
        this.revocationReader = new RevocationVerticle(store, revocations, this::revoked);
    }

    /**
     * Starts a node. Fails if its port is taken.
     *
     * @param guard the process's only one
     */
    public static Future<Gateway> start(Vertx vertx, GatewayOptions options, Store store, Meters meters, Guard guard) {
        Gateway gateway = new Gateway(vertx, options, store, guard);
        meters.browserPublishesWaiting(gateway.quotas, Quotas::waitingBytes);
        return gateway.deploy(meters, guard)
                .compose(deployed -> gateway.listen()) // before it joins: if the port is taken, nobody need know
                .compose(listening -> gateway.join())
                .map(gateway)
                .onSuccess(started -> started.report(meters))
                .recover(failure -> gateway.stop().transform(stopped -> Future.failedFuture(failure)));
    }

    private Future<Void> deploy(Meters meters, Guard guard) {
        Future<Void> chain = Future.succeededFuture();
        for (int i = 0; i < options.instances(); i++) {
            GatewayVerticle loop =
                    new GatewayVerticle(options, store, node, i, meters, guard, revocations, door, acceptLimit, quotas);
            loops.add(loop);
            chain = chain.compose(before -> vertx.deployVerticle(loop))
                    .onSuccess(deployments::add)
                    .mapEmpty();
        }
        return chain.compose(before -> vertx.deployVerticle(revocationReader))
                .onSuccess(deployments::add)
                .mapEmpty();
    }

    private void revoked(Set<String> subjects) {
        loops.forEach(loop -> loop.crossing().revoked(subjects));
    }

    private Future<Void> join() {
        NodeReport report = new NodeReport(
                options.listen().name(),
                this::holds,
                this::seats,
                () -> (int) sum(loop -> loop.room().streams()),
                () -> (int) sum(loop -> loop.room().follows()),
                door::open,
                () -> sum(GatewayVerticle::polls),
                () -> sum(GatewayVerticle::deliveries));
        return store.join(node, new Ears(), report::json)
                .onSuccess(joined -> membership = joined)
                .mapEmpty();
    }

    private Future<Void> listen() {
        return onEachLoop(GatewayVerticle::listen)
                .onSuccess(listening -> LOG.atInfo()
                        .addKeyValue("node", node)
                        .addKeyValue("url", options.listen().url())
                        .addKeyValue("instances", options.instances())
                        .log("gateway serves"));
    }

    private void report(Meters meters) {
        meters.holds(this, Gateway::holds);
        meters.seats(this, Gateway::seats);
        meters.connections(door, Door::open);
        meters.portConnections("browsers", door, Door::open);
        meters.hearing(this, gateway -> gateway.isReady() ? 1 : 0);
    }

    /** The node's name among the others. */
    public NodeId node() {
        return node;
    }

    /** How many browsers wait here now. */
    public int holds() {
        return (int) sum(loop -> loop.room().holds());
    }

    /** How many connections browsers have here now. */
    public int connections() {
        return door.open();
    }

    private int seats() {
        return (int) sum(loop -> loop.room().seats());
    }

    private long sum(ToLongFunction<GatewayVerticle> count) {
        return loops.stream().mapToLong(count).sum();
    }

    /** Whether it hears every partition, the others know of it, and it knows which tokens were revoked. From any thread. */
    public boolean isReady() {
        return membership != null && membership.isComplete() && revocationReader.hasRead();
    }

    /** Stops at once. */
    public Future<Void> stop() {
        return stop(0);
    }

    /**
     * Ends every hold with advice to come back later, at an even pace, gives every client up, and stops. Until it has, it
     * serves who waits, and tells who comes to go elsewhere.
     *
     * @param drainMs over how long the holds are ended
     */
    public Future<Void> stop(long drainMs) {
        return onEachLoop(loop -> loop.drain(drainMs))
                .transform(drained -> awaitLate(drainMs))
                .transform(drained -> membership == null ? Future.succeededFuture() : membership.leave())
                .transform(left ->
                        Future.join(deployments.stream().map(vertx::undeploy).toList()))
                .mapEmpty();
    }

    /** Whom the last messages were sent to comes once more, and is told to go elsewhere rather than cut off. */
    private Future<Void> awaitLate(long drainMs) {
        long lateMs = Math.min(LATE_MAX_MS, drainMs / 3);
        return lateMs == 0
                ? Future.succeededFuture()
                : vertx.timer(lateMs, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private interface OnLoop {
        Future<Void> call(GatewayVerticle loop);
    }

    private Future<Void> onEachLoop(OnLoop work) {
        return Future.join(loops.stream()
                        .filter(loop -> loop.loopContext() != null)
                        .map(loop -> inContext(loop.loopContext(), () -> work.call(loop)))
                        .toList())
                .mapEmpty();
    }

    private static <T> Future<T> inContext(Context context, Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(
                run -> Future.succeededFuture().compose(now -> work.get()).onComplete(promise));
        return promise.future();
    }

    /** Passes on what the node hears to the event loops that it is for. */
    private final class Ears implements Membership.Listener {
        @Override
        public void woken(int partition, int loop, Wake wake) {
            if (loop < loops.size()) {
                loops.get(loop).crossing().wake(partition, wake);
            }
        }

        @Override
        public void published(int partition, TopicWake wake) {
            for (int loop : wake.loops()) {
                if (loop < loops.size()) {
                    loops.get(loop).crossing().published(partition, wake);
                }
            }
        }

        @Override
        public Future<List<ClientId>> followers(Topic topic, int limit) {
            List<Future<List<ClientId>>> answers = loops.stream()
                    .map(loop -> inContext(
                            loop.loopContext(),
                            () -> Future.succeededFuture(loop.room().followers(topic, limit))))
                    .toList();
            return Future.all(answers)
                    .map(all -> all.<List<ClientId>>list().stream()
                            .flatMap(List::stream)
                            .sorted()
                            .limit(limit)
                            .toList());
        }

        @Override
        public void deaf(int partition) {
            loops.forEach(loop -> loop.crossing().deaf(partition));
        }

        @Override
        public void readAgain(int partition) {
            loops.forEach(loop -> loop.crossing().readAgain(partition));
        }
    }
}
