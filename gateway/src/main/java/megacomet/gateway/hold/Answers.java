package megacomet.gateway.hold;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.gateway.hold.Seat.State;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;

/**
 * Makes answers of what seats know: the messages that are still alive, what is missing, and the cursor that says what the client
 * has once it has all of that.
 *
 * <p>One thread, the event loop's.
 */
final class Answers {

    /** What may be missing since another master took over; nobody knows how much. */
    static final Gap FAILOVER = new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER);

    private final Following following;
    private final MasterClocks clocks;
    private final Partitions partitions;
    private final Lives lives;
    private final RoomObserver observer;

    Answers(Following following, MasterClocks clocks, Partitions partitions, RoomObserver observer) {
        this.following = following;
        this.clocks = clocks;
        this.partitions = partitions;
        this.lives = new Lives(clocks, partitions);
        this.observer = observer;
    }

    // ---- what is told

    /** Takes from the seat all that it has for the client. */
    Answer take(Seat seat, Transport transport, Advice advice) {
        List<Message> messages = seat.pending == null ? List.of() : seat.pending;
        Gap gap = seat.gap;
        List<TopicGap> topicGaps = seat.topicGaps();
        seat.forgetPending();
        seat.forgetGaps();
        seat.wrote();
        following.wrote(seat);
        for (Message message : messages) {
            observer.delivered(transport, lives.ageMs(seat.partition, message));
        }
        if (gap != null) {
            observer.told(seat.client, null, gap);
        }
        topicGaps.forEach(topicGap -> observer.told(seat.client, topicGap.topic(), topicGap.gap()));
        return new Answer(messages, cursorOf(seat), gap, topicGaps, advice, null);
    }

    /** Lets go of messages whose lives have ended; they are missing then. */
    void dropDead(Seat seat) {
        if (seat.pending == null) {
            return;
        }
        int before = seat.pending.size();
        seat.dropPending(message -> lives.isOver(seat.partition, message, seat::miss));
        if (seat.pending.size() < before) {
            seat.isConfirmed = false;
        }
    }

    /** See {@link WaitingRoom#withoutDead}. */
    Answer withoutDead(ClientId client, Answer answer) {
        return lives.withoutDead(partitions.of(client), answer, (topic, gap) -> observer.told(client, topic, gap));
    }

    /**
     * See {@link WaitingRoom#withFailover}.
     *
     * @param follows what the client follows
     */
    Answer withFailover(ClientId client, Iterable<TopicPattern> follows, Answer answer) {
        Map<String, Gap> missed = new HashMap<>();
        follows.forEach(name -> missed.put(name.value(), FAILOVER));
        missed.forEach((topic, gap) -> observer.told(client, topic, gap));
        return answer.with(answer.messages(), missed);
    }

    // ---- cursors

    /** Returns the cursor of a client that is told nothing more, or null if there is more or nothing is known. */
    String cursorAtEnd(Seat seat) {
        boolean isMoreToTell = seat.hasPending() || seat.hasGap() || !following.isSettled(seat);
        if (seat.followed != null && isMoreToTell) {
            return null; // It keeps the one that it has.
        }
        return cursorOf(seat);
    }

    /** Returns the cursor that says what was written to the client, without what waits to be; or null if that is not known. */
    Cursor writtenCursor(Seat seat) {
        return seat.isWrittenKnown() ? cursorAt(seat, seat.writtenPosition(), following.writtenPositions(seat)) : null;
    }

    /** Returns the cursor that says what the client has, or null if that is not known. */
    private String cursorOf(Seat seat) {
        if (seat.isWrittenKnown()) {
            return cursorAt(seat, seat.writtenPosition(), following.positions(seat))
                    .encode();
        }
        boolean isAllTold =
                seat.state == State.SEATED && seat.generation != 0 && !seat.hasPending() && seat.gap == null;
        if (isAllTold) {
            return cursorAt(seat, new Position(seat.epoch, seat.position), following.positions(seat))
                    .encode();
        }
        return seat.cursor == null ? null : seat.cursor.encode();
    }

    private Cursor cursorAt(Seat seat, Position mailbox, TopicPositions topics) {
        return new Cursor(Cursor.tagOf(seat.client), clocks.nowMs(seat.partition), mailbox, topics);
    }
}
