package megacomet.loadtest.publish;

/**
 * When messages are to be published: at a constant rate, whatever the server does (open loop). A message's latency counts
 * from its time in this plan, so that a server that stands still for a second is charged with that second for every message
 * that fell into it, and not only for the one that happened to wait (no coordinated omission).
 *
 * @param startUs when the first is due
 * @param rate messages a second
 * @param count how many there are
 */
public record Plan(long startUs, double rate, long count) {

    public Plan {
        if (!(rate > 0) || count < 0) {
            throw new IllegalArgumentException("no plan: " + rate + " a second, " + count + " messages");
        }
    }

    /**
     * One of several processes' parts of a plan; together they publish evenly, one after the other.
     *
     * @param rate of this part
     * @param part which one it is, from 0
     */
    public static Plan part(long startUs, double rate, long durationMs, int part, int parts) {
        double gapUs = 1e6 / rate;
        return new Plan(startUs + (long) (gapUs * part / parts), rate, Math.round(rate * durationMs / 1_000));
    }

    /** When message {@code n} (from 0) is due. */
    public long dueUs(long n) {
        return startUs + (long) (n * 1e6 / rate);
    }
}
