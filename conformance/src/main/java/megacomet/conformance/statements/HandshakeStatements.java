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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Skipped;
import megacomet.conformance.judge.Turn;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;

/** How a session begins. */
public final class HandshakeStatements {

    private static final int MANY_HANDSHAKES = 1_000;
    private static final int HANDSHAKES_AT_A_TIME = 20;
    private static final int PREFIX_LENGTH = 8;

    private HandshakeStatements() {}

    public static Chapter chapter() {
        return new Chapter("Handshake")
                .state(
                        12,
                        MUST,
                        "The reply has channel, version, a common supportedConnectionTypes, clientId, successful:true",
                        "Bayeux 1.0, Successful Handshake Response",
                        EVERY,
                        HandshakeStatements::successfulReply)
                .state(
                        13,
                        MUST,
                        "supportedConnectionTypes contains long-polling",
                        "Bayeux 1.0, supportedConnectionTypes",
                        POST,
                        probe -> offers(probe, "long-polling"))
                .state(
                        85,
                        SHOULD,
                        "supportedConnectionTypes contains callback-polling",
                        "Bayeux 1.0, supportedConnectionTypes",
                        POST,
                        probe -> offers(probe, "callback-polling"))
                .state(
                        14,
                        MUST,
                        "No connection type in common: unsuccessful, with an error, without a clientId",
                        "Bayeux 1.0, Successful Handshake Response; Unsuccessful Handshake Response",
                        EVERY,
                        HandshakeStatements::nothingInCommon)
                .state(
                        15,
                        HARDENING,
                        "Without version or supportedConnectionTypes it is unsuccessful",
                        "Bayeux 1.0, Handshake Request (the client's MUST)",
                        EVERY,
                        HandshakeStatements::incompleteRequest)
                .state(
                        16,
                        MUST,
                        "Other messages sent with a handshake are ignored, and the handshake is answered",
                        "Bayeux 1.0, Handshake Request",
                        EVERY,
                        HandshakeStatements::othersAreIgnored)
                .state(
                        86,
                        MUST,
                        "Every handshake gets a clientId of its own, also in one browser",
                        "Bayeux 1.0, Client ID",
                        EVERY,
                        HandshakeStatements::ownClientId)
                .state(
                        17,
                        SHOULD,
                        "clientIds are 22 or more letters and digits; of " + MANY_HANDSHAKES + " no two begin alike",
                        "Bayeux 1.0, Client ID (128 truly random bits)",
                        POST,
                        Turn.ALONE,
                        HandshakeStatements::randomClientIds)
                .state(
                        18,
                        CLIENT,
                        "The reply has advice with reconnect:\"retry\", interval and timeout",
                        "CometD JS replaces its advice by defaults and what it got; Faye merges for ever",
                        EVERY,
                        HandshakeStatements::wholeAdvice)
                .state(
                        19,
                        HARDENING,
                        "A second handshake of the same browser leaves the first session usable",
                        "two tabs",
                        POLLING,
                        HandshakeStatements::secondHandshake)
                .state(
                        20,
                        MUST,
                        "Rejected credentials: unsuccessful with an error; accepted ones: successful, and never repeated",
                        "Bayeux 1.0, Unsuccessful Handshake Response; Authentication",
                        EVERY,
                        HandshakeStatements::credentials)
                .state(
                        87,
                        CLIENT,
                        "The error of rejected credentials begins with 403, and the advice is reconnect:\"none\"",
                        "with other advice CometD JS and Faye try again for ever",
                        EVERY,
                        HandshakeStatements::rejectionEndsIt)
                .state(
                        21,
                        SHOULD,
                        "The cookie BAYEUX_BROWSER is set once, HttpOnly, and not again when it comes back",
                        "Bayeux 1.0, Server-side Multiple clients detection (RECOMMENDED)",
                        POST,
                        HandshakeStatements::browserCookie);
    }

    private static void successfulReply(Probe probe) {
        Session session = probe.stranger();
        JsonNode reply = session.handshake();
        Expect.successful(reply);
        Expect.that(reply.path("version").isTextual(), "a version", reply);
        Expect.that(reply.path("clientId").asText().matches("[A-Za-z0-9]+"), "a clientId of letters and digits", reply);
        Expect.that(
                contains(
                        reply.path("supportedConnectionTypes"),
                        probe.transport().type()),
                "supportedConnectionTypes with " + probe.transport().type(),
                reply);
    }

    private static boolean contains(JsonNode types, String type) {
        for (JsonNode each : types) {
            if (each.asText().equals(type)) {
                return true;
            }
        }
        return false;
    }

    private static void offers(Probe probe, String type) {
        Session session = probe.stranger();
        JsonNode reply = session.handshake(message ->
                message.set("supportedConnectionTypes", Json.array("long-polling", "callback-polling", "websocket")));
        Expect.successful(reply);
        Expect.that(contains(reply.path("supportedConnectionTypes"), type), type + " among the types", reply);
    }

    private static void nothingInCommon(Probe probe) {
        JsonNode reply = probe.stranger()
                .handshake(message -> message.set("supportedConnectionTypes", Json.array("carrier-pigeon")));
        Expect.unsuccessful(reply);
        Expect.that(reply.path("error").isTextual(), "an error", reply);
        Expect.that(!reply.has("clientId"), "no clientId", reply);
    }

