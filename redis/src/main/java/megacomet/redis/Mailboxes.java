package megacomet.redis;

import io.vertx.core.Future;
import java.util.List;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Transport;

/**
 * The clients' mailboxes and who owns each client now, for one event loop.
 *
 * <p><b>Reading takes nothing away.</b> A message leaves a mailbox when a later poll confirms it, or when its life ends; an
 * answer that was lost on its way is read again.
 *
 * <p><b>One owner.</b> A claim makes the loop the client's owner and gives it a generation, which rises with every claim.
 * What is done later with an older generation has no effect, so a node that was slow cannot take a client back.
 *
 * <p><b>A position never goes back</b>: confirming an older one than was confirmed changes nothing, and one of another
 * Redis master is clamped to what this master knows of.
 *
 * <p>All methods are called on the event loop; futures complete there. They fail with {@link
 * megacomet.redis.link.RedisUnavailable} when Redis did not answer within the deadline, and repeating any of them is
 * harmless.
 */
public interface Mailboxes {

    /**
     * What a poll wants.
     *
     * @param cursor what the client brought, made for this client, or null
     */
    record Claim(ClientId client, Transport transport, Page page, Cursor cursor) {}

    /**
     * What a loop knows of a client that it holds.
     *
     * @param generation of its claim
     * @param position how far it knows the mailbox
     */
    record Tenure(ClientId client, Transport transport, Page page, long generation, Position position) {}

    /** How a claim ended. */
    sealed interface Claimed {

        /**
         * The loop owns the client.
         *
         * @param masterMs the master's clock when it read, epoch ms
         */
        record Owned(long generation, Batch batch, long masterMs) implements Claimed {}

        /** The same page has already sent a later poll; nothing was changed. */
        record Overtaken() implements Claimed {}

        /** Somebody else has claimed the client since. */
        record Moved(Page by) implements Claimed {}
    }

    /** Confirms what the cursor says, becomes the client's owner, and reads what is unconfirmed. */
    Future<Claimed> claim(Claim claim);

    /**
     * Renews what the loop owns, and reads what came after the positions that it knows. For clients of one partition, at
     * most {@link #MAX_A_CALL}. An owner that Redis has lost is written again.
     *
     * @return an outcome for each, {@link Claimed.Owned} or {@link Claimed.Moved}, in their order
     */
    Future<List<Claimed>> reclaim(List<Tenure> tenures);

    /** Confirms for clients of one partition, at most {@link #MAX_A_CALL}, without reading. */
    Future<Void> confirm(List<Tenure> tenures);

    /** Gives up clients of one partition, at most {@link #MAX_A_CALL}. Those that were claimed since are left alone. */
    Future<Void> release(List<Tenure> tenures);

    /** The most clients of one call, so that no script keeps Redis busy for long. */
    int MAX_A_CALL = 100;
}
