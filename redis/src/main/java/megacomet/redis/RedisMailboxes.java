package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.TopicPositions;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/** {@link Mailboxes} in Redis, by the scripts claim, reclaim, confirm and release. */
final class RedisMailboxes implements Mailboxes {

    static final Script FOLLOWING = Script.load(Store.class, "following_client");

    private static final byte[] NO_TAGS = {};
    private static final Script CLAIM = Script.load(Store.class, "claim");
    private static final Script RECLAIM = Script.load(Store.class, "reclaim");
    private static final Script CONFIRM = Script.load(Store.class, "confirm");
    private static final Script RELEASE = Script.load(Store.class, "release");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final Loss.Observer losses;
    private final NodeId node;
    private final int loop;
    private final SharedNames names = new SharedNames();

    RedisMailboxes(Masters masters, Keys keys, StoreOptions options, Loss.Observer losses, NodeId node, int loop) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.losses = losses;
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
                keys.counters(partition),
                keys.follows(partition),
                keys.following(partition, client));
        List<Object> arguments = new ArrayList<>(List.of(
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
                cursor == null ? "" : cursor.mailbox().number(),
                tags(claim.follows()),
                client.isOfSession() ? "" : Clients.FOLLOWS_LIFE_MS,
                claim.isBack() ? 1 : 0));
        if (cursor != null) {
            addPositions(arguments, cursor.topics());
        }
        return run(partition, CLAIM.call(of, arguments.toArray())).map(reply -> {
            if (reply.get(0).toString().equals("overtaken")) {
                return new Claimed.Overtaken();
            }
            if (reply.get(0).toString().equals("moved")) {
                return moved(reply);
            }
            tellExpired(client, reply, 3);
            Reading reading = Reading.parse(reply, 6);
            return new Claimed.Owned(
                    reply.get(1).toLong(),
                    reading.batchFor(cursor),
                    reading.masterMs(),
                    reply.get(2).toInteger() == 1,
                    following(reply.get(5), names));
        });
    }

    /** Returns tags as owners' records have them: each once, in one order, so that the same follows are the same bytes. */
    private static byte[] tags(long[] follows) {
        if (follows.length == 0) {
            return NO_TAGS;
        }
        long[] sorted = LongStream.of(follows).distinct().sorted().toArray();
        ByteBuffer tags = ByteBuffer.allocate(sorted.length * Long.BYTES);
        LongStream.of(sorted).forEach(tags::putLong);
        return tags.array();
    }

    private static void addPositions(List<Object> arguments, TopicPositions topics) {
        topics.byTopic().forEach((tag, position) -> {
            arguments.add(ByteBuffer.allocate(Long.BYTES).putLong(tag).array());
            arguments.add(Integer.toUnsignedLong(position.epoch()));
            arguments.add(position.number());
        });
        topics.patterns().forEach(tag -> {
            arguments.add(ByteBuffer.allocate(Long.BYTES).putLong(tag).array());
            arguments.add(0);
            arguments.add(0);
        });
    }

    /** Reads what following.lua replies. */
    static List<Following> following(Response reply, SharedNames names) {
        List<Following> following = new ArrayList<>(reply.size() / 5);
        for (int i = 0; i < reply.size(); i += 5) {
            Position from = new Position(
                    (int) (long) reply.get(i + 1).toLong(), reply.get(i + 2).toLong());
            boolean isPattern = reply.get(i + 3).toInteger() == 1;
            byte[] beginning = reply.get(i + 4).toBytes();
            following.add(new Following(
                    names.of(reply.get(i).toString()),
                    isPattern ? null : from,
                    beginning.length == 0 ? null : Beginnings.parse(beginning)));
        }
        return List.copyOf(following);
    }

    @Override
    public Future<List<Claimed>> reclaim(List<Tenure> tenures) {
        int partition = partitionOf(tenures);
        List<byte[]> of = new ArrayList<>(List.of(keys.follows(partition)));
        List<Object> arguments = new ArrayList<>(List.of(
                node,
                loop,
                options.limits().answerMaxMessages(),
                options.limits().answerMaxBytes()));
        for (Tenure tenure : tenures) {
            of.add(keys.state(partition, tenure.client()));
            of.add(keys.mailbox(partition, tenure.client()));
            of.add(keys.owner(partition, tenure.client()));
            of.add(keys.following(partition, tenure.client()));
            arguments.add(tenure.generation());
            arguments.add(tenure.transport().code());
            arguments.add(tenure.page().connBytes());
            arguments.add(tenure.page().n());
            arguments.add(Integer.toUnsignedLong(tenure.position().epoch()));
            arguments.add(tenure.position().number());
            arguments.add(tags(tenure.follows()));
        }
        return run(partition, RECLAIM.call(of, arguments.toArray())).map(replies -> {
            List<Claimed> outcomes = new ArrayList<>(tenures.size());
            for (int i = 0; i < tenures.size(); i++) {
                outcomes.add(outcome(replies.get(i), tenures.get(i)));
            }
            return outcomes;
        });
    }

    /** What scripts found expired stands in their replies as a count and the highest number. */
    private void tellExpired(ClientId client, Response reply, int at) {
        losses.counted(
                client,
                Gap.Reason.EXPIRED,
                reply.get(at).toLong(),
                reply.get(at + 1).toLong());
    }

    private static Claimed moved(Response reply) {
        return new Claimed.Moved(Page.of(reply.get(1).toBytes(), reply.get(2).toLong()));
    }

    private Claimed outcome(Response reply, Tenure tenure) {
        if (reply.get(0).toString().equals("moved")) {
            return moved(reply);
        }
        tellExpired(tenure.client(), reply, 2);
        Reading reading = Reading.parse(reply, 5);
        return new Claimed.Owned(
                tenure.generation(),
                reading.batchAfter(tenure.position()),
                reading.masterMs(),
                false,
                following(reply.get(4), names));
    }

    @Override
    public Future<List<Following>> following(ClientId client) {
        int partition = keys.partitions().of(client);
        return run(partition, FOLLOWING.call(List.of(keys.following(partition, client))))
                .map(reply -> following(reply, names));
    }

    @Override
    public boolean areConfirmedTogether() {
        return options.mayMixSlots();
    }

    @Override
    public Future<Void> confirm(List<Tenure> tenures) {
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>();
        for (Tenure tenure : tenures) {
            int partition = keys.partitions().of(tenure.client());
            of.add(keys.state(partition, tenure.client()));
            of.add(keys.mailbox(partition, tenure.client()));
            of.add(keys.following(partition, tenure.client()));
            arguments.add(Integer.toUnsignedLong(tenure.position().epoch()));
            arguments.add(tenure.position().number());
            arguments.add(tenure.topics().byTopic().size()
                    + tenure.topics().patterns().size());
            addPositions(arguments, tenure.topics());
        }
        return run(partitionOf(tenures), CONFIRM.call(of, arguments.toArray())).map(reply -> {
            for (int i = 0; i < tenures.size(); i++) {
                tellExpired(tenures.get(i).client(), reply, 2 * i);
            }
            return null;
        });
    }

    @Override
    public Future<Void> release(List<Tenure> tenures) {
        int partition = partitionOf(tenures);
        List<byte[]> of = new ArrayList<>(List.of(keys.follows(partition)));
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
