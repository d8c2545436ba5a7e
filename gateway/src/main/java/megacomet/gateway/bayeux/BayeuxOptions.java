package megacomet.gateway.bayeux;

import java.net.URI;
import java.util.List;

/**
 * How a gateway speaks Bayeux.
 *
 * @param paths where; none to not speak it
 * @param timeoutMs how long a connect is held
 * @param intervalMs how long clients are to pause between connects
 * @param maxIntervalMs how long beyond that a session lives without a sign of life
 * @param maxSessionsPerBrowser how many sessions of one browser may hold a connect over HTTP/1.1; -1 for any number
 * @param multiSessionIntervalMs how long the others are to pause between connects
 * @param isStrict whether a session may be a browser's alone that takes cookies
 * @param hosts other hosts that clients may use, which are advised
 * @param inactiveMs after how long without anything but connects a session is ended; 0 for never
 * @param isServiceStrict whether a message to a service channel that nothing answers is an error
 * @param authUrl who decides on handshakes, or null for tokens
 */
public record BayeuxOptions(
        List<String> paths,
        int timeoutMs,
        int intervalMs,
        long maxIntervalMs,
        int maxSessionsPerBrowser,
        int multiSessionIntervalMs,
        boolean isStrict,
        List<String> hosts,
        long inactiveMs,
        boolean isServiceStrict,
        URI authUrl) {

    /** What holds unless said otherwise. */
    public static final BayeuxOptions DEFAULT =
            new BayeuxOptions(List.of("/bayeux"), 30_000, 0, 65_000, 1, 2_000, false, List.of(), 0, false, null);

    /** Returns the same with other times. */
    public BayeuxOptions withTimes(int otherTimeoutMs, long otherMaxIntervalMs) {
        return new BayeuxOptions(
                paths,
                otherTimeoutMs,
                intervalMs,
                otherMaxIntervalMs,
                maxSessionsPerBrowser,
                multiSessionIntervalMs,
                isStrict,
                hosts,
                inactiveMs,
                isServiceStrict,
                authUrl);
    }

    /** How long a session lives after an answer, without a sign of life. */
    long silentMs() {
        return intervalMs + maxIntervalMs;
    }
}
