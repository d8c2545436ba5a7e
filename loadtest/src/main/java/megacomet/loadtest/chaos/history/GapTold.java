package megacomet.loadtest.chaos.history;

/**
 * A browser was told that messages are gone.
 *
 * @param client the browser
 * @param stream of which stream; a pattern if nobody can know of which topic
 * @param missed how many; {@link #UNKNOWN} if nobody can know
 * @param reason as on the wire
 * @param toldMs when
 * @param answer with which of the browser's answers
 */
public record GapTold(String client, Stream stream, int missed, String reason, long toldMs, int answer) {

    public static final int UNKNOWN = -1;
    public static final String EXPIRED = "expired";
    public static final String FAILOVER = "failover";
}
