package megacomet.model;

import java.util.Locale;

/** A way of reaching a browser. {@code code} stands in a client's owner record in Redis. */
public enum Transport {
    /** Long-poll, the answer is JSON. */
    JSON(1),
    /** Long-poll by a script tag, the answer calls a function. */
    JSONP(2),
    /** Server-sent events: one answer that never ends. */
    SSE(3),
    /** WebSocket: frames, both ways. */
    WEBSOCKET(4),
    /** Bayeux: a connect that is held, over HTTP. */
    BAYEUX_LONG_POLLING(5),
    /** Bayeux: the same by a script tag. */
    BAYEUX_CALLBACK_POLLING(6),
    /** Bayeux: frames, both ways. */
    BAYEUX_WEBSOCKET(7),
    /** Bayeux: events, beside connects that are answered at once. */
    BAYEUX_EVENTSOURCE(8),
    /** Bayeux: the same by scripts in a document that never ends. */
    BAYEUX_IFRAME(9);

    private final int code;

    Transport(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether one hold is given many answers. */
    public boolean isStream() {
        return switch (this) {
            case SSE, WEBSOCKET, BAYEUX_WEBSOCKET, BAYEUX_EVENTSOURCE, BAYEUX_IFRAME -> true;
            default -> false;
        };
    }

    /** Returns the word on the wire and in metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the transport that a script wrote, or null if this version knows none such. */
    public static Transport ofCode(int code) {
        for (Transport transport : values()) {
            if (transport.code == code) {
                return transport;
            }
        }
        return null;
    }
}
