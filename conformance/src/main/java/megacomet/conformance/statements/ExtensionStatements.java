package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.wire.Transport.EVERY;
import static megacomet.conformance.wire.Transport.POLLING;
import static megacomet.conformance.wire.Transport.POST;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Skipped;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Waiting;

/** CometD's extensions on the wire, whose session it is, and who may ask. */
public final class ExtensionStatements {

    private static final long CLOCK_TOLERANCE_MS = 300;

    private ExtensionStatements() {}

    public static Chapter chapter() {
        return new Chapter("Extensions and security")
                .state(
                        77,
                        CLIENT,
                        "ack: batches rise; repeating the last one delivers again, a newer one frees; only on request",
                        "CometD's AckExtension",
                        EVERY,
                        ExtensionStatements::acknowledged)
                .state(
                        78,
                        CLIENT,
                        "timesync: the reply has tc as sent, ts, and p, which is the time that a connect was held",
                        "CometD's TimeSyncExtension",
                        EVERY,
                        ExtensionStatements::timeSync)
                .state(
                        79,
                        HARDENING,
                        "A session that has used its cookie is refused to other cookies and to none, and is unharmed",
                        "CometD's BAYEUX_BROWSER; Faye's sessions can be taken by their clientId",
                        POLLING,
                        ExtensionStatements::stolenClientId)
                .state(
                        80,
                        HARDENING,
                        "An origin that is not allowed gets no CORS header, also in a preflight",
                        "Fetch standard, CORS protocol",
                        POST,
                        ExtensionStatements::deniedOrigin)
                .state(
                        105,
                        HARDENING,
                        "An origin that is allowed gets itself, credentials and Vary: Origin; its preflight the headers of"
                                + " both client families",
                        "Fetch standard, CORS protocol; Faye's cors.js",
                        POST,
                        ExtensionStatements::allowedOrigin);
    }

    private static ObjectNode ackConnect(Session session, long batch) {
        ObjectNode connect = session.hurriedConnectMessage();
        connect.set("ext", Json.object("ack", batch));
        return connect;
    }

    private static void acknowledged(Probe probe) {
        JsonNode plain = probe.stranger().handshake();
        Expect.that(!plain.path("ext").has("ack"), "no ext.ack that was not asked for", plain);
        Session listener = probe.stranger();
        JsonNode handshake =
                listener.handshake(message -> message.withObjectProperty("ext").put("ack", true));
        JsonNode agreed = handshake.path("ext").path("ack");
        if (!agreed.asBoolean() && !agreed.path("enabled").asBoolean()) {
            throw new Skipped("the server does not offer the ack extension");
        }
        listener.follow(probe.channel("/a"));
        long first = batch(listener.send(ackConnect(listener, 0)), 0);
        probe.publisher().tell(probe.channel("/a"), "m1");
        Answer delivered = listener.send(ackConnect(listener, first));
        long second = batch(delivered, first);
        listener.receiveUntil(events -> events.size() >= 1, "m1");
        probe.publisher().tell(probe.channel("/a"), "m2");
        Answer again = listener.send(ackConnect(listener, first));
        long third = batch(again, second);
        listener.receiveUntil(events -> events.size() >= 3, "m1, then m1 and m2 because m1 was not acknowledged");
        Expect.data(listener.events(), "m1", "m1", "m2");
        batch(listener.send(ackConnect(listener, third)), third);
        Expect.data(listener.events(), "m1", "m1", "m2");
    }

    private static long batch(Answer answer, long before) {
        long batch = answer.messages().stream()
                .filter(message -> Probe.isOn(message, "/meta/connect"))
                .mapToLong(message -> message.path("ext").path("ack").asLong(-1))
                .findFirst()
                .orElse(-1);
        Expect.that(batch >= before, "ext.ack of at least " + before, answer);
        return batch;
    }

