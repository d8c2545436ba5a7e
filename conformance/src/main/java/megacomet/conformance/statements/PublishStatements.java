package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.MUST;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Skipped;
import megacomet.conformance.judge.Turn;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;

/** How events get from one session to others. */
public final class PublishStatements {

    private static final int MANY = 1_000;
    private static final int BATCH = 10;

    private PublishStatements() {}

    public static Chapter chapter() {
        return new Chapter("Publish and delivery")
                .state(
                        48,
                        CLIENT,
                        "Every publish is answered with channel, successful and its id, and without data",
                        "slimserver#478; Faye sends an unanswered publish again, CometD fails it",
                        EVERY,
                        PublishStatements::publishIsAnswered)
                .state(
                        49,
                        MUST,
                        "What is delivered has channel and data, no clientId and no successful",
                        "Bayeux 1.0, Delivery; clientId (must not leak)",
                        EVERY,
                        PublishStatements::deliveredFields)
                .state(
                        50,
                        HARDENING,
                        "It has no id of the publisher, and no credentials of its ext",
                        "CometD JS can take a foreign id for the answer to a remoteCall",
                        EVERY,
                        PublishStatements::nothingOfThePublisher)
                .state(
                        51,
                        MUST,
                        "/a/* gets /a/b, not /a, /a/b/c, /ab; /a/** gets /a/b and /a/b/c, not /a",
                        "Bayeux 1.0, Channel Globbing",
                        EVERY,
                        PublishStatements::patterns)
                .state(
                        52,
                        CLIENT,
                        "Overlapping subscriptions of one session get one copy",
                        "both client families deliver a copy to every listener that matches",
                        EVERY,
                        PublishStatements::oneCopy)
                .state(
                        53,
                        MUST,
                        "/** never gets what is published to meta or service channels",
                        "Bayeux 1.0, Meta Channels; Service Channels",
                        EVERY,
                        PublishStatements::neverEverything)
                .state(
                        54,
                        MUST,
                        "A message to a service channel reaches no other client",
                        "Bayeux 1.0, Service Channels",
                        EVERY,
                        PublishStatements::serviceIsPrivate)
                .state(
                        97,
                        SHOULD,
                        "The answer of a service carries the request's id",
                        "Bayeux 1.0, Service Channels; id",
                        EVERY,
                        PublishStatements::serviceAnswers)
                .state(
                        55,
                        MUST,
                        "data of null, 0, \"\" and false is delivered as such; nothing is delivered without data",
                        "Bayeux 1.0, data; Delivery",
                        EVERY,
                        PublishStatements::anyData)
                .state(
                        98,
                        HARDENING,
                        "A publish without data is unsuccessful",
                        "Bayeux 1.0, Publish Request (the client's MUST)",
                        EVERY,
                        PublishStatements::noData)
                .state(
                        56,
                        MUST,
                        "A message to an unknown meta channel is unsuccessful and without effect, however alike its name",
                        "Bayeux 1.0, Meta Channels; CVE-2020-11020",
                        EVERY,
                        PublishStatements::unknownMeta)
                .state(
                        99,
                        HARDENING,
                        "A publish to a pattern is unsuccessful and reaches nobody",
                        "Bayeux 1.0, Channel Globbing (a pattern is no channel name)",
                        EVERY,
                        PublishStatements::publishToPattern)
                .state(
                        57,
                        MUST,
                        "A publish without clientId is answered",
                        "Bayeux 1.0, Unconnected operation",
                        EVERY,
                        PublishStatements::unconnected)
                .state(
                        58,
                        MUST,
                        "A publisher that is subscribed gets its own message",
                        "Bayeux 1.0, Delivery",
                        EVERY,
                        PublishStatements::ownMessage)
                .state(
                        59,
                        MUST,
                        MANY + " messages of one publisher arrive in order, each once, across connects",
                        "Bayeux 1.0, Delivery; both reference servers keep the order",
                        EVERY,
                        Turn.ALONE,
                        PublishStatements::manyInOrder)
                .state(
                        60,
                        HARDENING,
                        "A publish that is sent again with the same id is delivered once, and answered both times",
                        "Faye sends again what was not answered",
                        EVERY,
                        PublishStatements::sentAgain);
    }

