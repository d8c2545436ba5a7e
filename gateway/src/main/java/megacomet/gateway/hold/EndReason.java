package megacomet.gateway.hold;

import java.util.Locale;

/** Why a hold ended. Also the label of the metric that counts ends. */
public enum EndReason {
    /** It got messages, or was told of a gap. */
    DELIVERED(false),
    /** Its time was over, and there was nothing to tell. */
    TIMED_OUT(false),
    /** The browser went away. */
    GONE(false),
    /** The same page has sent a later poll; this one's answer interests nobody any more. */
    OVERTAKEN(false),
    /** Another page of the same client took over. */
    SUPERSEDED(true),
    /** The application deleted the client. */
    DELETED(true),
    /** The gateway is about to stop. */
    DRAINING(true),
    /** Redis did not answer in time. */
    UNAVAILABLE(false);

    private final boolean isSaid;

    EndReason(boolean isSaid) {
        this.isSaid = isSaid;
    }

    /** Whether the answer says it ({@code "ended":…}), because the client must know. */
    public boolean isSaid() {
        return isSaid;
    }

    /** Returns the word on the wire and in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