    private static void timeSync(Probe probe) {
        Session session = probe.stranger();
        long clientMs = System.currentTimeMillis();
        JsonNode handshake = session.handshake(message -> synced(message, clientMs));
        JsonNode sync = handshake.path("ext").path("timesync");
        if (sync.isMissingNode()) {
            throw new Skipped("the server does not offer the timesync extension");
        }
        Expect.that(sync.path("tc").asLong() == clientMs, "tc " + clientMs, handshake);
        Expect.that(sync.path("ts").isIntegralNumber() && sync.path("p").isNumber(), "ts and p", handshake);
        session.hurriedConnect();
        ObjectNode connect = session.connectMessage();
        synced(connect, System.currentTimeMillis());
        Answer answer = session.send(connect);
        long held =
                answer.replyTo(connect).path("ext").path("timesync").path("p").asLong(-1);
        Expect.that(held >= 0, "ext.timesync.p", answer);
        Expect.took(held, answer.tookMs() - CLOCK_TOLERANCE_MS, answer.tookMs() + CLOCK_TOLERANCE_MS);
    }

    private static void synced(ObjectNode message, long clientMs) {
        message.withObjectProperty("ext").set("timesync", Json.object("tc", clientMs, "l", 0, "o", 0));
    }

    private static void stolenClientId(Probe probe) {
        Session owner = probe.connected();
        owner.follow(probe.channel("/a"));
        if (owner.browser().cookieHeader().isEmpty()) {
            throw new Skipped("the server sets no cookie");
        }
        Browser other = Browser.fresh();
        probe.stranger(probe.transport(), other).begin();
        for (Browser browser : new Browser[] {other, Browser.withoutCookies()}) {
            Session thief = probe.stranger(probe.transport(), browser).as(owner.clientId());
            Expect.refused(thief.ask(thief.hurriedConnectMessage()), "402");
            Expect.unsuccessful(thief.publish(probe.channel("/a"), "forged"));
            Expect.unsuccessful(thief.disconnect());
        }
        probe.publisher().tell(probe.channel("/a"), "unharmed");
        Expect.data(probe.allEvents(owner), "unharmed");
    }

    private static Answer preflight(Probe probe, String origin) {
        Map<String, String> headers = Map.of(
                "Origin", origin,
                "Access-Control-Request-Method", "POST",
                "Access-Control-Request-Headers", "content-type,pragma,x-requested-with");
        return Waiting.on(probe.http().send("OPTIONS", probe.http().endpoints().next(), headers, "", Browser.fresh()));
    }

    private static Answer handshakeFrom(Probe probe, String origin) {
        Map<String, String> headers = Map.of("Origin", origin, "Content-Type", "application/json");
        String body = Json.array(probe.stranger().handshakeMessage()).toString();
        return Waiting.on(probe.http().post(probe.http().endpoints().next(), headers, body, Browser.fresh()));
    }

    private static void deniedOrigin(Probe probe) {
        String origin = probe.settings().originDenied();
        for (Answer answer : new Answer[] {preflight(probe, origin), handshakeFrom(probe, origin)}) {
            String allowed = answer.header("access-control-allow-origin");
            Expect.that(allowed.isEmpty(), "no Access-Control-Allow-Origin", allowed);
        }
    }

    private static void allowedOrigin(Probe probe) {
        String origin =
                probe.settings().originAllowed().orElseThrow(() -> new Skipped("--origin-allowed was not given"));
        Answer preflight = preflight(probe, origin);
        Answer handshake = handshakeFrom(probe, origin);
        for (Answer answer : new Answer[] {preflight, handshake}) {
            String allowed = answer.header("access-control-allow-origin");
            Expect.that(allowed.equals(origin), "Access-Control-Allow-Origin: " + origin, allowed);
            Expect.that(
                    answer.header("access-control-allow-credentials").equals("true"),
                    "Access-Control-Allow-Credentials: true",
                    answer.headers().map());
            Expect.that(
                    answer.header("vary").toLowerCase(Locale.ROOT).contains("origin"),
                    "Vary: Origin",
                    answer.headers().map());
        }
        String headers = preflight.header("access-control-allow-headers").toLowerCase(Locale.ROOT);
        for (String name : new String[] {"content-type", "pragma", "x-requested-with"}) {
            Expect.that(headers.contains(name), "Access-Control-Allow-Headers with " + name, headers);
        }
        Expect.that(handshake.status() == 200, "HTTP 200", handshake);
    }
}
