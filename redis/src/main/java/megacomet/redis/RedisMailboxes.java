package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/** {@link Mailboxes} in Redis, by the scripts claim, reclaim, confirm and release. */
final class RedisMailboxes implements Mailboxes {

    private static final Script CLAIM = Script.load(Store.class, "claim");
    private static final Script RECLAIM = Script.load(Store.class, "reclaim");
    private static final Script CONFIRM = Script.load(Store.class, "confirm");
    private static final Script RELEASE = Script.load(Store.class, "release");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final NodeId node;
    private final int loop;

    RedisMailboxes(Masters masters, Keys keys, StoreOptions options, NodeId node, int loop) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.node = node;
        this.loop = loop;
    }

    @Override
    public Future<Claimed> claim(Claim claim) {
        ClientId client = claim.client();
        int partition = keys.partitions().of(client);
        Cursor cursor = claim.cursor();
        List<byte[]> of = List.of(
                keys.state(partition, client),
                keys.mailbox(partition, client),
                keys.owner(partition, client),
                keys.counters(partition));
        Script.Call call = CLAIM.call(
                of,
                client,
                keys.channel(partition),
                node,
                loop,
                claim.transport().code(),
                claim.page().connBytes(),
                claim.page().n(),
                options.limits().answerMaxMessages(),
                options.limits().answerMaxBytes(),
                cursor == null ? "" : Integer.toUnsignedLong(cursor.mailbox().epoch()),
                cursor == null ? "" : cursor.mailbox().number());
        return run(partition, call).map(reply -> {
            if (reply.get(0).toString().equals("overtaken")) {
                return new Claimed.Overtaken();
            }
            Reading reading = Reading.parse(reply, 2);
            return new Claimed.Owned(
                    reply.get(1).toLong(), reading.batchFor(cursor), reading.masterMs(), false, List.of());
        });
    }

    @Override
    public Future<List<Claimed>> reclaim(List<Tenure> tenures) {
        int partition = partitionOf(tenures);
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>(List.of(
                node,
                loop,
                options.limits().answerMaxMessages(),
                options.limits().answerMaxBytes()));
        for (Tenure tenure : tenures) {
            of.add(keys.state(partition, tenure.client()));
            of.add(keys.mailbox(partition, tenure.client()));
            of.add(keys.owner(partition, tenure.client()));
            arguments.add(tenure.generation());
            arguments.add(tenure.transport().code());
            arguments.add(tenure.page().connBytes());
            arguments.add(tenure.page().n());
            arguments.add(Integer.toUnsignedLong(tenure.position().epoch()));
            arguments.add(tenure.position().number());
        }
        return run(partition, RECLAIM.call(of, arguments.toArray())).map(replies -> {
            List<Claimed> outcomes = new ArrayList<>(tenures.size());
            for (int i = 0; i < tenures.size(); i++) {
                outcomes.add(outcome(replies.get(i), tenures.get(i)));
            }
            return outcomes;
        });
    }

    private static Claimed outcome(Response reply, Tenure tenure) {
        if (reply.get(0).toString().equals("moved")) {
            return new Claimed.Moved(
                    Page.of(reply.get(1).toBytes(), reply.get(2).toLong()));
        }
        Reading reading = Reading.parse(reply, 2);
        return new Claimed.Owned(
                tenure.generation(), reading.batchAfter(tenure.position()), reading.masterMs(), false, List.of());
    }

    @Override
    public Future<List<Following>> following(ClientId client) {
        throw new UnsupportedOperationException("topics");
    }

    @Override
    public Future<Void> confirm(List<Tenure> tenures) {
        int partition = partitionOf(tenures);
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>();
        for (Tenure tenure : tenures) {
            of.add(keys.state(partition, tenure.client()));
            of.add(keys.mailbox(partition, tenure.client()));
            arguments.add(Integer.toUnsignedLong(tenure.position().epoch()));
            arguments.add(tenure.position().number());
        }
        return run(partition, CONFIRM.call(of, arguments.toArray())).mapEmpty();
    }

    @Override
    public Future<Void> release(List<Tenure> tenures) {
        int partition = partitionOf(tenures);
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>(List.of(node, loop));
        for (Tenure tenure : tenures) {
            of.add(keys.owner(partition, tenure.client()));
            arguments.add(tenure.generation());
        }
        return run(partition, RELEASE.call(of, arguments.toArray())).mapEmpty();
    }

    private int partitionOf(List<Tenure> tenures) {
        return keys.partitions().of(tenures.get(0).client());
    }

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
