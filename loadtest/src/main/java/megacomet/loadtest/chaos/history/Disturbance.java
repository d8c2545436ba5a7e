package megacomet.loadtest.chaos.history;

/**
 * While this lasted, nobody can expect to be served at once.
 *
 * @param what the fault's name; of a browser that was away itself {@link #ABSENCE}
 * @param on what it hit
 * @param client whom it concerns; null for all
 * @param fromMs when it began
 * @param toMs when it was healed
 */
public record Disturbance(String what, String on, String client, long fromMs, long toMs) {

    public static final String ABSENCE = "absence";

    public static Disturbance absence(String client, long fromMs, long toMs) {
        return new Disturbance(ABSENCE, client, client, fromMs, toMs);
    }
}
