package megacomet.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import megacomet.redis.link.Connections;
import megacomet.redis.link.Masters;
import megacomet.redis.link.ServerBuild;
import megacomet.redis.link.Topology;

/**
 * One deployment's Redis, as one process uses it. Everything that two processes must agree on is there; this class only
 * hands out the ways to it, each for one event loop, with connections of its own.
 */
public final class Store {

    private final Vertx vertx;
    private final StoreOptions options;
    private final Keys keys;
    private final Connections connections;
    private final Topology topology;
    private final Masters.Observer observer;
    private final MasterClocks clocks;

    private Store(Vertx vertx, StoreOptions options, Masters.Observer observer) {
        this.vertx = vertx;
        this.options = options;
        this.observer = observer;
        this.keys = new Keys(options.prefix(), new Partitions(options.partitions()));
        this.connections = new Connections(vertx, options.url(), options.trustedCertificates(), options.timeoutMs());
        this.topology = Topology.start(connections);
        this.clocks = new MasterClocks(options.partitions(), () -> System.nanoTime() / 1_000_000);
    }

    /** Makes the ways to Redis. Nothing is sent to it yet, but to find out who is master. */
    public static Store open(Vertx vertx, StoreOptions options, Masters.Observer observer) {
        return new Store(vertx, options, observer);
    }

    public Partitions partitions() {
        return keys.partitions();
    }

    /** What time it is on each partition's master; for the whole process. */
    public MasterClocks clocks() {
        return clocks;
    }

    /** Whether this process fits the Redis that it was given; fails with {@link Misfit} if it must not go on. */
    public Future<Void> check() {
        return inContext(vertx.getOrCreateContext(), () -> {
            Masters masters = masters();
            return Deployment.check(masters, topology, keys).onComplete(done -> masters.close());
        });
    }

    /** Returns which server the deployment's record is on, or nothing if that server does not say. */
    public Future<Optional<ServerBuild>> build() {
        return inContext(vertx.getOrCreateContext(), () -> {
            Masters masters = masters();
            return Deployment.build(masters, topology, keys).onComplete(done -> masters.close());
        });
    }

    /** What one event loop uses of Redis. Made on that loop, used there, closed there. */
    public final class Loop implements AutoCloseable {
        private final Masters masters = masters();

        private Loop() {}

        /** Returns the mailboxes for the loop with this number of a node. */
        public Mailboxes mailboxes(NodeId node, int loop) {
            return mailboxes(node, loop, Loss.Observer.NONE);
        }

        /** The same, for who wants to know of messages that were lost to their clients. */
        public Mailboxes mailboxes(NodeId node, int loop, Loss.Observer losses) {
            return new RedisMailboxes(masters, keys, options, losses, node, loop);
        }

        /** Returns the topics for the loop with this number of a node. */
        public Topics topics(NodeId node, int loop) {
            return new RedisTopics(masters, keys, options, node, loop);
        }

        /** Returns a publisher. */
        public Publisher publisher() {
            return publisher(Loss.Observer.NONE);
        }

        /** The same, for who wants to know of messages that were lost to their clients. */
        public Publisher publisher(Loss.Observer losses) {
            return new Publisher(vertx, masters, keys, options, losses);
        }

        /** Returns what applications may ask about clients. */
        public Clients clients() {
            return new Clients(masters, keys, options, beginnings());
        }

        /** Returns the Bayeux sessions. */
        public Sessions sessions() {
            return new Sessions(masters, topology, keys, options, beginnings());
        }

        private Beginnings beginnings() {
            return new Beginnings(masters, topology, keys, options);
        }

        /** Returns what applications may ask about topics. */
        public TopicDirectory topicDirectory() {
            return new TopicDirectory(vertx, masters, topology, keys, options);
        }

        /** Returns the log of revoked tokens. */
        public RevocationLog revocations() {
            return new RevocationLog(masters, keys, options);
        }

