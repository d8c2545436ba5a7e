package megacomet.redis;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
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
     * @param follows tags of what it follows, reduced: see {@link Tenure}
     * @param isBack whether it only takes back what an earlier poll of the same page has taken, and nothing from another page
     */
    record Claim(ClientId client, Transport transport, Page page, Cursor cursor, long[] follows, boolean isBack) {
        /** A claim that takes the client from whomever has it. */
        public Claim(ClientId client, Transport transport, Page page, Cursor cursor, long[] follows) {
            this(client, transport, page, cursor, follows, false);
        }

        /** The same of a client that follows nothing. */
        public Claim(ClientId client, Transport transport, Page page, Cursor cursor) {
            this(client, transport, page, cursor, NO_FOLLOWS);
        }
    }

    /** The tags of a client that follows nothing. */
    long[] NO_FOLLOWS = {};

    /**
     * What a loop knows of a client that it holds.
     *
     * @param generation of its claim
     * @param position how far it knows the mailbox; for {@link #confirm}, what is confirmed
     * @param follows {@link TopicPattern#tag tags} of what the client follows, less what another of its patterns covers:
     *     so a client counts once among a topic's followers. Redis counts by these, in the same step in which it notes the
     *     owner; so counts do not move while a client does
     * @param topics for {@link #confirm}, how far topics that the application had the client follow are confirmed
     */
    record Tenure(
            ClientId client,
            Transport transport,
            Page page,
            long generation,
            Position position,
            long[] follows,
            TopicPositions topics) {
        /** The tenure of a client that follows nothing. */
        public Tenure(ClientId client, Transport transport, Page page, long generation, Position position) {
            this(client, transport, page, generation, position, NO_FOLLOWS, TopicPositions.NONE);
        }
    }

    /**
     * Something that the application has the client follow.
     *
     * @param from how far the client has confirmed it, or where it began; null for a pattern
     * @param beginning of a pattern of which the client has confirmed nothing yet: where each partition was when it began, in
     *     which a topic ever had a message; else null. One without begins when it is held
     */
    record Following(TopicPattern name, Position from, Map<Integer, Position> beginning) {
        /** A topic, or a pattern that begins when it is held. */
        public Following(TopicPattern name, Position from) {
            this(name, from, null);
        }
    }

    /** How a claim ended. */
    sealed interface Claimed {

        /**
         * The loop owns the client.
         *
         * @param masterMs the master's clock when it read, epoch ms
         * @param wasAway whether nobody owned the client before
         * @param following what the application has the client follow
         */
        record Owned(long generation, Batch batch, long masterMs, boolean wasAway, List<Following> following)
                implements Claimed {}

        /** The same page has already sent a later poll; nothing was changed. */
        record Overtaken() implements Claimed {}

        /** Somebody else has claimed the client since; nothing was changed. */
        record Moved(Page by) implements Claimed {}
    }

    /**
     * Confirms what the cursor says, becomes the client's owner, and reads what is unconfirmed. What the application has the
     * client follow counts among its follows as well.
     */
    Future<Claimed> claim(Claim claim);

    /**
     * Renews what the loop owns, and reads what came after the positions that it knows. For clients of one partition, at
     * most {@link #MAX_A_CALL}. An owner that Redis has lost is written again. It counts by the tenure's follows; if what the
     * application has the client follow is not among those, a further call must.
     *
     * @return an outcome for each, {@link Claimed.Owned} or {@link Claimed.Moved}, in their order
     */
    Future<List<Claimed>> reclaim(List<Tenure> tenures);

    /** Returns what the application has a client follow. */
    Future<List<Following>> following(ClientId client);

    /**
     * Confirms without reading, for at most {@link #MAX_A_CALL} clients: of one partition, or of any if {@link
     * #areConfirmedTogether}.
     */
    Future<Void> confirm(List<Tenure> tenures);

    /** Whether one call may confirm for clients of several partitions: where Redis is no cluster, which wants keys of one slot. */
    default boolean areConfirmedTogether() {
        return false;
    }

    /** Gives up clients of one partition, at most {@link #MAX_A_CALL}. Those that were claimed since are left alone. */
    Future<Void> release(List<Tenure> tenures);

    /** The most clients of one call, so that no script keeps Redis busy for long. */
    int MAX_A_CALL = 100;
}
