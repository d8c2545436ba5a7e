package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/** What applications may know of a client, have it follow, and how they empty its mailbox; for one event loop. */
public final class Clients {

    private static final Script CLIENT = Script.load(Store.class, "client");
    private static final Script FOLLOW_CLIENT = Script.load(Store.class, "follow_client");
    private static final Script UNFOLLOW_CLIENT = Script.load(Store.class, "unfollow_client");
    private static final Script DELETE = Script.load(Store.class, "delete");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final Beginnings beginnings;

    /**
     * A client as Redis knows it.
     *
     * @param queued live messages that it has not confirmed
     * @param confirmed everything up to this number was confirmed; 0 if nothing ever was
     * @param node that owns it, or null; that node may be dead, see {@link Nodes}
     * @param transport by which it is held, or null
     */
    public record Seen(long queued, long confirmed, NodeId node, Transport transport) {}

    /** What emptying a mailbox did: how many live messages were removed, and whether a node held the client. */
    public record Deleted(long removed, boolean wasOwned) {}

    Clients(Masters masters, Keys keys, StoreOptions options, Beginnings beginnings) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.beginnings = beginnings;
    }

    /** Looks a client up. Any id is a client; one that nobody ever used has nothing queued. */
    public Future<Seen> look(ClientId client) {
        int partition = keys.partitions().of(client);
        List<byte[]> of =
                List.of(keys.state(partition, client), keys.mailbox(partition, client), keys.owner(partition, client));
        return run(partition, CLIENT.call(of)).map(Clients::seen);
    }

    private static Seen seen(Response reply) {
        boolean isOwned = reply.size() > 4;
        return new Seen(
                reply.get(0).toLong(),
                reply.get(1).toLong(),
                isOwned ? new NodeId(reply.get(4).toString()) : null,
                isOwned ? Transport.ofCode(reply.get(6).toInteger()) : null);
    }

    /** Empties the client's mailbox and ends its hold, wherever that is. */
    public Future<Deleted> delete(ClientId client) {
        int partition = keys.partitions().of(client);
        List<byte[]> of = List.of(
                keys.state(partition, client),
                keys.mailbox(partition, client),
                keys.owner(partition, client),
                keys.counters(partition),
                keys.follows(partition));
        return run(partition, DELETE.call(of, client, keys.channel(partition)))
                .map(reply -> new Deleted(reply.get(0).toLong(), reply.get(1).toInteger() == 1));
    }

    /**
     * Has the client follow something from now on, wherever it is and whether it is there, until {@link #unfollow} or until
     * nobody has claimed it for {@link #FOLLOWS_LIFE_MS}. A node that holds it is told.
     *
     * @return whether it did not follow that before; fails with {@link TooManyFollows}
     */
    public Future<Boolean> follow(ClientId client, TopicPattern name) {
        // Where the topics are now is read first: what is published in between is for the client already.
        return beginnings.of(List.of(name)).compose(begun -> {
            int partition = keys.partitions().of(client);
            List<Object> arguments =
                    new ArrayList<>(List.of(client, keys.channel(partition), FOLLOWS_LIFE_MS, Cursor.MAX_TOPICS));
            arguments.addAll(begun.get(0).arguments());
            Script.Call call = FOLLOW_CLIENT.call(followKeys(partition, client), arguments.toArray());
            return run(partition, call).compose(reply -> {
                int verdict = reply.toInteger();
                return verdict < 0 ? Future.failedFuture(new TooManyFollows()) : Future.succeededFuture(verdict == 1);
            });
        });
    }

    private List<byte[]> followKeys(int partition, ClientId client) {
        return List.of(keys.following(partition, client), keys.owner(partition, client), keys.counters(partition));
    }

    /** Ends what {@link #follow} began; what the client itself follows stays. Returns whether there was anything to end. */
    public Future<Boolean> unfollow(ClientId client, TopicPattern name) {
        int partition = keys.partitions().of(client);
        Script.Call call = UNFOLLOW_CLIENT.call(followKeys(partition, client), client, keys.channel(partition), name);
        return run(partition, call).map(reply -> reply.toInteger() == 1);
    }

    /** Returns what {@link #follow} has the client follow, in the order of the names. */
    public Future<List<TopicPattern>> following(ClientId client) {
        int partition = keys.partitions().of(client);
        Script.Call call = RedisMailboxes.FOLLOWING.call(List.of(keys.following(partition, client)));
        return run(partition, call)
                .map(reply -> RedisMailboxes.following(reply).stream()
                        .map(Mailboxes.Following::name)
                        .sorted()
                        .toList());
    }

    /** For how long the follows of a client are kept that never comes: 30 days. */
    public static final long FOLLOWS_LIFE_MS = 2_592_000_000L;

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
