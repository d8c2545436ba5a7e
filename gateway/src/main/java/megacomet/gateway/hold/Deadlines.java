package megacomet.gateway.hold;

import java.util.function.Consumer;

/**
 * All deadlines of one event loop in one structure: a hashed wheel of buckets, each a list that runs through its entries
 * themselves. Arming and disarming cost the same however many there are, and no timer and no object is made for either.
 *
 * <p>A deadline is met at the first {@link #advance} after it, so up to one tick late and never early. Those further ahead
 * than the wheel goes round stay in their bucket for another round. Time is whatever the caller says it is.
 */
final class Deadlines {

    /** The wheel's step in ms. */
    static final int TICK_MS = 250;

    private static final int BUCKETS = 1_024;

    private final Entry[] buckets = new Entry[BUCKETS];
    private final long startMs;
    private int tick;
    private int armed;

    /** Something with a deadline, one at a time. */
    abstract static class Entry {
        private Entry previous;
        private Entry next;
        private int dueTick = DISARMED;

        private static final int DISARMED = -1;

        boolean isArmed() {
            return dueTick != DISARMED;
        }
    }

    /** @param nowMs what time it is */
    Deadlines(long nowMs) {
        this.startMs = nowMs;
    }

    /** Sets the entry's deadline, instead of the one that it may have. */
    void arm(Entry entry, long dueMs) {
        disarm(entry);
        // Rounded up: a deadline is never met early.
        entry.dueTick = Math.max(tick + 1, tickOf(dueMs + TICK_MS - 1));
        int bucket = bucketOf(entry);
        entry.next = buckets[bucket];
        if (entry.next != null) {
            entry.next.previous = entry;
        }
        buckets[bucket] = entry;
        armed++;
    }

    /** Takes the entry's deadline away, if it has one. */
    void disarm(Entry entry) {
        if (!entry.isArmed()) {
            return;
        }
        if (entry.previous == null) {
            buckets[bucketOf(entry)] = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
        entry.dueTick = Entry.DISARMED;
        armed--;
    }

    /** Disarms every entry whose deadline is not after {@code nowMs} and hands it to {@code due}, which may arm again. */
    void advance(long nowMs, Consumer<Entry> due) {
        int now = tickOf(nowMs);
        // After a long pause every bucket is visited once, not once for each round that was slept through.
        int from = Math.max(tick + 1, now - BUCKETS + 1);
        tick = Math.max(tick, now);
        for (int t = from; t <= now; t++) {
            int bucket = t % BUCKETS;
            Entry entry = buckets[bucket];
            while (entry != null) {
                if (entry.dueTick > now) {
                    entry = entry.next; // a later round
                } else {
                    disarm(entry);
                    due.accept(entry);
                    entry = buckets[bucket]; // begun again, for whatever that did to the others
                }
            }
        }
    }

    /** How many entries have a deadline. */
    int armed() {
        return armed;
    }

    private static int bucketOf(Entry entry) {
        return entry.dueTick % BUCKETS;
    }

    /** Ticks since the start; an int of them lasts for more than six years. */
    private int tickOf(long ms) {
        return (int) Math.max(0, (ms - startMs) / TICK_MS);
    }
}
