package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A Bayeux client, as simple as one can be: it does what the statement tells it and nothing by itself.
 *
 * <p>Methods named after messages ({@code subscribe}, {@code publish}) return the reply, whatever it is. Those that a
 * statement needs as a step on its way ({@code follow}, {@code tell}) insist on success.
 */
public final class Session implements AutoCloseable {

    private final Browser browser;
    private final Wire wire;
    private final Inbox inbox;
    private final JsonNode handshakeExt;
    private final long patienceMs;
    private String clientId = "";
    private AtomicInteger lastId = new AtomicInteger();
    private long intervalMs;
    private CompletableFuture<Answer> heartbeat;

    /**
     * @param handshakeExt the credentials, or an empty object
     * @param patienceMs how long it waits for what ought to come
     */
    public Session(Browser browser, Wire wire, Inbox inbox, JsonNode handshakeExt, long patienceMs) {
        this.browser = browser;
        this.wire = wire;
        this.inbox = inbox;
        this.handshakeExt = handshakeExt;
        this.patienceMs = patienceMs;
    }

    public Browser browser() {
        return browser;
    }

    public Wire wire() {
        return wire;
    }

    public String clientId() {
        return clientId;
    }

    /** Goes on as another session, whose clientId it was told. */
    public Session as(String otherClientId) {
        clientId = otherClientId;
        return this;
    }

    /** Goes on as a session that was on another wire before. Its ids go on too: one that is repeated means a repetition. */
    public Session continuing(Session other) {
        lastId = other.lastId;
        return as(other.clientId);
    }

    /** Everything that was delivered so far. */
    public List<JsonNode> events() {
        return inbox.events();
    }

    // Messages

    /** A message with a new id, without a clientId. */
    public ObjectNode bare(String channel) {
        return Json.object("channel", channel, "id", String.valueOf(lastId.incrementAndGet()));
    }

    /** A message of this session. */
    public ObjectNode message(String channel) {
        return bare(channel).put("clientId", clientId);
    }

    public ObjectNode handshakeMessage() {
        ObjectNode message = bare("/meta/handshake");
        message.put("version", "1.0");
        message.set("supportedConnectionTypes", Json.array(wire.transport().type()));
        if (!handshakeExt.isEmpty()) {
            message.set("ext", handshakeExt.deepCopy());
        }
        return message;
    }

    public ObjectNode connectMessage() {
        return message("/meta/connect").put("connectionType", wire.transport().type());
    }

    /** A connect that asks for an answer at once. */
    public ObjectNode hurriedConnectMessage() {
        ObjectNode message = connectMessage();
        message.set("advice", Json.object("timeout", 0));
        return message;
    }

    public ObjectNode subscribeMessage(Object subscription) {
        ObjectNode message = message("/meta/subscribe");
        message.set("subscription", Json.value(subscription));
        return message;
    }

    public ObjectNode unsubscribeMessage(Object subscription) {
        ObjectNode message = message("/meta/unsubscribe");
        message.set("subscription", Json.value(subscription));
        return message;
    }

    public ObjectNode publishMessage(String channel, Object data) {
        ObjectNode message = message(channel);
        message.set("data", Json.value(data));
        return message;
    }

    // Sending

    public Answer send(ObjectNode... requests) {
        return Waiting.on(sendLater(requests));
    }

    public CompletableFuture<Answer> sendLater(ObjectNode... requests) {
        return wire.send(List.of(requests)).whenComplete((answer, failure) -> learn(answer));
    }

    /** Sends one message and returns its reply. */
    public JsonNode ask(ObjectNode request) {
        Answer answer = send(request);
        JsonNode reply = answer.replyTo(request);
        if (reply.isMissingNode()) {
            throw new Mismatch("a reply to " + request, answer.toString());
        }
        return reply;
    }

    private void learn(Answer answer) {
        if (answer != null) {
            for (JsonNode message : answer.messages()) {
                if (message.path("channel").asText().equals("/meta/connect")) {
                    intervalMs = message.path("advice").path("interval").asLong(intervalMs);
                }
            }
        }
    }

