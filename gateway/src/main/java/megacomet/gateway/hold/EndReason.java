package megacomet.gateway.hold;

import java.util.Locale;

/** Why a hold ended. Also the label of the metric that counts ends. */
public enum EndReason {
    /** It got messages, or was told of a gap. */
    DELIVERED(false, 1000),
    /** Its time was over, and there was nothing to tell. */
    TIMED_OUT(false, 1000),
    /** The browser went away. */
    GONE(false, 1000),
    /** The same page has sent a later poll; this one's answer interests nobody any more. */
    OVERTAKEN(false, 4000),
    /** Another page of the same client took over. */
    SUPERSEDED(true, 4001),
    /** The application deleted the client. */
    DELETED(true, 4002),
    /** The browser's token has expired. */
    TOKEN_EXPIRED(true, 4003),
    /** The application revoked tokens of its subject: whoever has one that is still good may come back with it. */
    REVOKED(true, 4005),
    /** The browser took in too slowly what was streamed; its cursor goes on where it stopped. */
    SLOW_READER(true, 4004),
    /** The client polls too fast, and confirms nothing. */
    TOO_FAST(false, 1013),
    /** The gateway is about to stop. */
    DRAINING(true, 1001),
    /** Redis did not answer in time. */
    UNAVAILABLE(false, 1013);

    private final boolean isSaid;
    private final int closeCode;

    EndReason(boolean isSaid, int closeCode) {
        this.isSaid = isSaid;
        this.closeCode = closeCode;
    }

    /** Whether the answer says it ({@code "ended":…}), because the client must know. */
    public boolean isSaid() {
        return isSaid;
    }

    /** Returns the code with which a WebSocket is closed for this (RFC 6455, section 7.4; 4000 and up are ours). */
    public int closeCode() {
        return closeCode;
    }

    /** Returns the word on the wire and in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
