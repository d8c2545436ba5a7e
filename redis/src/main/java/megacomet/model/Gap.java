package megacomet.model;

/**
 * What a client is told when messages that it had not confirmed are gone.
 *
 * @param missed how many, at least 1; {@link #UNKNOWN} if nobody can know
 * @param reason why the latest of them is gone
 */
public record Gap(long missed, Reason reason) {

    /** The count when it cannot be known. */
    public static final long UNKNOWN = -1;

    /** Why messages are gone. {@code code} is what scripts write into a stream's state. */
    public enum Reason {
        /** Their life ended. */
        EXPIRED(1),
        /** The stream was full, and the oldest had to go. */
        OVERFLOW(2),
        /** The application emptied the mailbox. */
        DELETED(3),
        /** Another Redis master serves the stream now, and may lack what the former had not passed on. */
        FAILOVER(4),
        /** They were not kept: the topic only relays, or the client took in too slowly what it was sent. */
        DROPPED(5),
        /** The client was away for so long that nothing is known of what it missed. */
        UNKNOWN(0);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        /** Returns the reason that a script wrote. */
        public static Reason ofCode(long code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            throw new IllegalArgumentException("no gap has reason " + code);
        }

        /** Returns the word on the wire. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Whether the count is known. */
    public boolean isCounted() {
        return missed != UNKNOWN;
    }

    /** Returns one gap that says both: this one, and then {@code later}, which may be null. */
    public Gap and(Gap later) {
        if (later == null) {
            return this;
        }
        long sum = isCounted() && later.isCounted() ? missed + later.missed : UNKNOWN;
        return new Gap(sum, isCounted() ? later.reason : reason);
    }
}
