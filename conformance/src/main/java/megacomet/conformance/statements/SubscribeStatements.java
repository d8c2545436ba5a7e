package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.MUST;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Session;

/** How a session says what it wants to hear. */
public final class SubscribeStatements {

    private SubscribeStatements() {}

    public static Chapter chapter() {
        return new Chapter("Subscribe and unsubscribe")
                .state(
                        39,
                        MUST,
                        "A string and an array as subscription both work, and come back in the reply as they were sent",
                        "Bayeux 1.0, Subscribe Request; Subscribe Response",
                        EVERY,
                        SubscribeStatements::stringAndArray)
                .state(
                        40,
                        MUST,
                        "Replies have successful and subscription, also when they fail",
                        "Bayeux 1.0, Subscribe Response; Unsubscribe Response",
                        EVERY,
                        SubscribeStatements::replyFields)
                .state(
                        41,
                        HARDENING,
                        "A missing subscription, a number, an object, an empty array: unsuccessful, 403 or 400",
                        "Bayeux 1.0, Subscribe Request (the client's MUST)",
                        EVERY,
                        SubscribeStatements::noSubscription)
                .state(
                        42,
                        MUST,
                        "A subscription to what is no channel name is answered (over HTTP: 200), and none of it is heard",
                        "Bayeux 1.0, Subscribe Response (MUST respond); Channels",
                        EVERY,
                        SubscribeStatements::badNamesAreAnswered)
                .state(
                        95,
                        HARDENING,
                        "It is unsuccessful, with code 405",
                        "Bayeux 1.0, Channels; Channel Globbing",
                        EVERY,
                        SubscribeStatements::badNamesAreRefused)
                .state(
                        43,
                        MUST,
                        "A subscription to a meta channel is unsuccessful",
                        "Bayeux 1.0, Meta Channels (SHOULD NOT subscribe, MUST NOT be distributed)",
                        EVERY,
                        SubscribeStatements::metaChannel)
                .state(
                        96,
                        SHOULD,
                        "A subscription to a service channel is successful",
                        "Bayeux 1.0, Request / Response operation with service channels",
                        EVERY,
                        SubscribeStatements::serviceChannel)
                .state(
                        44,
                        HARDENING,
                        "An array with one bad name subscribes none",
                        "the reply has one successful for all",
                        EVERY,
                        SubscribeStatements::oneBadName)
                .state(
                        45,
                        MUST,
                        "After an unsubscription nothing that is published later arrives",
                        "Bayeux 1.0, Unsubscribe Response",
                        EVERY,
                        SubscribeStatements::unsubscribed)
                .state(
                        46,
                        HARDENING,
                        "Unsubscribing what was not subscribed is successful; subscribing twice delivers one copy",
                        "both are idempotent",
                        EVERY,
                        SubscribeStatements::idempotent)
                .state(
                        47,
                        MUST,
                        "Messages of one array are processed in order: subscribe, then publish, and it is delivered",
                        "Bayeux 1.0, Delivery",
                        EVERY,
                        SubscribeStatements::inOrder);
    }

    private static void stringAndArray(Probe probe) {
        Session session = probe.session();
        JsonNode text = Json.value(probe.channel("/a"));
        JsonNode array = Json.array(probe.channel("/b"), probe.channel("/c"));
        for (JsonNode subscription : List.of(text, array)) {
            echoed(session.subscribe(subscription), subscription);
        }
        for (String name : List.of("/a", "/b", "/c")) {
            probe.publisher().tell(probe.channel(name), name);
        }
        Expect.data(probe.allEvents(session), "/a", "/b", "/c");
        for (JsonNode subscription : List.of(text, array)) {
            echoed(session.unsubscribe(subscription), subscription);
        }
    }

    private static void echoed(JsonNode reply, JsonNode subscription) {
        Expect.successful(reply);
        Expect.that(reply.path("subscription").equals(subscription), "subscription " + subscription, reply);
    }

