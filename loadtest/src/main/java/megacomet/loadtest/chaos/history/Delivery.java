package megacomet.loadtest.chaos.history;

/**
 * A message that came to a browser.
 *
 * @param client the browser
 * @param stream of which stream it is
 * @param seq its number there; 0 if the transport does not say
 * @param atMs when it was published, by the server's words; 0 if the transport does not say
 * @param number which message of the run it is; {@link #FOREIGN} if none
 * @param receivedMs when it came
 * @param answer which of the browser's answers brought it
 */
public record Delivery(String client, Stream stream, long seq, long atMs, int number, long receivedMs, int answer) {

    public static final int FOREIGN = -1;
}
