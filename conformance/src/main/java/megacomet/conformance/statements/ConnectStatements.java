package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.MUST;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;
import static megacomet.conformance.wire.Transport.POLLING;
import static megacomet.conformance.wire.Transport.POST;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Skipped;
import megacomet.conformance.judge.Turn;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.RawConnection;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;

/** How a session waits for events. */
public final class ConnectStatements {

    private static final double HOLD_TOLERANCE = 0.2;
    private static final long DELIVERY_MS = 200;
    private static final int DELIVERY_TRIES = 3;

    private ConnectStatements() {}

    public static Chapter chapter() {
        return new Chapter("Connect")
                .state(
                        22,
                        HARDENING,
                        "The first connect after a handshake is answered at once, also without advice",
                        "CometD; its own clients ask for it with advice.timeout:0, Faye holds it",
                        EVERY,
                        ConnectStatements::firstConnect)
                .state(
                        23,
                        SHOULD,
                        "The next connect, with nothing queued, is held for the timeout, then successful without events",
                        "Bayeux 1.0, The long-polling Transport; timeout advice field",
                        EVERY,
                        ConnectStatements::heldConnect)
                .state(
                        24,
                        SHOULD,
                        "A connect with advice.timeout:0 is answered at once",
                        "Bayeux 1.0, timeout advice field (SHOULD honor)",
                        EVERY,
                        ConnectStatements::hurriedConnect)
                .state(
                        88,
                        HARDENING,
                        "A client's timeout above the server's is capped",
                        "clients give up a poll that outlasts the advised timeout",
                        EVERY,
                        ConnectStatements::cappedTimeout)
                .state(
                        25,
                        MUST,
                        "An event ends the held connect in less than " + DELIVERY_MS
                                + " ms, in the same array as its reply",
                        "Bayeux 1.0, Delivery; The long-polling Transport",
                        POLLING,
                        Turn.ALONE,
                        ConnectStatements::eventEndsTheHold)
                .state(
                        26,
                        MUST,
                        "Events queued while no connect is open come with the next one, in order, once",
                        "Bayeux 1.0, Delivery",
                        POLLING,
                        ConnectStatements::queuedEvents)
                .state(
                        27,
                        HARDENING,
                        "A connect that shares its array with other messages is answered at once, with their replies",
                        "CometD; Faye holds all of them, which delays a batch by the timeout",
                        POLLING,
                        ConnectStatements::batchedConnect)
                .state(
                        28,
                        MUST,
                        "Of two connects of a session the later is served, both end, no event is lost or doubled",
                        "Bayeux 1.0, Connect Response; Delivery",
                        POST,
                        ConnectStatements::twoConnects)
                .state(
                        89,
                        HARDENING,
                        "The earlier of two connects ends at once, and not with a success that starts another cycle",
                        "CometD ends it with HTTP 500; 408 is better",
                        POST,
                        ConnectStatements::earlierConnectEnds)
                .state(
                        29,
                        MUST,
                        "A connect of an unknown clientId, or of none, is unsuccessful",
                        "Bayeux 1.0, Connect Response; clientId",
                        EVERY,
                        ConnectStatements::unknownClient)
                .state(
                        90,
                        CLIENT,
                        "Its advice is reconnect:\"handshake\"",
                        "Bayeux 1.0, reconnect advice field; the only way by which CometD JS begins anew",
                        EVERY,
                        ConnectStatements::unknownClientIsAdvised)
                .state(
                        91,
                        HARDENING,
                        "Its error begins with 402",
                        "cometd#1033: applications test for it; Bayeux 1.0 gives the code as an example only",
                        EVERY,
                        ConnectStatements::unknownClientCode)
                .state(
                        30,
                        HARDENING,
                        "A missing or unknown connectionType: unsuccessful, code 400, and the session goes on",
                        "Bayeux 1.0, connectionType (the client's MUST)",
                        EVERY,
                        ConnectStatements::connectionType)
                .state(
                        31,
                        SHOULD,
                        "A connect on another polling transport than the last works without a new handshake",
                        "Bayeux 1.0, Connect Request (any of the transports)",
                        POST,
                        ConnectStatements::otherTransport)
                .state(
                        106,
                        MUST,
                        "While a connect is held, other messages of the session are answered",
                        "Bayeux 1.0, Two connection operation",
                        EVERY,
                        ConnectStatements::secondRequest)
                .state(
                        107,
                        SHOULD,
                        "Available events come with the response that is sent at once, rather than by waking a held connect",
                        "Bayeux 1.0, Delivery",
                        POST,
                        ConnectStatements::immediateResponseIsPreferred)
                .state(
                        32,
                        HARDENING,
                        "A client that vanishes with a connect held costs one reply at most, and the server stays up",
                        "Faye 1.4.3: ERR_HTTP_HEADERS_SENT ends its process",
                        POLLING,
                        Turn.LAST,
                        ConnectStatements::vanishedClient);
    }

