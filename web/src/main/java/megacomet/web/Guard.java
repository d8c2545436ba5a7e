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
    private final Bodies bodies;
    private final KnownBrowsers browsers = new KnownBrowsers();

    /** Makes the budgets of a process as they are unless options say otherwise. */
    public Guard(Meters meters) {
        this(meters, Bodies.defaultMaxBytes());
    }

    /** @param bodiesMaxBytes see {@link Bodies} */
    public Guard(Meters meters, long bodiesMaxBytes) {
        this.meters = meters;
        this.bodies = new Bodies(bodiesMaxBytes);
        meters.bodies(bodies, Bodies::bytes);
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