        /** Returns who is there. */
        public Nodes nodes() {
            return new Nodes(masters, keys, options);
        }

        /** Returns the verification of all that the deployment has in Redis. */
        public Check check() {
            return new Check(masters, topology, keys, options);
        }

        /** Returns the log of what happened to clients. */
        public EventLog eventLog(EventLog.Observer eventObserver) {
            return new EventLog(vertx, masters, keys, options, clocks, eventObserver);
        }

        /** Returns work that one process does at a time; see {@link Post}. */
        public Post post(String name) {
            return new Post(masters, keys, options, name);
        }

        Caretaker caretaker(EventLog events, LongSupplier clockMs) {
            return Store.this.caretaker(masters, events, clockMs);
        }

        Reaper reaper(EventLog events) {
            return new Reaper(masters, topology, keys, nodes(), events);
        }

        ExpirySweep expirySweep(EventLog events) {
            return new ExpirySweep(masters, topology, keys, options, events);
        }

        Sweeper sweeper(LongSupplier monotonicMs) {
            return new Sweeper(masters, keys, nodes(), options, monotonicMs);
        }

        /** Sends a plain command to the master of a partition: for tests, which do what no script does. */
        Future<Response> plain(int partition, Command command, String... arguments) {
            Request request = Request.cmd(command);
            for (String argument : arguments) {
                request.arg(argument);
            }
            return masters.sendTo(topology.map().masterOf(partitions().slot(partition)), request);
        }

        /** Closes the loop's connections; what is unanswered fails. */
        @Override
        public void close() {
            masters.close();
        }
    }

    /** Returns what the event loop that calls uses. */
    public Loop onThisLoop() {
        return new Loop();
    }

    /**
     * Makes this process a node, on an event loop of its own.
     *
     * @param says what the node tells the others of itself with every renewal of its lease; called on that loop
     * @return the membership, at once, without waiting for Redis: see {@link Membership#isComplete}
     */
    public Future<Membership> join(NodeId node, Membership.Listener listener, Supplier<String> says) {
        Context context = vertx.getOrCreateContext();
        return inContext(context, () -> {
            Masters masters = masters();
            Nodes nodes = new Nodes(masters, keys, options);
            Wakeups wakeups = new Wakeups(connections, topology, masters, keys, node, clocks, listener, vertx);
            Sweeper sweeper = new Sweeper(masters, keys, nodes, options, clocks::monotonicMs);
            Membership membership = new Membership(
                    vertx, node, nodes, masters, wakeups, sweeper, listener, options.partitions(), says, clocks);
            membership.start();
            return Future.succeededFuture(membership);
        });
    }

    /** Has this process look after dead nodes and dead messages when nobody else does, on an event loop of its own. */
    public Future<Caretaker> takeCare(EventLog.Observer eventObserver) {
        Context context = vertx.getOrCreateContext();
        return inContext(context, () -> {
            Masters masters = masters();
            EventLog events = new EventLog(vertx, masters, keys, options, clocks, eventObserver);
            Caretaker caretaker = caretaker(masters, events, () -> System.nanoTime() / 1_000_000);
            caretaker.start();
            return Future.succeededFuture(caretaker);
        });
    }

    private Caretaker caretaker(Masters masters, EventLog events, LongSupplier clockMs) {
        return new Caretaker(
                vertx,
                masters,
                topology,
                new Post(masters, keys, options, Post.SWEEPER),
                new Reaper(masters, topology, keys, new Nodes(masters, keys, options), events),
                new ExpirySweep(masters, topology, keys, options, events),
                clockMs);
    }

    /** Stops looking for masters. Loops and memberships are closed by who made them. */
    public void close() {
        topology.close();
    }

    private Masters masters() {
        return new Masters(connections, topology, observer);
    }

    private static <T> Future<T> inContext(Context context, Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(
                run -> Future.succeededFuture().compose(now -> work.get()).onComplete(promise));
        return promise.future();
    }
}