    private static JsonNode connectReply(Answer answer) {
        return answer.messages().stream()
                .filter(message -> Probe.isOn(message, "/meta/connect"))
                .findFirst()
                .orElseThrow(() -> new Mismatch("a reply to /meta/connect", answer.toString()));
    }

    private static void firstConnect(Probe probe) {
        Answer answer = probe.session().connect();
        Expect.successful(connectReply(answer));
        Expect.atOnce(answer);
    }

    private static void heldConnect(Probe probe) {
        Answer answer = probe.connected().connect();
        Expect.successful(connectReply(answer));
        Expect.that(answer.events().isEmpty(), "no events", answer);
        long timeoutMs = probe.settings().timeoutMs();
        long least = (long) (timeoutMs * (1 - HOLD_TOLERANCE));
        long most = (long) (timeoutMs * (1 + HOLD_TOLERANCE)) + Probe.AT_ONCE_MS;
        Expect.took(answer.tookMs(), least, most);
    }

    private static void hurriedConnect(Probe probe) {
        Session session = probe.connected();
        Answer answer = session.hurriedConnect();
        Expect.successful(connectReply(answer));
        Expect.atOnce(answer);
    }

    private static void cappedTimeout(Probe probe) {
        Session session = probe.connected();
        ObjectNode connect = session.connectMessage();
        long timeoutMs = probe.settings().timeoutMs();
        long asked = timeoutMs + probe.settings().patienceMs();
        connect.set("advice", Json.object("timeout", asked));
        Answer answer = session.send(connect);
        Expect.successful(connectReply(answer));
        long most = (long) (timeoutMs * (1 + HOLD_TOLERANCE)) + Probe.AT_ONCE_MS;
        Expect.took(answer.tookMs(), 0, most);
    }

    /** The best of a few tries: a slow one may be the doing of the machine on which this runs. */
    private static void eventEndsTheHold(Probe probe) {
        Session listener = probe.connected();
        listener.follow(probe.channel("/a"));
        long bestMs = Long.MAX_VALUE;
        for (int i = 0; i < DELIVERY_TRIES && bestMs >= DELIVERY_MS; i++) {
            CompletableFuture<Answer> held = listener.connectLater();
            Waiting.pauseMs(Probe.SEATING_MS);
            Expect.that(!held.isDone(), "a connect that is held", held);
            long publishedNs = System.nanoTime();
            probe.publisher().tell(probe.channel("/a"), i);
            Answer answer = Waiting.on(held);
            bestMs = Math.min(bestMs, (System.nanoTime() - publishedNs) / 1_000_000);
            Expect.successful(connectReply(answer));
            Expect.data(answer.events(), i);
        }
        Expect.took(bestMs, 0, DELIVERY_MS);
    }

    private static void queuedEvents(Probe probe) {
        Session listener = probe.connected();
        listener.follow(probe.channel("/a"));
        for (int i = 0; i < 5; i++) {
            probe.publisher().tell(probe.channel("/a"), i);
        }
        listener.receive(5);
        Expect.data(probe.allEvents(listener), 0, 1, 2, 3, 4);
    }

    private static void batchedConnect(Probe probe) {
        Session session = probe.connected();
        ObjectNode subscribe = session.subscribeMessage(probe.channel("/a"));
        ObjectNode connect = session.connectMessage();
        Answer answer = session.send(subscribe, connect);
        Expect.successful(answer.replyTo(subscribe));
        Expect.successful(answer.replyTo(connect));
        Expect.atOnce(answer);
    }

    private static void twoConnects(Probe probe) {
        Session session = probe.connected();
        session.follow(probe.channel("/a"));
        CompletableFuture<Answer> earlier = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        CompletableFuture<Answer> later = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        probe.publisher().tell(probe.channel("/a"), "once");
        Expect.successful(connectReply(Waiting.on(later)));
        Waiting.untilOver(earlier);
        session.receive(1);
        Expect.data(probe.allEvents(session), "once");
    }

