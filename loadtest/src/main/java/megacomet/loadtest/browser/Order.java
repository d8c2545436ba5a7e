package megacomet.loadtest.browser;

/** Which of a stream's messages one browser has got: the highest, and which of the {@value #WINDOW} below it. */
final class Order {

    private static final int WINDOW = 64;

    /** What a message's arrival was. */
    enum Arrival {
        IN_ORDER,
        REORDERED,
        DUPLICATED
    }

    private int highest = -1;

    /** Bit i: {@code highest - i} has come. */
    private long seen;

    /**
     * A message has come. One that lies further back than the window counts as reordered, though it may have come before.
     *
     * @param sequence from 0
     */
    Arrival arrived(int sequence) {
        if (sequence > highest) {
            int step = sequence - highest;
            seen = (step >= WINDOW ? 0 : seen << step) | 1;
            highest = sequence;
            return Arrival.IN_ORDER;
        }
        int back = highest - sequence;
        if (back >= WINDOW) {
            return Arrival.REORDERED;
        }
        if ((seen & 1L << back) != 0) {
            return Arrival.DUPLICATED;
        }
        seen |= 1L << back;
        return Arrival.REORDERED;
    }
}
