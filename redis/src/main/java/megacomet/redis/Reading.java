package megacomet.redis;

import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.Batch;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicMode;

/**
 * What a script read from a stream (see stream.lua), and how that becomes a {@link Batch}: which messages, which position
 * afterwards, and which gap must be told. <b>A gap is said aloud</b>: never is a recovery partial in silence.
 *
 * @param epoch of the master that answered
 * @param masterMs its clock, epoch ms
 * @param from the standing that was read from: what the reader brought, clamped, or what was confirmed if that is more
 * @param last the latest number given, 0 if the stream has no state
 * @param base where the numbering began
 * @param rebased whether it began there because another master took over
 * @param floor the highest number that was taken away unconfirmed
 * @param reason why that was
 * @param complete whether all that is alive fitted in
 * @param messages after {@code from}, oldest first
 */
record Reading(
        int epoch,
        long masterMs,
        long from,
        long last,
        long base,
        boolean rebased,
        long floor,
        Gap.Reason reason,
        boolean complete,
        List<Message> messages) {

    /** A stream's state outlives the longest life of its messages by this: a younger cursor without a state missed nothing. */
    static final long STATE_OUTLIVES_MS = 86_400_000;

    private static final int FIELDS = 9;

    /** Reads a script's reply, from its element {@code first} on. */
    static Reading parse(Response reply, int first) {
        return parse(reply, first, null);
    }

    /** Reads a script's reply about a topic, or about a mailbox if that is null. */
    static Reading parse(Response reply, int first, Topic topic) {
        List<Message> messages = new ArrayList<>(reply.size() - first - FIELDS);
        for (int i = first + FIELDS; i < reply.size(); i++) {
            messages.add(
                    Message.fromEnvelope(topic, ByteBuffer.wrap(reply.get(i).toBytes())));
        }
        return new Reading(
                (int) (long) reply.get(first).toLong(),
                reply.get(first + 1).toLong(),
                reply.get(first + 2).toLong(),
                reply.get(first + 3).toLong(),
                reply.get(first + 4).toLong(),
                reply.get(first + 5).toLong() == 1,
                reply.get(first + 6).toLong(),
                Gap.Reason.ofCode(reply.get(first + 7).toLong()),
                reply.get(first + 8).toLong() == 1,
                messages);
    }

    /** Returns the batch for a client that brought {@code cursor}, which may be null. */
    Batch batchFor(Cursor cursor) {
        return batch(cursor == null ? null : cursor.mailbox(), cursor == null ? masterMs : cursor.issuedAtMs());
    }

    /** Returns the batch for a seat that knows the stream up to {@code known}, now. */
    Batch batchAfter(Position known) {
        return batch(known, masterMs);
    }

    /** Returns the batch for who wants a topic that is of a mode. */
    Batch batchFor(Topics.Want want, TopicMode mode) {
        Gap gap = want.from() == null ? null : topicGap(want.from(), want.fromIssuedAtMs(), mode);
        return new Batch(messages, after(want.from()), gap, complete);
    }

    private Gap topicGap(Position brought, long broughtIssuedMs, TopicMode mode) {
        if (brought.epoch() != epoch) {
            return new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);
        }
        boolean isOtherNumbering = last == 0 || from < base && !rebased;
        if (isOtherNumbering && brought.number() > 0 && masterMs - broughtIssuedMs > STATE_OUTLIVES_MS) {
            return new Gap(Gap.UNKNOWN, Gap.Reason.UNKNOWN);
        }
        return switch (mode) {
            case LOG -> holes();
            // What a later message has replaced is no loss; what went when the topic became of this mode is.
            case LATEST -> gap(floor - Math.max(from, base), reason);
            case RELAY -> gap(last - Math.max(from, base), last > floor ? Gap.Reason.DROPPED : reason);
        };
    }

    private static Gap gap(long missed, Gap.Reason reason) {
        return missed > 0 ? new Gap(missed, reason) : null;
    }

    private Batch batch(Position brought, long broughtIssuedMs) {
        boolean isOfOtherMaster = brought != null && brought.epoch() != epoch;
        boolean isTooOld = brought != null && masterMs - broughtIssuedMs > STATE_OUTLIVES_MS;
        Gap gap;
        if (isOfOtherMaster) {
            gap = new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);
        } else if (last == 0) {
            gap = isTooOld ? new Gap(Gap.UNKNOWN, Gap.Reason.UNKNOWN) : null;
        } else if (from < base && rebased && brought == null) {
            gap = new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);
        } else if (from < base && !rebased && isTooOld) {
            gap = new Gap(Gap.UNKNOWN, Gap.Reason.UNKNOWN);
        } else {
            gap = holes();
        }
        return new Batch(messages, after(brought), gap, complete);
    }

    /**
     * Where the reader is once it has this. One that comes to a master that knows nothing of the stream stays where it was: that
     * master may have been emptied, and the next may know what the reader has received. But not above the clock, by which the
     * stream would begin here.
     */
    private Position after(Position brought) {
        if (last == 0 && brought != null) {
            return new Position(epoch, Math.min(brought.number(), masterMs * 1_000));
        }
        return new Position(epoch, upTo());
    }

    /** How far the reader is once it has this: everything, or up to where the answer was full. */
    private long upTo() {
        if (complete) {
            return last;
        }
        return messages.isEmpty() ? from : messages.get(messages.size() - 1).number();
    }

    /** The numbers that nobody will ever get. The jump to {@code base} is none: no message had those numbers. */
    private Gap holes() {
        long after = Math.max(from, base);
        long got = messages.stream().filter(message -> message.number() > base).count();
        long missed = upTo() - after - got;
        return gap(missed, highestHole() <= floor ? reason : Gap.Reason.EXPIRED);
    }

    private long highestHole() {
        long number = upTo();
        for (int i = messages.size() - 1; i >= 0 && messages.get(i).number() == number; i--) {
            number--;
        }
        return number;
    }
}
