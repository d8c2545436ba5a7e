package megacomet.loadtest.chaos.history;

/**
 * From when a browser follows what it follows, and has a cursor that it returns, until it has lost that: of Bayeux, a
 * session; of the others, the whole run.
 *
 * @param client the browser
 * @param fromMs when the server had confirmed it
 * @param toMs when the server said that it knows nothing of it; {@link Long#MAX_VALUE} if it never did
 */
public record Sitting(String client, long fromMs, long toMs) {}
