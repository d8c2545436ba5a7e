package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Which clients' tokens the application has revoked: one stream of the deployment, which every node reads again and again; for
 * one event loop. See docs/decisions/0022.
 */
public final class RevocationLog {

    /** For how long a revocation is kept, in ms: 30 days. A token that lives longer is good again after that. */
    public static final long KEPT_MS = 2_592_000_000L;

    /** How many revocations are kept. */
    public static final int MAX_ENTRIES = 250_000;

    /** How many are read at a time. */
    static final int PAGE = 1_000;

    private static final Script REVOKE = Script.load(Store.class, "revoke");
    private static final Script REVOCATIONS = Script.load(Store.class, "revocations");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;

    /**
     * A revocation.
     *
     * @param id its place in the log
     * @param issuedBeforeMs the client's tokens that were issued before this are good no more, epoch ms
     * @param untilMs from when no such token can be alive, epoch ms
     */
    public record Entry(String id, ClientId client, long issuedBeforeMs, long untilMs) {}

    RevocationLog(Masters masters, Keys keys, StoreOptions options) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
    }

    /**
     * Revokes the client's tokens that were issued before a time.
     *
     * @param issuedBeforeS epoch s; 0 for the next whole second of Redis's clock, which also is the latest that there can be
     * @return that time; fails with {@link TooManyRevocations}
     */
    public Future<Long> revoke(ClientId client, long issuedBeforeS) {
        Script.Call call = REVOKE.call(List.of(keys.revocations()), client, issuedBeforeS, KEPT_MS, MAX_ENTRIES);
        return run(call)
                .compose(reply -> reply.toLong() < 0
                        ? Future.failedFuture(new TooManyRevocations())
                        : Future.succeededFuture(reply.toLong()));
    }

    /** Returns all entries from a place on, oldest first; of {@code null} from the beginning. */
    public Future<List<Entry>> from(String id) {
        return from(id == null ? "-" : id, new ArrayList<>());
    }

    private Future<List<Entry>> from(String id, List<Entry> before) {
        return run(REVOCATIONS.call(List.of(keys.revocations()), id, PAGE)).compose(reply -> {
            List<Entry> page = entries(reply);
            before.addAll(page);
            return page.size() < PAGE
                    ? Future.succeededFuture(before)
                    : from("(" + page.get(page.size() - 1).id(), before);
        });
    }

    private static List<Entry> entries(Response reply) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 4) {
            entries.add(new Entry(
                    reply.get(i).toString(),
                    new ClientId(reply.get(i + 1).toString()),
                    reply.get(i + 2).toLong() * 1_000,
                    reply.get(i + 3).toLong()));
        }
        return entries;
    }

    private Future<Response> run(Script.Call call) {
        return masters.call(keys.revocationsSlot(), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