    private static void earlierConnectEnds(Probe probe) {
        Session session = probe.connected();
        CompletableFuture<Answer> earlier = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        long beganNs = System.nanoTime();
        session.connectLater();
        Waiting.untilOver(earlier);
        long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        Expect.took(tookMs, 0, Probe.AT_ONCE_MS);
        Answer answer = earlier.isCompletedExceptionally() ? null : earlier.join();
        if (answer != null) {
            Expect.that(
                    answer.messages().stream()
                            .noneMatch(message -> message.path("successful").asBoolean()),
                    "no successful reply to the earlier connect",
                    answer);
        }
    }

    private static JsonNode unknown(Probe probe) {
        Session session = probe.session().as("1234567890abcdefghijklmnopqrstuv");
        return session.ask(session.hurriedConnectMessage());
    }

    private static void unknownClient(Probe probe) {
        Expect.unsuccessful(unknown(probe));
        Session session = probe.session();
        ObjectNode nameless = session.hurriedConnectMessage();
        nameless.remove("clientId");
        Expect.unsuccessful(session.ask(nameless));
    }

    private static void unknownClientIsAdvised(Probe probe) {
        JsonNode reply = unknown(probe);
        Expect.unsuccessful(reply);
        Expect.advised(reply, "handshake");
    }

    private static void unknownClientCode(Probe probe) {
        Expect.refused(unknown(probe), "402");
    }

    private static void connectionType(Probe probe) {
        Session session = probe.session();
        ObjectNode missing = session.hurriedConnectMessage();
        missing.remove("connectionType");
        ObjectNode unknown = session.hurriedConnectMessage().put("connectionType", "carrier-pigeon");
        for (ObjectNode request : List.of(missing, unknown)) {
            JsonNode reply = session.ask(request);
            Expect.refused(reply, "400");
            String reconnect = reply.path("advice").path("reconnect").asText("retry");
            Expect.that(reconnect.equals("retry"), "no advice but retry", reply);
        }
        Expect.successful(connectReply(session.hurriedConnect()));
    }

    private static void otherTransport(Probe probe) {
        if (!probe.offers(Transport.CALLBACK_POLLING)) {
            throw new Skipped("the server does not offer callback-polling");
        }
        Session session = probe.connected();
        Session same = probe.anew(session, Transport.CALLBACK_POLLING);
        Expect.successful(connectReply(same.hurriedConnect()));
        Expect.successful(connectReply(session.hurriedConnect()));
    }

    private static void secondRequest(Probe probe) {
        Session session = probe.connected();
        CompletableFuture<Answer> held = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        ObjectNode subscribe = session.subscribeMessage(probe.channel("/a"));
        Answer answer = session.send(subscribe);
        Expect.successful(answer.replyTo(subscribe));
        Expect.atOnce(answer);
        Expect.that(!held.isDone(), "a connect that is still held", held);
    }

    private static void immediateResponseIsPreferred(Probe probe) {
        Session session = probe.connected();
        session.follow(probe.channel("/a"));
        CompletableFuture<Answer> held = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        Answer answer = session.send(session.publishMessage(probe.channel("/a"), "mine"));
        Expect.data(answer.events(), "mine");
        Waiting.on(held);
    }

    private static void vanishedClient(Probe probe) throws Exception {
        Session session = probe.connected();
        session.follow(probe.channel("/a"));
        try (RawConnection connection = probe.connection(session.browser())) {
            String body = Json.array(session.connectMessage()).toString();
            if (probe.transport() == Transport.LONG_POLLING) {
                connection.sendPost(body.getBytes(StandardCharsets.UTF_8));
            } else {
                connection.sendGet("?jsonp=_gone_1&message=" + URLEncoder.encode(body, StandardCharsets.UTF_8));
            }
            Waiting.pauseMs(Probe.SEATING_MS);
        }
        Waiting.pauseMs(Probe.SEATING_MS);
        List<Integer> published = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            published.add(i);
            probe.publisher().tell(probe.channel("/a"), i);
            Waiting.pauseMs(Probe.SEATING_MS);
        }
        List<JsonNode> events = probe.allEvents(session);
        List<Integer> came =
                events.stream().map(event -> event.path("data").asInt()).toList();
        Expect.that(
                came.equals(published) || came.equals(published.subList(1, published.size())),
                "the events " + published + ", the first of them perhaps lost",
                came);
        long untilNs = System.nanoTime() + (2 * probe.settings().timeoutMs() + 1_000) * 1_000_000;
        while (System.nanoTime() - untilNs < 0) {
            probe.session().disconnect();
            Waiting.pauseMs(Probe.SEATING_MS);
        }
    }
}
