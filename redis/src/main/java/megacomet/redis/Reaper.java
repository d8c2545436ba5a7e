package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Transport;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up the clients of nodes that ended without a word, and tells that they are gone. It goes through all keys once for
 * all nodes that have ended; a node is forgotten when that is through, so if it is broken off, it begins again.
 *
 * <p>A node that had only slept may be awake by then and lose clients that it holds. It notices, because its counters rise with
 * that, and claims them again: see reap.lua.
 */
final class Reaper {

    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final Script REAP = Script.load(Store.class, "reap");
    private static final int KEYS_A_SCAN = 500;

    private final Masters masters;
    private final Topology topology;
    private final Keys keys;
    private final Nodes nodes;
    private final EventLog events;

    Reaper(Masters masters, Topology topology, Keys keys, Nodes nodes, EventLog events) {
        this.masters = masters;
        this.topology = topology;
        this.keys = keys;
        this.nodes = nodes;
        this.events = events;
    }

    /** Gives up the clients of all nodes whose lease has ended. */
    Future<Void> reap() {
        return nodes.ended(List.of()).compose(dead -> dead.isEmpty() ? Future.succeededFuture() : reap(dead));
    }

    private Future<Void> reap(List<NodeId> dead) {
        long[] given = {0};
        return scanAll(topology.map().masters().iterator(), dead, given)
                .compose(scanned -> nodes.ended(dead))
                .onSuccess(forgotten -> LOG.atInfo()
                        .addKeyValue("nodes", dead)
                        .addKeyValue("clients", given[0])
                        .log("gave up the clients of nodes that ended without a word"))
                .mapEmpty();
    }

    private Future<Void> scanAll(Iterator<Address> those, List<NodeId> dead, long[] given) {
        if (!those.hasNext()) {
            return Future.succeededFuture();
        }
        Promise<Void> scanned = Promise.promise();
        scan(those.next(), "0", dead, given, scanned);
        return scanned.future().compose(done -> scanAll(those, dead, given));
    }

    /** Not a chain of futures: there may be many thousand pages. */
    private void scan(Address master, String cursor, List<NodeId> dead, long[] given, Promise<Void> scanned) {
        Request scan = Request.cmd(Command.SCAN).arg(cursor);
        scan.arg("MATCH").arg(keys.owners()).arg("COUNT").arg(KEYS_A_SCAN);
        masters.sendTo(master, scan)
                .compose(reply -> {
                    List<String> owners = new ArrayList<>();
                    reply.get(1).forEach(key -> owners.add(key.toString()));
                    return giveUp(master, dead, owners, given)
                            .map(done -> reply.get(0).toString());
                })
                .onFailure(scanned::fail)
                .onSuccess(next -> {
                    if (next.equals("0")) {
                        scanned.complete();
                    } else {
                        scan(master, next, dead, given, scanned);
                    }
                });
    }

    private Future<Void> giveUp(Address master, List<NodeId> dead, List<String> owners, long[] given) {
        if (owners.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Object> arguments = new ArrayList<>();
        arguments.add(dead.size());
        arguments.addAll(dead);
        for (String owner : owners) {
            int partition = keys.parse(owner).partition();
            arguments.add(owner);
            arguments.add(keys.follows(partition));
            arguments.add(keys.counters(partition));
        }
        return masters.callOn(master, REAP.call(List.of(), arguments.toArray()))
                .onSuccess(reply -> tell(reply, owners, given))
                .mapEmpty();
    }

    private void tell(Response reply, List<String> owners, long[] given) {
        List<Event> gone = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 3) {
            ClientId client = new ClientId(
                    keys.parse(owners.get(reply.get(i).toInteger())).name());
            gone.add(Event.gone(
                    client,
                    new NodeId(reply.get(i + 1).toString()),
                    Transport.ofCode(reply.get(i + 2).toInteger()),
                    Event.NODE_LOST,
                    events.nowMs(client)));
        }
        given[0] += gone.size();
        events.append(gone);
    }
}
