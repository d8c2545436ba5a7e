package megacomet.redis;

import io.vertx.core.Future;
import java.util.List;
import megacomet.model.Batch;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;

/**
 * The topics' logs, and what one event loop follows of them.
 *
 * <p><b>Follow first, read second.</b> Following and reading are one step of Redis: a message is in what was read, or it is
 * sent to this loop's node in a wake. What is followed stays so until it is unfollowed or the node's lease ends; following
 * again is harmless, and is done after anything that may have lost it (see {@link Membership.Listener#readAgain}).
 *
 * <p>All methods are called on the event loop; futures complete there. They fail with {@link
 * megacomet.redis.link.RedisUnavailable} when Redis did not answer within the deadline, and repeating any of them is
 * harmless.
 */
public interface Topics {

    /**
     * From where a topic is read.
     *
     * @param from what the reader has, null if nothing
     * @param fromIssuedAtMs when it was told so: what became of a topic whose state is gone by now is known for a day alone
     * @param isFromEarliest of a reader that has nothing: whether it wants all that is kept, or only what comes from now on
     */
    record Want(Topic topic, Position from, long fromIssuedAtMs, boolean isFromEarliest) {

        /** Of a reader that was told just now what it has, or has heard of all that came since. */
        public Want(Topic topic, Position from, boolean isFromEarliest) {
            this(topic, from, Long.MAX_VALUE, isFromEarliest);
        }
    }

    /**
     * Follows topics of one partition, at most {@link #MAX_A_CALL}, and reads each from where it is wanted. The limits of an
     * answer are those of all together: a batch that is not complete may be empty, its position then is where it began.
     * What a reader that has nothing wants has no gap.
     */
    Future<List<Batch>> follow(int partition, List<Want> wants);

    /** Reads topics of one partition, at most {@link #MAX_A_CALL}, without following them. */
    default Future<List<Batch>> read(int partition, List<Want> wants) {
        return read(partition, wants, Allowance.AS_CONFIGURED);
    }

    /** Reads topics of one partition as {@link #read(int, List)} does, and no more of all together than is allowed. */
    Future<List<Batch>> read(int partition, List<Want> wants, Allowance allowance);

    /**
     * How much one read may give, besides what is configured. It gives at least one message if there is any, so that reading
     * goes on.
     */
    record Allowance(int messages, int bytes) {

        /** No less than is configured. */
        public static final Allowance AS_CONFIGURED = new Allowance(Integer.MAX_VALUE, Integer.MAX_VALUE);

        public Allowance {
            if (messages < 1 || bytes < 1) {
                throw new IllegalArgumentException(
                        "an allowance of " + messages + " messages, " + bytes + " bytes is none");
            }
        }
    }

    /**
     * Follows patterns in one partition, where topics that they match may be.
     *
     * @return the latest number that the partition gave to a message of any topic: what comes after it comes in wakes
     */
    Future<Position> followPatterns(int partition, List<TopicPattern> patterns);

    /** A message with its number among those of all topics of the partition. */
    record Passed(long partitionNumber, Message message) {}

    /**
     * What came in a partition for somebody who follows patterns.
     *
     * @param messages that any of the patterns matches, in the partition's order
     * @param position how far the reader is in the partition once it has these
     * @param gaps what was missed: by topic, or by pattern if the partition's index does not reach back so far
     * @param complete false if there is more, which did not fit into one answer
     */
    record Recent(List<Passed> messages, Position position, List<TopicGap> gaps, boolean complete) {}

    /**
     * Reads what came in a partition after {@code from}, for patterns. What was only relayed is not among it, and is no gap:
     * nobody can tell any more which topics it was of.
     */
    default Future<Recent> recent(int partition, List<TopicPattern> patterns, Position from) {
        return recent(partition, patterns, from, Allowance.AS_CONFIGURED);
    }

    /**
     * Reads for patterns as {@link #recent(int, List, Position)} does, and no more than is allowed. What it gives may be nothing
     * though there is more: then nothing matched of what it looked at.
     */
    Future<Recent> recent(int partition, List<TopicPattern> patterns, Position from, Allowance allowance);

    /** Follows no longer, in one partition. */
    Future<Void> unfollow(int partition, List<TopicPattern> names);

    /** The most topics of one call, so that no script keeps Redis busy for long. */
    int MAX_A_CALL = 50;
}
