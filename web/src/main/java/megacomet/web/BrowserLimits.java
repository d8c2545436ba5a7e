package megacomet.web;

/**
 * What one client may cause in Redis from a browser, at one gateway process. A token may say otherwise: see {@link LimitClaims}.
 *
 * @param publishRate how many messages it may publish a second in the long run
 * @param publishBytes how many bytes of data a second in the long run
 * @param newTopics how many topics it may begin a minute: topics that Redis has no state of
 * @param maxTtlMs the longest {@code ttlMs} that it may ask for, if the topic's own life is not longer
 * @param maxBytes how much of Redis's memory may be taken by what it published, as estimated, at one time
 * @param handshakeRate how many Bayeux sessions it may begin a second in the long run
 * @param anonymousShare all clients together of whom nobody says who they are may do what so many clients may
 */
public record BrowserLimits(
        double publishRate,
        long publishBytes,
        long newTopics,
        long maxTtlMs,
        long maxBytes,
        double handshakeRate,
        int anonymousShare) {

    /** What holds unless said otherwise; decision 0020 says why. */
    public static final BrowserLimits DEFAULT = new BrowserLimits(50, 256 << 10, 60, 3_600_000, 4 << 20, 25, 20);

    /** Returns the same for a client whose token says otherwise. */
    public BrowserLimits with(LimitClaims claims) {
        return new BrowserLimits(
                claims.publishRate() == null ? publishRate : claims.publishRate(),
                claims.publishBytes() == null ? publishBytes : claims.publishBytes(),
                claims.newTopics() == null ? newTopics : claims.newTopics(),
                claims.maxTtlMs() == null ? maxTtlMs : claims.maxTtlMs(),
                claims.maxBytes() == null ? maxBytes : claims.maxBytes(),
                handshakeRate,
                anonymousShare);
    }

    /** Returns what all clients together may cause of whom nobody says who they are. */
    public BrowserLimits ofAllAnonymous() {
        return new BrowserLimits(
                publishRate * anonymousShare,
                publishBytes * anonymousShare,
                newTopics * anonymousShare,
                maxTtlMs,
                maxBytes * anonymousShare,
                handshakeRate * anonymousShare,
                anonymousShare);
    }
}
