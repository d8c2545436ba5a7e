package megacomet.redis;

import io.vertx.core.Future;
import java.util.List;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Work that one process of a deployment does at a time: who holds it, under a lease, and how far it has come. Each process
 * applies again and again; if the holder dies, another has it when the lease has ended. For one event loop.
 */
public final class Post {

    /** The post of whoever tells the webhook. */
    public static final String WEBHOOK = "webhook";

    /** The post of whoever looks after dead nodes and dead messages. */
    static final String SWEEPER = "sweeper";

    private static final Script POST = Script.load(Store.class, "post");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final String name;
    private final String applicant = NodeId.random().value();

    /**
     * How an application ended.
     *
     * @param position what the holder, whoever it was, noted last; empty if nobody ever did
     */
    public record Held(boolean isMine, String position) {}

    Post(Masters masters, Keys keys, StoreOptions options, String name) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.name = name;
    }

    /** Takes the post for so long, or keeps it, unless somebody else holds it. */
    public Future<Held> hold(long leaseMs) {
        return hold(leaseMs, "");
    }

    /** Does the same and notes how far the work has come; but only if it holds the post. */
    public Future<Held> hold(long leaseMs, String position) {
        Script.Call call = POST.call(List.of(keys.post(name)), applicant, leaseMs, position);
        return masters.call(keys.postSlot(name), call, Masters.Repeat.HARMLESS, options.deadlineMs())
                .map(reply ->
                        new Held(reply.get(0).toInteger() == 1, reply.get(1).toString()));
    }
}