    private static void publishIsAnswered(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a"));
        ObjectNode first = session.publishMessage(probe.channel("/a"), "1");
        ObjectNode second = session.publishMessage(probe.channel("/b"), "2");
        Answer answer = session.send(first, second);
        for (ObjectNode request : List.of(first, second)) {
            JsonNode reply = answer.replyTo(request);
            Expect.successful(reply);
            Expect.that(
                    reply.path("id").asText().equals(request.path("id").asText()), "id " + request.path("id"), reply);
            Expect.that(!reply.has("data"), "no data", reply);
        }
    }

    private static JsonNode delivered(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        ObjectNode request = sender.publishMessage(probe.channel("/a"), "hello");
        request.set("ext", probe.settings().credentials());
        Expect.successful(sender.ask(request.put("id", "publishersId")));
        return listener.receive(1).get(0);
    }

    private static void deliveredFields(Probe probe) {
        JsonNode event = delivered(probe);
        Expect.that(Probe.isOn(event, probe.channel("/a")), "channel " + probe.channel("/a"), event);
        Expect.that(event.path("data").asText().equals("hello"), "data \"hello\"", event);
        Expect.that(!event.has("clientId"), "no clientId", event);
        Expect.that(!event.has("successful"), "no successful", event);
        Expect.that(!event.toString().contains(probe.publisher().clientId()), "no clientId anywhere", event);
    }

    private static void nothingOfThePublisher(Probe probe) {
        JsonNode event = delivered(probe);
        Expect.that(!event.path("id").asText().equals("publishersId"), "no id of the publisher", event);
        probe.settings()
                .credentials()
                .forEach(secret -> Expect.that(!event.toString().contains(secret.asText()), "no credentials", event));
    }

    private static void patterns(Probe probe) {
        Session one = probe.session();
        Session all = probe.session();
        one.follow(probe.channel("/a/*"));
        all.follow(probe.channel("/a/**"));
        Session sender = probe.publisher();
        ObjectNode[] messages = Stream.of("/a", "/a/b", "/a/b/c", "/ab", "/ab/c", "/b")
                .map(name -> sender.publishMessage(probe.channel(name), name))
                .toArray(ObjectNode[]::new);
        Answer answer = sender.send(messages);
        for (ObjectNode message : messages) {
            Expect.successful(answer.replyTo(message));
        }
        Expect.data(probe.allEvents(one), "/a/b");
        Expect.dataInAnyOrder(probe.allEvents(all), "/a/b", "/a/b/c");
    }