    private static void incompleteRequest(Probe probe) {
        Expect.unsuccessful(probe.stranger().handshake(message -> message.remove("version")));
        Expect.unsuccessful(probe.stranger().handshake(message -> message.remove("supportedConnectionTypes")));
    }

    private static void othersAreIgnored(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        ObjectNode handshake = sender.handshakeMessage();
        ObjectNode stowaway = sender.publishMessage(probe.channel("/a"), "stowaway");
        // Over a socket only the handshake is waited for: what is ignored is not answered.
        Answer answer =
                Waiting.on(sender.wire().send(Json.array(handshake, stowaway).toString(), List.of(handshake)));
        Expect.successful(answer.replyTo(handshake));
        Expect.that(probe.allEvents(listener).isEmpty(), "no event", listener.events());
    }

    private static void ownClientId(Probe probe) {
        Browser browser = Browser.fresh();
        Session first = probe.stranger(probe.transport(), browser).begin();
        Session second = probe.stranger(probe.transport(), browser).begin();
        Session third = probe.session();
        Set<String> ids = Set.copyOf(List.of(first.clientId(), second.clientId(), third.clientId()));
        Expect.that(ids.size() == 3, "three clientIds", ids);
    }

    private static void randomClientIds(Probe probe) {
        Set<String> prefixes = new HashSet<>();
        for (int made = 0; made < MANY_HANDSHAKES; made += HANDSHAKES_AT_A_TIME) {
            List<Session> sessions = new ArrayList<>();
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < HANDSHAKES_AT_A_TIME; i++) {
                Session session = probe.stranger();
                sessions.add(session);
                answers.add(session.sendLater(session.handshakeMessage()));
            }
            for (int i = 0; i < HANDSHAKES_AT_A_TIME; i++) {
                Answer answer = Waiting.on(answers.get(i));
                String id = answer.messages().isEmpty()
                        ? ""
                        : answer.messages().get(0).path("clientId").asText();
                Expect.that(id.matches("[A-Za-z0-9]{22,}"), "a clientId of 22 letters and digits or more", answer);
                Expect.that(
                        prefixes.add(id.substring(0, PREFIX_LENGTH)),
                        "another beginning than every clientId before",
                        id);
                Session session = sessions.get(i).as(id);
                answers.set(i, session.sendLater(session.message("/meta/disconnect")));
            }
            answers.forEach(Waiting::on);
        }
    }

    private static void wholeAdvice(Probe probe) {
        JsonNode reply = probe.stranger().handshake();
        Expect.successful(reply);
        Expect.wholeAdvice(reply);
        Expect.advised(reply, "retry");
    }

    private static void secondHandshake(Probe probe) {
        Browser browser = Browser.fresh();
        Session first = probe.stranger(probe.transport(), browser).begin();
        first.follow(probe.channel("/a"));
        probe.stranger(probe.transport(), browser).begin();
        probe.publisher().tell(probe.channel("/a"), "still there");
        Expect.data(first.receive(1), "still there");
    }

    private static void credentials(Probe probe) {
        rejected(probe);
        JsonNode credentials = probe.settings().credentials();
        if (!credentials.isEmpty()) {
            Session session = probe.stranger();
            ObjectNode request = session.handshakeMessage();
            Answer answer = session.send(request);
            JsonNode reply = answer.replyTo(request);
            Expect.successful(reply);
            credentials.forEach(secret -> Expect.that(
                    !answer.body().contains(secret.isTextual() ? secret.asText() : secret.toString()),
                    "no credentials",
                    answer));
        }
    }

    private static JsonNode rejected(Probe probe) {
        JsonNode credentials =
                probe.settings().rejectedCredentials().orElseThrow(() -> new Skipped("--rejected-token was not given"));
        JsonNode reply = probe.stranger().handshake(message -> message.set("ext", credentials));
        Expect.unsuccessful(reply);
        Expect.that(reply.path("error").isTextual(), "an error", reply);
        Expect.that(!reply.has("clientId"), "no clientId", reply);
        credentials.forEach(
                secret -> Expect.that(!reply.toString().contains(secret.asText("\u0000")), "no credentials", reply));
        return reply;
    }

    private static void rejectionEndsIt(Probe probe) {
        JsonNode reply = rejected(probe);
        Expect.refused(reply, "403");
        Expect.advised(reply, "none");
    }

    private static void browserCookie(Probe probe) {
        Session session = probe.stranger(Transport.LONG_POLLING, Browser.fresh());
        Answer first = session.send(session.handshakeMessage());
        List<String> cookies = first.headers().allValues("set-cookie").stream()
                .filter(cookie -> cookie.startsWith("BAYEUX_BROWSER="))
                .toList();
        Expect.that(cookies.size() == 1, "one cookie BAYEUX_BROWSER", cookies);
        Expect.that(cookies.get(0).toLowerCase(Locale.ROOT).contains("httponly"), "HttpOnly", cookies);
        Answer second = session.send(session.handshakeMessage());
        Expect.that(
                second.headers().allValues("set-cookie").stream()
                        .noneMatch(cookie -> cookie.startsWith("BAYEUX_BROWSER=")),
                "no cookie when it was sent",
                second.header("set-cookie"));
    }
}