    /** Sends a handshake; if it succeeds this is that session from now on. */
    public JsonNode handshake() {
        return handshake(message -> {});
    }

    public JsonNode handshake(Consumer<ObjectNode> changed) {
        ObjectNode request = handshakeMessage();
        changed.accept(request);
        JsonNode reply = ask(request);
        if (reply.path("successful").asBoolean()) {
            clientId = reply.path("clientId").asText();
        }
        return reply;
    }

    public Answer connect() {
        return send(connectMessage());
    }

    public CompletableFuture<Answer> connectLater() {
        return sendLater(connectMessage());
    }

    public Answer hurriedConnect() {
        return send(hurriedConnectMessage());
    }

    public JsonNode subscribe(Object subscription) {
        return ask(subscribeMessage(subscription));
    }

    public JsonNode unsubscribe(Object subscription) {
        return ask(unsubscribeMessage(subscription));
    }

    public JsonNode publish(String channel, Object data) {
        return ask(publishMessage(channel, data));
    }

    public JsonNode disconnect() {
        return ask(message("/meta/disconnect"));
    }

    // Steps on the way

    /** Shakes hands and insists on success. */
    public Session begin() {
        insist(handshake(), "a successful handshake");
        return this;
    }

    /** Shakes hands and sends the first connect, after which a connect is held. */
    public Session beginConnected() {
        begin();
        Answer answer = hurriedConnect();
        if (answer.messages().stream().noneMatch(m -> m.path("successful").asBoolean())) {
            throw new Mismatch("a successful first connect", answer.toString());
        }
        return this;
    }

    public void follow(String... channels) {
        for (String channel : channels) {
            insist(subscribe(channel), "a successful subscription to " + channel);
        }
    }

    public void tell(String channel, Object data) {
        insist(publish(channel, data), "a successful publish to " + channel);
    }

    private static void insist(JsonNode reply, String what) {
        if (!reply.path("successful").asBoolean()) {
            throw refused(what + ", as a step on the way", reply.toString());
        }
    }

    /** A session that is not known any more may have run out, because the machine is slow on which this runs. */
    private static Mismatch refused(String expected, String came) {
        boolean unknown = came.contains("\"402:") || came.contains("\"401:") || came.contains("\"handshake\"");
        return unknown ? Mismatch.ofTime(expected, came) : new Mismatch(expected, came);
    }

    // Receiving

    /** Connects until so many events have come, and returns all that came. */
    public List<JsonNode> receive(int count) {
        return receiveUntil(events -> events.size() >= count, count + " events");
    }

    /** Connects until what came is enough, and returns all of it; gives up when nothing new comes. */
    public List<JsonNode> receiveUntil(Predicate<List<JsonNode>> enough, String what) {
        List<JsonNode> events = inbox.events();
        long lastNs = System.nanoTime();
        while (!enough.test(events)) {
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNs) > patienceMs) {
                throw new Mismatch(what, events.isEmpty() ? "no event" : events.size() + " events: " + events);
            }
            int known = events.size();
            if (wire.transport().isPolling()) {
                pollOnce();
            } else {
                listenFor(known);
            }
            events = inbox.events();
            if (events.size() > known) {
                lastNs = System.nanoTime();
            }
        }
        return new ArrayList<>(events);
    }

    private void pollOnce() {
        if (intervalMs > 0) {
            Waiting.pauseMs(intervalMs);
        }
        Answer answer = connect();
        boolean connected = answer.messages().stream()
                .anyMatch(message ->
                        "/meta/connect".equals(message.path("channel").asText())
                                && message.path("successful").asBoolean());
        if (!connected) {
            throw refused("a successful connect, to receive events with", answer.toString());
        }
    }

    private void listenFor(int known) {
        if (heartbeat == null || heartbeat.isDone()) {
            if (heartbeat != null) {
                Waiting.on(heartbeat);
            }
            heartbeat = connectLater();
        }
        try {
            long waitMs = 50;
            inbox.awaitMoreThan(known, waitMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Mismatch("events in the time that was allowed", "none");
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
