package megacomet.gateway.hold;

/**
 * How much a client has tried ours: a broken one that never brings its cursor back gets the same messages at once, polls
 * again at once, and so on as fast as the network goes; another polls without waiting in a tight loop. Each such poll, one
 * that confirmed nothing and was answered at once, is a strain, and a second of rest makes good for one. So a client is
 * first advised to wait before it comes back, and when it does not listen, refused; in the long run it gets about one such
 * poll a second, and no other client pays for it.
 *
 * <p>A seat has none of these until its client strains it, and drops it when the client {@linkplain #isRested is rested}.
 * Time is passed in.
 */
final class Patience {

    /** How many such polls at once are nobody's fault: a page that is reloaded again and again, say. */
    static final int FREE = 50;

    /** How many at once are too many. */
    static final int MOST = 300;

    /** How much rest makes good for one. */
    static final long REST_MS = 1_000;

    /** The longest that a client is advised to wait. */
    static final long LONGEST_INTERVAL_MS = 5_000;

    /** An answer that came later than this after its poll is no strain: the client has waited. */
    static final long AT_ONCE_MS = 100;

    private static final long INTERVAL_STEP_MS = 50;

    /** When all would be made good, if the client rested from now on. */
    private long restedAtMs;

    /** A poll that had confirmed nothing was answered at once. */
    void strain(long nowMs) {
        restedAtMs = Math.max(restedAtMs, nowMs) + REST_MS;
    }

    private long strains(long nowMs) {
        return Math.max(0, restedAtMs - nowMs + REST_MS - 1) / REST_MS;
    }

    /** Whether all is made good. */
    boolean isRested(long nowMs) {
        return restedAtMs <= nowMs;
    }

    /** Returns how long the client should be advised to wait before its next poll. */
    long intervalMs(long nowMs) {
        return Math.min(LONGEST_INTERVAL_MS, Math.max(0, strains(nowMs) - FREE) * INTERVAL_STEP_MS);
    }

    /** Returns after how many ms a poll of this client will be taken; 0 if one is taken now. One that is refused is no strain. */
    long refusalMs(long nowMs) {
        return Math.max(0, restedAtMs - nowMs - MOST * REST_MS);
    }
}
