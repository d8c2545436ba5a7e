package megacomet.web;

/**
 * The budgets that one process has for everybody who is connected to it, on every port. One instance a process; its parts may
 * be used from any thread.
 *
 * <p>A single connection cannot do much harm, but all connections together can: so each buffer that a peer can fill counts here, and a
 * peer that would exceed a budget is refused or cut before memory or descriptors end.
 */
public final class Guard {

    private final Meters meters;
    private final RefusalLog refusals;
    private final Unsent unsent;

    /** Makes the budgets of a process, of their default sizes. */
    public Guard(Meters meters) {
        this(meters, Unsent.Limits.DEFAULT);
    }

    /** Makes the budgets of a process. */
    public Guard(Meters meters, Unsent.Limits unsentLimits) {
        this.meters = meters;
        this.refusals = new RefusalLog(meters);
        this.unsent = new Unsent(unsentLimits, meters, this::cut, () -> System.nanoTime() / 1_000_000);
    }

    /** The trace that refused requests leave. */
    public RefusalLog refusals() {
        return refusals;
    }

    /** What was written and no peer has taken. */
    public Unsent unsent() {
        return unsent;
    }

    /**
     * Counts a connection that the process closed by itself because of how its peer behaved.
     *
     * @param reason one word in lower case, with underscores; a label of {@code megacomet_connections_cut_total}
     */
    public void cut(String reason) {
        meters.connectionsCut(reason).increment();
    }
}
