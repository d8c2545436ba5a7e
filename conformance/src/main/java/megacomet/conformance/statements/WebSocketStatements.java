package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.SOCKET;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Turn;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;
import megacomet.conformance.wire.WebSocketWire;

/** What is particular to sockets. The specification does not know them; CometD and Faye agree on what follows. */
public final class WebSocketStatements {

    private static final int UNSUPPORTED_DATA = 1003;
    private static final int TOO_BIG = 1009;
    private static final int FIRST_BIG_BYTES = 1 << 16;
    private static final long LOOK_AGAIN_MS = 10;

    private WebSocketStatements() {}

    public static Chapter chapter() {
        return new Chapter("websocket")
                .state(
                        73,
                        CLIENT,
                        "Handshake, connect, subscribe and publish work on one socket, in text frames of arrays",
                        "CometD's and Faye's websocket transports",
                        SOCKET,
                        WebSocketStatements::oneSocket)
                .state(
                        74,
                        CLIENT,
                        "Events are pushed while a connect is held, and do not end it",
                        "CometD's and Faye's websocket transports",
                        SOCKET,
                        WebSocketStatements::pushed)
                .state(
                        75,
                        SHOULD,
                        "A session goes on over a new socket, and over long-polling, with a connect alone",
                        "Bayeux 1.0, Connect Request (any of the transports); CometD's reload extension",
                        SOCKET,
                        WebSocketStatements::newSocket)
                .state(
                        76,
                        HARDENING,
                        "An upgrade from an origin that is not allowed gets 403",
                        "RFC 6455, 10.2: cross-site WebSocket hijacking",
                        SOCKET,
                        WebSocketStatements::deniedOrigin)
                .state(
                        103,
                        HARDENING,
                        "A binary frame closes the socket with 1003",
                        "RFC 6455, 7.4.1",
                        SOCKET,
                        WebSocketStatements::binaryFrame)
                .state(
                        104,
                        HARDENING,
                        "A frame over the limit closes the socket with 1009",
                        "RFC 6455, 7.4.1",
                        SOCKET,
                        Turn.ALONE,
                        WebSocketStatements::bigFrame);
    }

    private static void oneSocket(Probe probe) throws Exception {
        WebSocketWire socket = probe.socket(Map.of());
        Session session = probe.stranger();
        ObjectNode handshake = session.handshakeMessage();
        Answer answer = Waiting.on(socket.send(List.of(handshake)));
        session.as(answer.replyTo(handshake).path("clientId").asText());
        for (ObjectNode request : List.of(
                session.hurriedConnectMessage(),
                session.subscribeMessage(probe.channel("/a")),
                session.publishMessage(probe.channel("/b"), "b"))) {
            Expect.successful(Waiting.on(socket.send(List.of(request))).replyTo(request));
        }
        for (String frame = socket.nextFrame(0); frame != null; frame = socket.nextFrame(0)) {
            Expect.that(Json.parse(frame).isArray(), "frames that are arrays", frame);
        }
    }

    private static void pushed(Probe probe) {
        Session listener = probe.connected();
        listener.follow(probe.channel("/a"));
        CompletableFuture<Answer> held = listener.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        for (int i = 0; i < 3; i++) {
            probe.publisher().tell(probe.channel("/a"), i);
        }
        while (listener.events().size() < 3 && !held.isDone()) {
            Waiting.pauseMs(LOOK_AGAIN_MS);
        }
        if (held.isDone() && Waiting.on(held).tookMs() >= probe.settings().timeoutMs()) {
            throw Mismatch.ofTime(
                    "three events while a connect is held", listener.events().toString());
        }
        Expect.data(listener.events(), 0, 1, 2);
        Expect.that(!held.isDone(), "a connect that is still held", held);
        Waiting.on(held).messages().forEach(Expect::successful);
    }

    private static void newSocket(Probe probe) {
        Session session = probe.connected();
        session.follow(probe.channel("/a"));
        session.close();
        Session anew = probe.anew(session);
        hears(probe, anew, "over a new socket");
        anew.close();
        Waiting.pauseMs(Probe.SEATING_MS);
        hears(probe, probe.anew(anew, Transport.LONG_POLLING), "over long-polling");
    }

    /** What was delivered last over the wire that was closed may come again. */
    private static void hears(Probe probe, Session session, String text) {
        probe.publisher().tell(probe.channel("/a"), text);
        session.receiveUntil(
                events -> events.stream()
                        .anyMatch(event -> text.equals(event.path("data").asText())),
                "an event " + text);
    }

    private static void deniedOrigin(Probe probe) {
        WebSocketWire socket = probe.socket(Map.of("Origin", probe.settings().originDenied()));
        try {
            socket.open().join();
            throw new Mismatch("HTTP 403 to the upgrade", "an open socket");
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof WebSocketHandshakeException refused)) {
                throw new Mismatch("HTTP 403 to the upgrade", e.getCause().toString());
            }
            int status = refused.getResponse().statusCode();
            Expect.that(status == 403, "HTTP 403 to the upgrade", status);
        }
    }

    private static void binaryFrame(Probe probe) {
        WebSocketWire socket = probe.socket(Map.of());
        socket.sendBinary(new byte[] {1, 2, 3});
        closesWith(socket, UNSUPPORTED_DATA);
    }

    /** Each frame is twice the last, so that the one that is too big is not much too big, and the close can be read. */
    private static void bigFrame(Probe probe) {
        WebSocketWire socket = probe.socket(Map.of());
        Session session = probe.stranger();
        for (int size = FIRST_BIG_BYTES; size <= probe.settings().bodyMaxBytes(); size *= 2) {
            ObjectNode handshake = session.handshakeMessage();
            // Not in ext, of which servers may take less.
            handshake.put("org.example.padding", "x".repeat(size));
            CompletableFuture<Answer> answer = socket.send(List.of(handshake));
            CompletableFuture.anyOf(answer, socket.closed())
                    .handle((either, failure) -> either)
                    .join();
            if (!answer.isDone() || answer.isCompletedExceptionally()) {
                closesWith(socket, TOO_BIG);
                return;
            }
        }
        throw new Mismatch(
                "a close with " + TOO_BIG, "none up to " + probe.settings().bodyMaxBytes() + " bytes");
    }

    private static void closesWith(WebSocketWire socket, int status) {
        long waitMs = 2_000;
        try {
            int came = socket.closed().orTimeout(waitMs, TimeUnit.MILLISECONDS).join();
            if (came == WebSocketWire.BROKEN) {
                // The close may have been lost: a server that closes before it has read everything resets the
                // connection.
                throw Mismatch.ofTime("a close with " + status, "an end without a close");
            }
            Expect.that(came == status, "a close with " + status, came);
        } catch (CompletionException timedOut) {
            throw Mismatch.ofTime("a close with " + status, "no close in " + waitMs + " ms");
        }
    }
}
