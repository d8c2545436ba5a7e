package megacomet.gateway.hold;

import java.util.Locale;
import megacomet.model.Transport;

/** Why a client is gone. Applications read it in the log of events. */
public enum Departure {
    /** Its last hold ended, or its stream was closed, and it did not come back within the linger. */
    LEFT,
    /** Its connection broke while it waited, and it did not come back within the linger. */
    SILENT,
    /** The application deleted it. */
    DELETED,
    /** The gateway stops. */
    DRAINING,
    /** Its token expired, and it did not come back with another within the linger. */
    TOKEN_EXPIRED,
    /** Tokens of its subject were revoked, and it did not come back with a good one within the linger. */
    REVOKED,
    /** It took in too slowly what was streamed, and did not come back within the linger. */
    SLOW_READER;

    /** Returns why a client is gone whose last hold ended like that. */
    static Departure after(EndReason reason, Transport transport) {
        return switch (reason) {
            case DELETED -> DELETED;
            case DRAINING -> DRAINING;
            case TOKEN_EXPIRED -> TOKEN_EXPIRED;
            case REVOKED -> REVOKED;
            case SLOW_READER -> SLOW_READER;
            case GONE -> transport.isStream() ? LEFT : SILENT;
            default -> LEFT;
        };
    }

    /** Returns the word in events. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
