package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/**
 * Finds messages that died before their client confirmed them, in mailboxes that nobody touches any more, and tells of each
 * once. What other scripts come upon is told by whoever called them: see {@link Loss}.
 *
 * <p>An index a partition says which mailboxes to look into, so that it costs as much as there is to find. A message is
 * given {@value #GRACE_MS} ms beyond its life, because a confirmation may be on its way.
 */
final class ExpirySweep {

    static final long GRACE_MS = 2_000;

    private static final Script OVERDUE = Script.load(Store.class, "overdue");
    private static final Script EXPIRE = Script.load(Store.class, "expire");
    private static final int CLIENTS_A_CALL = 100;

    /** How often one sweep goes through all partitions if there is more than a call's worth in one. */
    private static final int MAX_ROUNDS = 1_000;

    private final Masters masters;
    private final Topology topology;
    private final Keys keys;
    private final StoreOptions options;
    private final EventLog events;

    ExpirySweep(Masters masters, Topology topology, Keys keys, StoreOptions options, EventLog events) {
        this.masters = masters;
        this.topology = topology;
        this.keys = keys;
        this.options = options;
        this.events = events;
    }

    /** Goes through all partitions, until nothing is due. */
    Future<Void> sweep() {
        Promise<Void> swept = Promise.promise();
        round(MAX_ROUNDS, swept);
        return swept.future();
    }

    private void round(int left, Promise<Void> swept) {
        Map<Address, List<Integer>> byMaster = new HashMap<>();
        for (int p = 0; p < keys.partitions().count(); p++) {
            Address master = topology.map().masterOf(keys.partitions().slot(p));
            if (master != null) {
                byMaster.computeIfAbsent(master, none -> new ArrayList<>()).add(p);
            }
        }
        boolean[] isThereMore = {false};
        inTurn(byMaster.entrySet().iterator(), isThereMore)
                .onFailure(swept::fail)
                .onSuccess(done -> {
                    if (isThereMore[0] && left > 1) {
                        round(left - 1, swept);
                    } else {
                        swept.complete();
                    }
                });
    }

    private Future<Void> inTurn(Iterator<Map.Entry<Address, List<Integer>>> those, boolean[] isThereMore) {
        if (!those.hasNext()) {
            return Future.succeededFuture();
        }
        Map.Entry<Address, List<Integer>> next = those.next();
        return sweep(next.getKey(), next.getValue(), isThereMore).compose(done -> inTurn(those, isThereMore));
    }

    private Future<Void> sweep(Address master, List<Integer> partitions, boolean[] isThereMore) {
        List<Object> arguments = new ArrayList<>(List.of(GRACE_MS, CLIENTS_A_CALL));
        partitions.forEach(p -> arguments.add(keys.due(p)));
        return masters.callOn(master, OVERDUE.call(List.of(), arguments.toArray()))
                .compose(reply -> {
                    List<Future<Void>> calls = new ArrayList<>();
                    for (int i = 0; i < reply.size(); i++) {
                        List<ClientId> clients = new ArrayList<>();
                        reply.get(i).forEach(name -> clients.add(new ClientId(name.toString())));
                        isThereMore[0] |= clients.size() == CLIENTS_A_CALL;
                        if (!clients.isEmpty()) {
                            calls.add(expire(partitions.get(i), clients));
                        }
                    }
                    return Future.join(calls).mapEmpty();
                });
    }

    private Future<Void> expire(int partition, List<ClientId> clients) {
        List<byte[]> of = new ArrayList<>(List.of(keys.due(partition)));
        List<Object> arguments = new ArrayList<>(List.of(GRACE_MS));
        for (ClientId client : clients) {
            of.add(keys.state(partition, client));
            of.add(keys.mailbox(partition, client));
            arguments.add(client);
        }
        Script.Call call = EXPIRE.call(of, arguments.toArray());
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMFUL, options.deadlineMs())
                .onSuccess(reply -> tell(reply, clients))
                .mapEmpty();
    }

    private void tell(Response reply, List<ClientId> clients) {
        List<Event> lost = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 3) {
            ClientId client = clients.get(reply.get(i).toInteger());
            long expired = reply.get(i + 1).toLong();
            lost.add(Event.expired(client, expired, reply.get(i + 2).toLong(), events.nowMs(client)));
        }
        events.append(lost);
    }
}
