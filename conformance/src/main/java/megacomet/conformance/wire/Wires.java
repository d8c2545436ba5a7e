package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/** Makes the wires and sessions of one statement. */
public final class Wires {

    private final Http http;
    private final Outages outages;

    public Wires(Http http, Outages outages) {
        this.http = http;
        this.outages = outages;
    }

    public Http http() {
        return http;
    }

    public Session session(Transport transport, Browser browser, JsonNode handshakeExt, long patienceMs) {
        Inbox inbox = new Inbox();
        return new Session(browser, wire(transport, browser, inbox), inbox, handshakeExt, patienceMs);
    }

    private Wire wire(Transport transport, Browser browser, Inbox inbox) {
        return switch (transport) {
            case LONG_POLLING -> new LongPollingWire(http, browser, inbox);
            case CALLBACK_POLLING -> new CallbackPollingWire(http, browser, inbox);
            case WEBSOCKET -> {
                String cookie = browser.cookieHeader();
                Map<String, String> headers = cookie.isEmpty() ? Map.of() : Map.of("Cookie", cookie);
                yield new WebSocketWire(http, outages, headers, inbox);
            }
        };
    }

    public WebSocketWire socket(Map<String, String> headers) {
        return new WebSocketWire(http, outages, headers, new Inbox());
    }

    public RawConnection connection(Browser browser) throws IOException {
        return RawConnection.open(http.endpoints().next(), http.transcript(), outages, browser, http.patienceMs());
    }
}
