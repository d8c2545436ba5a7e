package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.MUST;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Waiting;

/** How a session ends. */
public final class ExpiryStatements {

    private ExpiryStatements() {}

    public static Chapter chapter() {
        return new Chapter("Expiry and disconnect")
                .state(
                        33,
                        SHOULD,
                        "A session that never connects is gone after interval + maxInterval",
                        "Bayeux 1.0, Connect Response (act as if a disconnect was received)",
                        EVERY,
                        ExpiryStatements::neverConnected)
                .state(
                        34,
                        SHOULD,
                        "A session that stops connecting is gone likewise",
                        "Bayeux 1.0, Connect Response (act as if a disconnect was received)",
                        EVERY,
                        ExpiryStatements::stoppedConnecting)
                .state(
                        35,
                        HARDENING,
                        "Publishing without connecting keeps a session alive",
                        "CometD: any message pushes the expiry out",
                        EVERY,
                        ExpiryStatements::publishingKeepsAlive)
                .state(
                        36,
                        MUST,
                        "A disconnect is answered successfully",
                        "Bayeux 1.0, Disconnect Response",
                        EVERY,
                        ExpiryStatements::disconnect)
                .state(
                        92,
                        SHOULD,
                        "A disconnect ends the held connect at once",
                        "Bayeux 1.0, Disconnect Request (SHOULD release any waiting meta message handlers)",
                        EVERY,
                        ExpiryStatements::disconnectReleases)
                .state(
                        93,
                        HARDENING,
                        "That connect's reply has advice.reconnect:\"none\"",
                        "CometD; without it a client may connect once more, in vain",
                        EVERY,
                        ExpiryStatements::releasedWithNone)
                .state(
                        37,
                        MUST,
                        "After a disconnect, meta messages of that clientId are unsuccessful",
                        "Bayeux 1.0, Disconnect Request (remove any client-related state)",
                        EVERY,
                        ExpiryStatements::goneForMeta)
                .state(
                        94,
                        HARDENING,
                        "So are publishes; and only replies to connects have advice, all have 402",
                        "Faye acts on advice in any message",
                        EVERY,
                        ExpiryStatements::goneForPublish)
                .state(
                        38,
                        MUST,
                        "The disconnect of an unknown client is answered, unsuccessfully",
                        "Bayeux 1.0, Disconnect Response (MUST respond)",
                        EVERY,
                        ExpiryStatements::unknownDisconnect);
    }

    private static void gone(Session session) {
        JsonNode reply = session.ask(session.hurriedConnectMessage());
        if (reply.path("successful").asBoolean()) {
            throw Mismatch.ofTime("a session that has expired", reply.toString());
        }
        Expect.unsuccessful(reply);
        Expect.advised(reply, "handshake");
    }

    private static void neverConnected(Probe probe) {
        long expiryMs = probe.settings().expiryMs();
        Session session = probe.session();
        Waiting.pauseMs(expiryMs);
        gone(probe.anew(session));
    }

    private static void stoppedConnecting(Probe probe) {
        long expiryMs = probe.settings().expiryMs();
        Session session = probe.connected();
        Waiting.pauseMs(expiryMs);
        gone(probe.anew(session));
    }

    private static void publishingKeepsAlive(Probe probe) {
        long expiryMs = probe.settings().expiryMs();
        long stepMs = probe.settings().maxIntervalMs().orElseThrow() / 2;
        Session session = probe.connected();
        for (long waitedMs = 0; waitedMs < 2 * expiryMs; waitedMs += stepMs) {
            Waiting.pauseMs(stepMs);
            session.tell(probe.channel("/a"), "alive");
        }
        Expect.successful(session.ask(session.hurriedConnectMessage()));
    }

    private static void disconnect(Probe probe) {
        Expect.successful(probe.connected().disconnect());
        Expect.successful(probe.session().disconnect());
    }

    /** Any end of the held connect will do, also that of its socket. */
    private static void disconnectReleases(Probe probe) {
        Session session = probe.connected();
        CompletableFuture<Answer> held = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        long beganNs = System.nanoTime();
        Expect.successful(session.disconnect());
        Waiting.untilOver(held);
        long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        Expect.took(tookMs, 0, Probe.AT_ONCE_MS);
    }

    private static void releasedWithNone(Probe probe) {
        Session session = probe.connected();
        CompletableFuture<Answer> held = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        Expect.successful(session.disconnect());
        Answer answer = Waiting.on(held);
        Expect.that(!answer.messages().isEmpty(), "a reply to the held connect", answer);
        answer.messages().forEach(reply -> Expect.advised(reply, "none"));
    }

    private static Session disconnected(Probe probe) {
        Session session = probe.connected();
        Expect.successful(session.disconnect());
        return probe.anew(session);
    }

    private static void goneForMeta(Probe probe) {
        Session session = disconnected(probe);
        Expect.unsuccessful(session.ask(session.hurriedConnectMessage()));
        Expect.unsuccessful(session.subscribe(probe.channel("/a")));
    }

    private static void goneForPublish(Probe probe) {
        Session session = disconnected(probe);
        Expect.refused(session.ask(session.hurriedConnectMessage()), "402");
        List<ObjectNode> others = List.of(
                session.subscribeMessage(probe.channel("/a")),
                session.unsubscribeMessage(probe.channel("/a")),
                session.publishMessage(probe.channel("/a"), "late"),
                session.message("/meta/disconnect"));
        for (ObjectNode request : others) {
            JsonNode reply = session.ask(request);
            Expect.refused(reply, "402");
            Expect.noAdvice(reply);
        }
    }

    private static void unknownDisconnect(Probe probe) {
        Session session = probe.session().as("1234567890abcdefghijklmnopqrstuv");
        Expect.unsuccessful(session.disconnect());
    }
}
