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
    private final Bodies bodies;
    private final KnownBrowsers browsers = new KnownBrowsers();

    /**
     * How large the budgets are.
     *
     * @param unsent of what was written and nobody has read
     * @param bodiesMaxBytes of bodies and messages that are under way
     */
    public record Budgets(Unsent.Limits unsent, long bodiesMaxBytes) {

        /** Those that hold unless options say otherwise. */
        public static Budgets defaults() {
            return new Budgets(Unsent.Limits.DEFAULT, Bodies.defaultMaxBytes());
        }

        /** The same with another one of what was written. */
        public Budgets withUnsent(Unsent.Limits other) {
            return new Budgets(other, bodiesMaxBytes);
        }

        /** The same with another one of bodies. */
        public Budgets withBodiesMaxBytes(long other) {
            return new Budgets(unsent, other);
        }
    }

    /** Makes the budgets of a process, of their default sizes. */
    public Guard(Meters meters) {
        this(meters, Budgets.defaults());
    }

    /** Makes the budgets of a process. */
    public Guard(Meters meters, Budgets budgets) {
        this.meters = meters;
        this.refusals = new RefusalLog(meters);
        this.unsent = new Unsent(budgets.unsent, meters, this::cut, () -> System.nanoTime() / 1_000_000);
        this.bodies = new Bodies(budgets.bodiesMaxBytes);
        meters.bodies(bodies, Bodies::bytes);
    }

    /** The trace that refused requests leave. */
    public RefusalLog refusals() {
        return refusals;
    }

    /** What was written and no peer has taken. */
    public Unsent unsent() {
        return unsent;
    }

    /** What has come of bodies and is not handled yet. */
    public Bodies bodies() {
        return bodies;
    }

    /** The cookies of browsers that had a session here lately. */
    public KnownBrowsers browsers() {
        return browsers;
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