    private static void replyFields(Probe probe) {
        Session session = probe.session();
        for (String channel : List.of(probe.channel("/a"), "/meta/nothing")) {
            for (JsonNode reply : List.of(session.subscribe(channel), session.unsubscribe(channel))) {
                Expect.that(reply.path("successful").isBoolean(), "successful", reply);
                Expect.that(reply.path("subscription").asText().equals(channel), "subscription " + channel, reply);
            }
        }
    }

    private static void noSubscription(Probe probe) {
        Session session = probe.session();
        ObjectNode missing = session.subscribeMessage("");
        missing.remove("subscription");
        for (ObjectNode request : List.of(
                missing,
                session.subscribeMessage(42),
                session.subscribeMessage(Json.object("a", 1)),
                session.subscribeMessage(Json.array()))) {
            Expect.refused(session.ask(request), "403", "400");
        }
    }

    private static List<String> badNames(Probe probe) {
        String root = probe.channel("");
        return List.of(
                "foo", "/", root + "//b", root + "/a/", root + "/*/b", root + "/b*", root + "/***", root + "/a<b>");
    }

    private static void badNamesAreAnswered(Probe probe) {
        Session session = probe.session();
        for (String name : badNames(probe)) {
            ObjectNode request = session.subscribeMessage(name);
            Answer answer = session.send(request);
            JsonNode reply = answer.replyTo(request);
            Expect.that(reply.path("successful").isBoolean(), "a reply to the subscription to " + name, answer);
            if (answer.isHttp()) {
                Expect.status(answer, 200);
            }
        }
        probe.publisher().tell(probe.channel("/x/b"), "unheard");
        Expect.that(probe.allEvents(session).isEmpty(), "no event", session.events());
    }

    private static void badNamesAreRefused(Probe probe) {
        Session session = probe.session();
        for (String name : badNames(probe)) {
            Expect.refused(session.subscribe(name), "405");
        }
    }

    private static void metaChannel(Probe probe) {
        Session session = probe.session();
        for (String name : List.of("/meta/connect", "/meta/*", "/meta/**", "/meta/nothing")) {
            Expect.unsuccessful(session.subscribe(name));
        }
    }

    private static void serviceChannel(Probe probe) {
        Session session = probe.session();
        Expect.successful(session.subscribe("/service" + probe.channel("/x")));
        Expect.successful(session.unsubscribe("/service" + probe.channel("/x")));
    }

    private static void oneBadName(Probe probe) {
        Session session = probe.session();
        Expect.unsuccessful(session.subscribe(Json.array(probe.channel("/a"), "/meta/x", probe.channel("/c"))));
        probe.publisher().tell(probe.channel("/a"), "unheard");
        probe.publisher().tell(probe.channel("/c"), "unheard");
        Expect.that(probe.allEvents(session).isEmpty(), "no event", session.events());
    }

    private static void unsubscribed(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a"), probe.channel("/b"));
        probe.publisher().tell(probe.channel("/a"), "heard");
        session.receive(1);
        Expect.successful(session.unsubscribe(probe.channel("/a")));
        probe.publisher().tell(probe.channel("/a"), "unheard");
        probe.publisher().tell(probe.channel("/b"), "heard too");
        Expect.data(probe.allEvents(session), "heard", "heard too");
    }

    private static void idempotent(Probe probe) {
        Session session = probe.session();
        Expect.successful(session.unsubscribe(probe.channel("/never")));
        session.follow(probe.channel("/a"), probe.channel("/a"));
        probe.publisher().tell(probe.channel("/a"), "once");
        Expect.data(probe.allEvents(session), "once");
        Expect.successful(session.unsubscribe(probe.channel("/a")));
        probe.publisher().tell(probe.channel("/a"), "unheard");
        Expect.data(probe.allEvents(session), "once");
    }

    private static void inOrder(Probe probe) {
        Session session = probe.session();
        ObjectNode subscribe = session.subscribeMessage(probe.channel("/a"));
        ObjectNode publish = session.publishMessage(probe.channel("/a"), "to myself");
        Answer answer = session.send(subscribe, publish);
        Expect.successful(answer.replyTo(subscribe));
        Expect.data(session.receive(1), "to myself");
    }
}
