package megacomet.redis;

/** A message is stored on the master, and no replica is known to have it. Publishing it again with its id waits again. */
public final class NotReplicated extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long number;

    NotReplicated(long number) {
        super("no replica is known to have " + number, null, false, false);
        this.number = number;
    }

    /** The number that the message has. */
    public long number() {
        return number;
    }
}
