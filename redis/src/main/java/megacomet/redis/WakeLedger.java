package megacomet.redis;

import java.util.Arrays;

/**
 * Keeps the books on wakes: how many each partition's counter says were sent to this node, and how many it saw.
 *
 * <p><b>Nothing stays lost.</b> Pub/sub forgets what a subscriber does not hear. But the script that sends a wake raises
 * the node's counter in the same step, and the wake carries the count; so a jump between two wakes is a loss, and so is a
 * count that a comparison found and that was still not seen at the next. What was lost is then read: see {@link Doubt}.
 *
 * <p>One thread. No I/O: {@link Wakeups} listens and asks, this decides.
 */
final class WakeLedger {

    /** What must be done about a partition. */
    enum Doubt {
        /** Nothing: all that was sent was seen, or is on its way. */
        NONE,
        /** Read again what is held there: a wake was lost, or the counter began anew. */
        READ_AGAIN,
    }

    private static final long UNKNOWN = -1;

    private final long[] seen;
    private final long[] atLastCheck;
    private final int[] epochs;

    WakeLedger(int partitions) {
        this.seen = new long[partitions];
        this.atLastCheck = new long[partitions];
        this.epochs = new int[partitions];
        Arrays.fill(seen, UNKNOWN);
    }

    /** The partition's subscription ended; what happens there from now on is not heard. */
    void deafen(int partition) {
        seen[partition] = UNKNOWN;
    }

    /** Whether the partition is subscribed and its count known. */
    boolean isListening(int partition) {
        return seen[partition] != UNKNOWN;
    }

    /** Whether every partition is. */
    boolean isListeningToAll() {
        return Arrays.stream(seen).noneMatch(count -> count == UNKNOWN);
    }

    /**
     * The partition's subscription was confirmed, and after that its counter read. What is held there must be read now:
     * wakes before this were not heard.
     */
    void listen(int partition, int epoch, long count) {
        seen[partition] = Math.max(0, count);
        atLastCheck[partition] = seen[partition];
        epochs[partition] = epoch;
    }

    /** A wake was heard, of a partition to which this is {@linkplain #isListening listening}. */
    Doubt heard(int partition, long counter) {
        boolean isNext = counter == seen[partition] + 1;
        seen[partition] = counter;
        if (counter < atLastCheck[partition]) {
            atLastCheck[partition] = counter;
        }
        return isNext ? Doubt.NONE : Doubt.READ_AGAIN;
    }

    /** Returns what was seen until now; taken when the counters are asked for, given back to {@link #compare}. */
    long[] snapshot() {
        return seen.clone();
    }

    /**
     * A comparison: the master, in its {@code epoch}, says that so many wakes were sent. Those of now may still be on their
     * way, those of the last comparison must have come. Wakes go on while the answer travels, so it is held against what
     * had been seen when the question was {@code asked}.
     */
    Doubt compare(int partition, int epoch, long count, long asked) {
        if (!isListening(partition) || asked == UNKNOWN) {
            return Doubt.NONE;
        }
        boolean isOtherMaster = epochs[partition] != epoch;
        boolean wentBack = count < asked;
        boolean isLost = seen[partition] < atLastCheck[partition];
        if (isOtherMaster || wentBack) {
            epochs[partition] = epoch;
            seen[partition] = seen[partition] == asked ? count : seen[partition];
        } else if (isLost) {
            seen[partition] = atLastCheck[partition];
        }
        atLastCheck[partition] = count;
        return isOtherMaster || wentBack || isLost ? Doubt.READ_AGAIN : Doubt.NONE;
    }
}
