package megacomet.conformance.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Endpoints;
import megacomet.conformance.wire.Http;
import megacomet.conformance.wire.Outages;
import megacomet.conformance.wire.RawConnection;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transcript;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.WebSocketWire;
import megacomet.conformance.wire.Wires;

/** What one statement has to judge the server by: clients of its own, channels of its own, and a transcript. */
public final class Probe implements AutoCloseable {

    /** What is answered "at once" is answered in this time. */
    public static final long AT_ONCE_MS = 500;

    /** Time for a request to arrive and be held, where nothing tells that it is. */
    public static final long SEATING_MS = 300;

    private final Transport transport;
    private final Settings settings;
    private final Set<Transport> offered;
    private final Transcript transcript = new Transcript();
    private final Wires wires;
    private final String root;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Session publisher;
    private int lastMark;

    Probe(
            String name,
            Transport transport,
            Settings settings,
            Set<Transport> offered,
            HttpClient client,
            Endpoints endpoints,
            Outages outages) {
        this.transport = transport;
        this.settings = settings;
        this.offered = offered;
        this.root = settings.channelRoot() + "/" + name;
        Http http = new Http(client, endpoints, transcript, outages, settings.patienceMs());
        this.wires = new Wires(http, outages);
    }

    public Transport transport() {
        return transport;
    }

    public Settings settings() {
        return settings;
    }

    public Http http() {
        return wires.http();
    }

    Transcript transcript() {
        return transcript;
    }

    public boolean offers(Transport other) {
        return offered.contains(other);
    }

    /** A channel, or pattern, that no other statement uses. */
    public String channel(String suffix) {
        return root + suffix;
    }

    /** A client that has not shaken hands yet, in a browser of its own. */
    public Session stranger() {
        return stranger(transport, Browser.fresh());
    }

    public Session stranger(Transport by, Browser browser) {
        return keep(wires.session(by, browser, settings.credentials(), settings.patienceMs()));
    }

    /** A session, in a browser of its own. */
    public Session session() {
        return stranger().begin();
    }

    /** A session whose first connect was answered, so that the next is held. */
    public Session connected() {
        return stranger().beginConnected();
    }

    /** The same session over a wire of its own: a new socket, where the server may have closed the old one. */
    public Session anew(Session session) {
        return anew(session, session.wire().transport());
    }

    public Session anew(Session session, Transport by) {
        return stranger(by, session.browser()).continuing(session);
    }

    /** The session that publishes to the others. */
    public Session publisher() {
        if (publisher == null) {
            publisher = session();
        }
        return publisher;
    }

    public WebSocketWire socket(Map<String, String> headers) {
        return keep(wires.socket(headers));
    }

    public RawConnection connection(Browser browser) throws IOException {
        return keep(wires.connection(browser));
    }

    /**
     * Everything that was, and is, delivered to a session that listens: it comes before something that is published last, or
     * at least before what is published after that has come. (No connect with a timeout of 0 is sent to find out: a server may
     * take that, in the middle of a session, for a sign that its last answer was lost.)
     */
    public List<JsonNode> allEvents(Session listener) {
        String marks = channel("/end");
        listener.follow(marks);
        for (int i = 0; i < 2; i++) {
            int mark = ++lastMark;
            publisher().tell(marks, mark);
            listener.receiveUntil(
                    events -> events.stream()
                            .anyMatch(event ->
                                    isOn(event, marks) && event.path("data").asInt() == mark),
                    "an event on " + marks + " with data " + mark);
        }
        return listener.events().stream().filter(event -> !isOn(event, marks)).toList();
    }

    public static boolean isOn(JsonNode event, String channel) {
        return channel.equals(event.path("channel").asText());
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                transcript.happened("closing failed", e.toString());
            }
        }
    }
}
