package megacomet.loadtest.publish;

import java.util.Arrays;

/** What became of the messages for single browsers, of one process: one byte each. */
public final class Ledger {

    /** So many messages can be accounted for; beyond it the run must be shorter or slower. */
    private static final int MAX_MESSAGES = 200_000_000;

    private static final byte ACCEPTED = 1;
    private static final byte DELIVERED = 2;

    private byte[] fates = new byte[1 << 12];
    private int messages;
    private int accepted;
    private int acceptedAndDelivered;

    /** Enters a message and returns its number. */
    public int add() {
        if (messages == MAX_MESSAGES) {
            throw new IllegalStateException("more than " + MAX_MESSAGES + " messages in one process");
        }
        if (messages == fates.length) {
            fates = Arrays.copyOf(fates, 2 * messages);
        }
        return messages++;
    }

    /** The server has taken it. */
    public void accepted(int number) {
        accepted++;
        mark(number, ACCEPTED);
    }

    /** Its browser has got it. */
    public void delivered(int number) {
        if (number < messages) {
            mark(number, DELIVERED);
        }
    }

    /** How many were accepted and are not delivered, yet or for ever. */
    public int outstanding() {
        return accepted - acceptedAndDelivered;
    }

    private void mark(int number, byte fate) {
        boolean wasBoth = fates[number] == (ACCEPTED | DELIVERED);
        fates[number] |= fate;
        if (!wasBoth && fates[number] == (ACCEPTED | DELIVERED)) {
            acceptedAndDelivered++;
        }
    }
}
