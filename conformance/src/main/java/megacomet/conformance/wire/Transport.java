package megacomet.conformance.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The ways to a Bayeux server that are tested. */
public enum Transport {
    LONG_POLLING("long-polling"),
    CALLBACK_POLLING("callback-polling"),
    WEBSOCKET("websocket");

    public static final Set<Transport> EVERY = Collections.unmodifiableSet(EnumSet.allOf(Transport.class));
    public static final Set<Transport> POLLING =
            Collections.unmodifiableSet(EnumSet.of(LONG_POLLING, CALLBACK_POLLING));
    public static final Set<Transport> POST = Collections.unmodifiableSet(EnumSet.of(LONG_POLLING));
    public static final Set<Transport> SCRIPT = Collections.unmodifiableSet(EnumSet.of(CALLBACK_POLLING));
    public static final Set<Transport> SOCKET = Collections.unmodifiableSet(EnumSet.of(WEBSOCKET));

    private final String type;

    Transport(String type) {
        this.type = type;
    }

    /** Its name as a connection type. */
    public String type() {
        return type;
    }

    public boolean isPolling() {
        return this != WEBSOCKET;
    }

    public static Transport of(String type) {
        for (Transport transport : values()) {
            if (transport.type.equalsIgnoreCase(type)) {
                return transport;
            }
        }
        throw new IllegalArgumentException(
                "'" + type + "' is no transport; there are long-polling, callback-polling, websocket, all");
    }
}
