package megacomet.gateway.hold;

import java.util.ArrayList;
import java.util.List;
import megacomet.model.Message;
import megacomet.model.Position;

/**
 * One client's place at one topic that it follows by name.
 *
 * <p>It is <em>level</em> with its tap, and gets what passes, or <em>behind</em>: then it reads from the log what it missed,
 * and what passes meanwhile is kept for after that. Whatever comes twice is known by its number.
 */
final class Follow {

    private static final long UNKNOWN = -1;

    /** How many messages may pass while the log is read; beyond that it is read once more. */
    private static final int MAX_EARLY_MESSAGES = 256;

    final Seat seat;
    final Tap tap;

    /** Its index among the tap's followers. */
    int place;

    boolean isLevel;

    /** Whether all that is kept is wanted, if nothing is known of what the client has. */
    boolean isFromEarliest;

    /** Counts reads, so that the answer of an outdated one is known for what it is. */
    int ticket;

    /** Whether it waits for its turn to read; what passes meanwhile will be in what it reads. */
    boolean isInLine;

    /** Whether a read is on its way. */
    boolean isReading;

    /** Whether there is more than fitted into the answer; it is read once that is written. */
    boolean mustReadOn;

    /**
     * Whether one of the client's own patterns matches the topic as well. Then the name must not be behind in any cursor: if
     * the client no longer followed the name, the pattern would go on from where the pattern is.
     */
    boolean isByPatternToo;

    /**
     * How far the client has the topic's partition, if all that is known of what it has comes from a pattern that it followed;
     * else null. Number 0 before the partition's first message.
     */
    Position byPattern;

    /** When the cursor was made that says what the client has, epoch ms; 0 for just now. */
    long broughtIssuedAtMs;

    private int epoch;
    private long known = UNKNOWN;
    private int writtenEpoch;
    private long written = UNKNOWN;
    private List<Early> early;
    private boolean hasLostEarly;

    Follow(Seat seat, Tap tap) {
        this.seat = seat;
        this.tap = tap;
    }

    /** How far the client has it, or will have once it is written what is pending; null if nothing is known. */
    Position known() {
        return known == UNKNOWN ? null : new Position(epoch, known);
    }

    void know(Position position) {
        epoch = position == null ? 0 : position.epoch();
        known = position == null ? UNKNOWN : position.number();
    }

    /** Whether the client does not have that number yet. A later master's numbers are above those that it knows of. */
    boolean isNew(long number) {
        return number > known;
    }

    /**
     * Whether it is not yet known what of the topic the client has been given by a pattern. Until then no cursor can be made
     * for it: the pattern goes on without the topic, and would leave behind what the topic's name has not read.
     */
    boolean isYetToFind() {
        return byPattern != null && known == UNKNOWN;
    }

    /** What the client's cursor says, as far as we know; null for nothing. */
    Position written() {
        return written == UNKNOWN ? null : new Position(writtenEpoch, written);
    }

    void brought(Position position) {
        writtenEpoch = position == null ? 0 : position.epoch();
        written = position == null ? UNKNOWN : position.number();
    }

    /** All that is known is about to be written. */
    void wrote() {
        written = known;
        writtenEpoch = epoch;
    }

    /** A message that passed while the log was read. */
    record Early(int epoch, Message message) {}

    void keepForLater(int messageEpoch, Message message) {
        if (early == null) {
            early = new ArrayList<>(1);
        }
        if (early.size() < MAX_EARLY_MESSAGES) {
            early.add(new Early(messageEpoch, message));
        } else {
            hasLostEarly = true;
        }
    }

    /** Whether messages passed that were not kept, so that the log must be read once more. */
    boolean hasLostEarly() {
        return hasLostEarly;
    }

    List<Early> takeEarly() {
        List<Early> kept = early == null ? List.of() : early;
        early = null;
        hasLostEarly = false;
        return kept;
    }
}
