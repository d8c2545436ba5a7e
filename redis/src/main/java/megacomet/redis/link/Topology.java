package megacomet.redis.link;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which server is master of what, for a whole process, and finds out when that changes.
 *
 * <p>A standalone server is always the master. Of the other shapes it asks the sentinels, or the cluster's nodes: every
 * {@value #REFRESH_MS} ms, and whenever somebody met an error that smells of a change. It asks one at a time and goes on
 * to the next when one does not answer.
 *
 * <p>{@link #map}, {@link #refresh} and {@link #onChange} may be called from any thread.
 */
public final class Topology {

    /** How often the masters are looked up without any reason, in ms. */
    public static final long REFRESH_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Topology.class);

    private final Connections connections;
    private final RedisUrl url;
    private final Context context;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private List<Promise<Void>> askers = new ArrayList<>();
    private boolean isAsking;
    private volatile SlotMap map = SlotMap.UNKNOWN;
    private Link informant;
    private int nextSeed;
    private long timer;

    /** Makes one that looks up on an event loop of its own choice, and starts to. */
    public static Topology start(Connections connections) {
        Topology topology = new Topology(connections);
        if (topology.url.shape() == RedisUrl.Shape.STANDALONE) {
            topology.map = SlotMap.of(topology.url.addresses().get(0));
        } else {
            topology.context.runOnContext(start -> {
                topology.timer = connections.vertx().setPeriodic(REFRESH_MS, id -> topology.ask(Promise.promise()));
                topology.ask(Promise.promise());
            });
        }
        return topology;
    }

    private Topology(Connections connections) {
        this.connections = connections;
        this.url = connections.url();
        Vertx vertx = connections.vertx();
        this.context = vertx.getOrCreateContext();
    }

    /** Returns what is known now. */
    public SlotMap map() {
        return map;
    }

    /** Calls {@code listener}, on some event loop, whenever the map has changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Tells whether a server that is known for a master is still one, for somebody who has just connected to it: a master that was
     * replaced may have been started again, with nothing, before this process has heard that it is none any more.
     *
     * @return on the caller's event loop; what is known if nobody says within the time that connecting may take
     */
    Future<Boolean> isStill(Address master) {
        boolean mayBecomeOne = !map.serves(master); // Slots are on their way to it.
        if (mayBecomeOne || url.shape() == RedisUrl.Shape.STANDALONE) {
            return Future.succeededFuture(true);
        }
        Vertx vertx = connections.vertx();
        Context caller = vertx.getOrCreateContext();
        Promise<Boolean> promise = Promise.promise();
        long timer = vertx.setTimer(connections.timeoutMs(), id -> promise.tryComplete(map.serves(master)));
        refresh()
                .onComplete(done -> caller.runOnContext(run -> {
                    vertx.cancelTimer(timer);
                    promise.tryComplete(map.serves(master));
                }));
        return promise.future();
    }

    /** Looks up again. Completes, also if nobody answered, when a look-up is done that began after this. */
    public Future<Void> refresh() {
        Promise<Void> promise = Promise.promise();
        if (url.shape() == RedisUrl.Shape.STANDALONE) {
            promise.complete();
        } else {
            context.runOnContext(run -> ask(promise));
        }
        return promise.future();
    }

    /** Stops looking up. */
    public void close() {
        context.runOnContext(run -> {
            connections.vertx().cancelTimer(timer);
            if (informant != null) {
                informant.close();
            }
        });
    }

    /** Many ask at the same time when something broke; they share one look-up, which begins after all of them have asked. */
    private void ask(Promise<Void> asker) {
        askers.add(asker);
        if (!isAsking) {
            askForAll();
        }
    }

    private void askForAll() {
        isAsking = true;
        List<Promise<Void>> told = askers;
        askers = new ArrayList<>();
        askOne(seeds().size()).onComplete(found -> {
            if (found.succeeded()) {
                use(found.result());
            } else {
                LOG.atDebug().setCause(found.cause()).log("nobody could say who is master");
            }
            isAsking = false;
            told.forEach(Promise::complete);
            if (!askers.isEmpty() && !isAsking) {
                askForAll();
            }
        });
    }

    private Future<SlotMap> askOne(int tries) {
        if (informant == null) {
            List<Address> seeds = seeds();
            Address seed = seeds.get(nextSeed++ % seeds.size());
            informant = Link.toInformant(connections, seed);
        }
        Address asked = informant.address();
        return informant.send(question()).map(reply -> read(reply, asked)).recover(failure -> {
            informant.close();
            informant = null;
            return tries > 1 ? askOne(tries - 1) : Future.failedFuture(failure);
        });
    }

    /** The configured ones first; the masters known now may be all that is left of them. */
    private List<Address> seeds() {
        List<Address> seeds = new ArrayList<>(url.addresses());
        if (url.shape() == RedisUrl.Shape.CLUSTER) {
            map.masters().stream().filter(master -> !seeds.contains(master)).forEach(seeds::add);
        }
        return seeds;
    }

    private Request question() {
        return url.shape() == RedisUrl.Shape.SENTINEL
                ? Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(url.masterName())
                : Request.cmd(Command.CLUSTER).arg("SLOTS");
    }

    private SlotMap read(Response reply, Address asked) {
        if (url.shape() == RedisUrl.Shape.SENTINEL) {
            if (reply == null || reply.size() < 2) {
                throw new IllegalStateException(asked + " knows no master called " + url.masterName());
            }
            return SlotMap.of(new Address(reply.get(0).toString(), reply.get(1).toInteger()));
        }
        List<SlotMap.Range> ranges = new ArrayList<>();
        for (Response range : reply) {
            Response master = range.get(2);
            Response host = master.get(0);
            // A node that does not know its own name means the one by which it was asked.
            boolean isNamed = host != null
                    && host.type() == ResponseType.BULK
                    && !host.toString().isEmpty();
            Address address = new Address(
                    isNamed ? host.toString() : asked.host(), master.get(1).toInteger());
            ranges.add(new SlotMap.Range(range.get(0).toInteger(), range.get(1).toInteger(), address));
        }
        return SlotMap.of(ranges);
    }

    private void use(SlotMap found) {
        if (!found.equals(map)) {
            LOG.atInfo().addKeyValue("masters", found).log("redis masters changed");
            map = found;
            listeners.forEach(Runnable::run);
        }
    }
}