    private static void oneCopy(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a/b"), probe.channel("/a/*"), probe.channel("/a/**"), probe.channel("/**"));
        probe.publisher().tell(probe.channel("/a/b"), "once");
        Expect.data(probe.allEvents(session), "once");
    }

    private static void neverEverything(Probe probe) {
        Session session = probe.session();
        JsonNode reply = session.subscribe("/**");
        if (!reply.path("successful").asBoolean()) {
            throw new Skipped("the server refuses subscriptions to /**: " + reply);
        }
        probe.publisher().publish("/service" + probe.channel("/x"), "private");
        probe.publisher().publish("/meta" + probe.channel("/x"), "private");
        Expect.that(
                probe.allEvents(session).stream().noneMatch(PublishStatements::isPrivate),
                "none of it",
                session.events());
    }

    private static boolean isPrivate(JsonNode event) {
        String channel = event.path("channel").asText();
        return channel.startsWith("/service/") || channel.startsWith("/meta/");
    }

    private static void serviceIsPrivate(Probe probe) {
        String service = "/service" + probe.channel("/x");
        Session session = probe.session();
        session.subscribe(service);
        session.subscribe("/service/**");
        probe.publisher().publish(service, "private");
        Expect.that(
                probe.allEvents(session).stream().noneMatch(PublishStatements::isPrivate),
                "no event",
                session.events());
    }

    private static void serviceAnswers(Probe probe) {
        String service = probe.settings()
                .serviceChannel()
                .orElseThrow(() -> new Skipped("--service-channel, one that answers, was not given"));
        Session session = probe.session();
        ObjectNode request = session.publishMessage(service, Json.object());
        Answer answer = session.send(request);
        Expect.that(!answer.replyTo(request).isMissingNode(), "an acknowledgement of " + request, answer);
        JsonNode event = session.receive(1).get(0);
        Expect.that(event.path("id").equals(request.path("id")), "the id " + request.path("id"), event);
    }

    private static void anyData(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        Expect.successful(sender.ask(withData(sender, probe, NullNode.getInstance())));
        sender.tell(probe.channel("/a"), 0);
        sender.tell(probe.channel("/a"), "");
        sender.tell(probe.channel("/a"), false);
        sender.ask(withData(sender, probe, null));
        List<JsonNode> events = probe.allEvents(session);
        events.forEach(event -> Expect.that(event.has("data"), "an event with data", event));
        Expect.data(events, NullNode.getInstance(), 0, "", false);
    }

    private static ObjectNode withData(Session sender, Probe probe, JsonNode data) {
        ObjectNode request = sender.message(probe.channel("/a"));
        if (data != null) {
            request.set("data", data);
        }
        return request;
    }

    private static void noData(Probe probe) {
        Session sender = probe.publisher();
        Expect.unsuccessful(sender.ask(withData(sender, probe, null)));
    }

    private static void unknownMeta(Probe probe) {
        Session listener = probe.session();
        Session sender = probe.publisher();
        for (String name : List.of("/meta/nothing", "/meta/subscribe/x", "/meta/handshake/", "/meta/Subscribe")) {
            ObjectNode request = sender.message(name);
            request.put("subscription", probe.channel("/a")).put("data", "x").put("version", "1.0");
            request.set("supportedConnectionTypes", Json.array(probe.transport().type()));
            JsonNode reply = sender.ask(request);
            Expect.unsuccessful(reply);
            Expect.that(
                    !reply.has("clientId") || reply.path("clientId").asText().equals(sender.clientId()),
                    "no new clientId",
                    reply);
        }
        listener.tell(probe.channel("/a"), "unheard");
        Expect.that(probe.allEvents(sender).isEmpty(), "no event", sender.events());
    }

    private static void publishToPattern(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a/b"), probe.channel("/a/*"), probe.channel("/a/**"));
        Expect.unsuccessful(probe.publisher().publish(probe.channel("/a/*"), "to many"));
        Expect.unsuccessful(probe.publisher().publish(probe.channel("/a/**"), "to many"));
        Expect.that(probe.allEvents(listener).isEmpty(), "no event", listener.events());
    }

    private static void unconnected(Probe probe) {
        Session stranger = probe.stranger();
        ObjectNode request = stranger.bare(probe.channel("/a"));
        request.put("data", "from nobody");
        JsonNode reply = stranger.ask(request);
        Expect.that(reply.path("successful").isBoolean(), "successful, true or false", reply);
    }

    private static void ownMessage(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a"));
        session.tell(probe.channel("/a"), "mine");
        Expect.data(session.receive(1), "mine");
    }

    private static void manyInOrder(Probe probe) {
        Session listener = probe.connected();
        listener.follow(probe.channel("/a"));
        Session sender = probe.stranger(
                        Transport.LONG_POLLING, probe.publisher().browser())
                .begin();
        CompletableFuture<List<JsonNode>> listening =
                CompletableFuture.supplyAsync(() -> listener.receive(MANY), PublishStatements::onItsOwnThread);
        for (int i = 0; i < MANY; i += BATCH) {
            List<ObjectNode> batch = new ArrayList<>();
            for (int j = i; j < i + BATCH; j++) {
                batch.add(sender.publishMessage(probe.channel("/a"), j));
            }
            Answer answer = sender.send(batch.toArray(ObjectNode[]::new));
            batch.forEach(request -> Expect.successful(answer.replyTo(request)));
        }
        List<Integer> came = Waiting.on(listening).stream()
                .map(event -> event.path("data").asInt())
                .toList();
        List<Integer> expected = IntStream.range(0, MANY).boxed().toList();
        if (!came.equals(expected)) {
            int wrong = IntStream.range(0, Math.min(came.size(), MANY))
                    .filter(i -> came.get(i) != i)
                    .findFirst()
                    .orElse(MANY);
            throw new Mismatch(
                    "0 to " + (MANY - 1) + " in order",
                    came.size() + " events, of which that at " + wrong + " is the first that is wrong: "
                            + came.subList(Math.max(0, wrong - 2), Math.min(came.size(), wrong + 5)));
        }
    }

    /** Not the common pool: with two processors that is one thread, which the HTTP client of JDK 25 needs itself. */
    private static void onItsOwnThread(Runnable task) {
        Thread thread = new Thread(task, "listener");
        thread.setDaemon(true);
        thread.start();
    }

    private static void sentAgain(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        ObjectNode request = sender.publishMessage(probe.channel("/a"), "once");
        Expect.successful(sender.ask(request));
        Expect.successful(sender.ask(request));
        Expect.data(probe.allEvents(listener), "once");
    }
}
