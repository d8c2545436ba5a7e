package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.MUST;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;
import static megacomet.conformance.wire.Transport.POST;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Turn;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.RawConnection;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;
import megacomet.conformance.wire.WebSocketWire;

/** How messages are wrapped, and what every message has. */
public final class EnvelopeStatements {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");
    private static final Map<String, String> FAYE_CORS =
            Map.of("Content-Type", "text/plain;charset=UTF-8", "Pragma", "no-cache");

    private EnvelopeStatements() {}

    public static Chapter chapter() {
        return new Chapter("Envelope and transport")
                .state(
                        1,
                        MUST,
                        "An array of meta messages gets an array with one reply to each (over HTTP: 200)",
                        "Bayeux 1.0, Messages; Subscribe Response",
                        EVERY,
                        EnvelopeStatements::arrayIsAnswered)
                .state(
                        81,
                        SHOULD,
                        "The response to a POST is application/json",
                        "Bayeux 1.0, The long-polling response messages",
                        POST,
                        EnvelopeStatements::contentType)
                .state(
                        2,
                        SHOULD,
                        "A bare object is answered with an array",
                        "Bayeux 1.0, Messages (MAY accept a single message; SHOULD encapsulate in an array)",
                        EVERY,
                        EnvelopeStatements::bareObject)
                .state(
                        3,
                        MUST,
                        "The reply to a meta message carries the request's id",
                        "Bayeux 1.0, id",
                        EVERY,
                        EnvelopeStatements::idIsEchoed)
                .state(
                        82,
                        HARDENING,
                        "A numeric id stays a number in the reply, and a request without id gets a reply without",
                        "CometD turns it into text, Faye keeps it",
                        EVERY,
                        EnvelopeStatements::idKeepsItsType)
                .state(
                        4,
                        CLIENT,
                        "The endpoint, the endpoint with a slash, and with /handshake, /connect, /disconnect, /subscribe,"
                                + " /unsubscribe behave the same",
                        "CometD clients' appendMessageTypeToURL",
                        POST,
                        EnvelopeStatements::suffixes)
                .state(
                        5,
                        HARDENING,
                        "Bad JSON, a number, a string get 400, and the connection goes on",
                        "CometD 7: 500; CometD 8, Faye: 400",
                        POST,
                        EnvelopeStatements::badJson)
                .state(
                        6,
                        CLIENT,
                        "An empty array is answered with an empty array, and a WebSocket stays open",
                        "faye#497: the keep-alive of Faye clients before 1.3",
                        EnumSet.of(Transport.LONG_POLLING, Transport.WEBSOCKET),
                        EnvelopeStatements::emptyArray)
                .state(
                        7,
                        SHOULD,
                        "Form bodies with one object, one array, or several message parameters are processed in order",
                        "Bayeux 1.0, The long-polling request messages (MAY be sent so)",
                        POST,
                        EnvelopeStatements::formBodies)
                .state(
                        8,
                        CLIENT,
                        "A text/plain body message=… is processed",
                        "Faye's cross-origin-long-polling (cors.js)",
                        POST,
                        EnvelopeStatements::textPlainBody)
                .state(
                        9,
                        HARDENING,
                        "A body over the limit gets 413, and nothing of it is processed",
                        "RFC 9110, 15.5.14",
                        POST,
                        Turn.ALONE,
                        EnvelopeStatements::bodyOverTheLimit)
                .state(
                        10,
                        HARDENING,
                        "A body that is not UTF-8 gets 400",
                        "RFC 8259, 8.1; Bayeux 1.0, The long-polling request messages",
                        POST,
                        EnvelopeStatements::notUtf8)
                .state(
                        83,
                        HARDENING,
                        "Control characters, U+2028 and characters beyond U+FFFF in data come back as they were",
                        "RFC 8259, 7",
                        EVERY,
                        EnvelopeStatements::textRoundTrip)
                .state(
                        84,
                        HARDENING,
                        "Integers beyond 2^53 in data come back as they were",
                        "a gateway passes data through",
                        EVERY,
                        EnvelopeStatements::integerRoundTrip)
                .state(
                        11,
                        MUST,
                        "Fields and ext keys that the server does not know are ignored",
                        "Bayeux 1.0, ext (arbitrary values)",
                        EVERY,
                        EnvelopeStatements::unknownFields);
    }

    private static void arrayIsAnswered(Probe probe) {
        Session session = probe.session();
        ObjectNode first = session.subscribeMessage(probe.channel("/a"));
        ObjectNode second = session.subscribeMessage(probe.channel("/b"));
        ObjectNode third = session.unsubscribeMessage(probe.channel("/a"));
        Answer answer = session.send(first, second, third);
        if (answer.isHttp()) {
            Expect.status(answer, 200);
        }
        for (ObjectNode request : List.of(first, second, third)) {
            Expect.successful(answer.replyTo(request));
        }
        Expect.that(answer.messages().size() == 3, "three replies", answer);
    }

    private static void contentType(Probe probe) {
        Session session = probe.session();
        Answer answer = session.send(session.subscribeMessage(probe.channel("/a")));
        String type = answer.header("content-type");
        Expect.that(type.matches("(?i)application/json( *;.*)?"), "Content-Type: application/json", type);
    }

    private static void bareObject(Probe probe) {
        Session session = probe.session();
        ObjectNode request = session.subscribeMessage(probe.channel("/a"));
        Answer answer = Waiting.on(session.wire().send(request.toString(), List.of(request)));
        Expect.successful(answer.replyTo(request));
    }

    private static void idIsEchoed(Probe probe) {
        for (String id : List.of("1", "aZ9", "00000000000000000000000000000000000042")) {
            Session session = probe.stranger();
            ObjectNode handshake = session.handshakeMessage().put("id", id);
            JsonNode reply = session.ask(handshake);
            echoes(reply, handshake);
            session.as(reply.path("clientId").asText());
            for (ObjectNode request : List.of(
                    session.hurriedConnectMessage().put("id", id + "b"),
                    session.subscribeMessage(probe.channel("/a")).put("id", id + "c"),
                    session.unsubscribeMessage(probe.channel("/a")).put("id", id + "d"),
                    session.message("/meta/disconnect").put("id", id + "e"))) {
                echoes(session.ask(request), request);
            }
        }
    }

    private static void echoes(JsonNode reply, ObjectNode request) {
        Expect.that(
                request.path("id").asText().equals(reply.path("id").asText()), "the id " + request.path("id"), reply);
    }

    private static void idKeepsItsType(Probe probe) {
        Session session = probe.session();
        ObjectNode numbered = session.subscribeMessage(probe.channel("/a")).put("id", 42);
        JsonNode reply = session.ask(numbered);
        Expect.that(reply.path("id").isIntegralNumber(), "the number 42 as id", reply);
        ObjectNode nameless = session.subscribeMessage(probe.channel("/b"));
        nameless.remove("id");
        JsonNode namelessReply = session.ask(nameless);
        Expect.that(!namelessReply.has("id"), "no id", namelessReply);
    }

    private static void suffixes(Probe probe) {
        for (String suffix : List.of("", "/", "/handshake", "/connect", "/disconnect", "/subscribe", "/unsubscribe")) {
            Session session = probe.stranger();
            ObjectNode handshake = session.handshakeMessage();
            session.as(
                    posted(probe, suffix, session, handshake).path("clientId").asText());
            posted(probe, suffix, session, session.subscribeMessage(probe.channel("/a")));
            posted(probe, suffix, session, session.hurriedConnectMessage());
            posted(probe, suffix, session, session.message("/meta/disconnect"));
        }
    }

    private static JsonNode posted(Probe probe, String suffix, Session session, ObjectNode request) {
        Answer answer = Waiting.on(probe.http()
                .post(
                        probe.http().endpoints().next(suffix),
                        JSON,
                        Json.array(request).toString(),
                        session.browser()));
        JsonNode reply = answer.replyTo(request);
        Expect.successful(reply);
        return reply;
    }

    private static void badJson(Probe probe) throws Exception {
        Browser browser = Browser.fresh();
        RawConnection connection = probe.connection(browser);
        Session session = probe.stranger(Transport.LONG_POLLING, browser);
        for (String body : List.of("[{\"channel\":", "42", "\"text\"", "{]")) {
            RawConnection.Response refused = connection.post(body.getBytes(StandardCharsets.UTF_8));
            Expect.that(refused.status() == 400, "HTTP 400 for " + body, refused);
            byte[] next = Json.array(session.handshakeMessage()).toString().getBytes(StandardCharsets.UTF_8);
            RawConnection.Response handshake = connection.post(next);
            Expect.that(handshake.status() == 200, "HTTP 200 for the next request on the connection", handshake);
        }
    }

    private static void emptyArray(Probe probe) throws Exception {
        if (probe.transport() == Transport.LONG_POLLING) {
            Session session = probe.session();
            Answer answer = Waiting.on(session.wire().send("[]", List.of()));
            Expect.status(answer, 200);
            Expect.that(answer.body().strip().equals("[]"), "[]", answer);
        } else {
            WebSocketWire socket = probe.socket(Map.of());
            socket.sendText("[]");
            String frame = socket.nextFrame(probe.settings().patienceMs());
            Expect.that("[]".equals(frame), "the frame []", frame == null ? "no frame" : frame);
            Session session = probe.stranger();
            ObjectNode handshake = session.handshakeMessage();
            Expect.successful(Waiting.on(socket.send(List.of(handshake))).replyTo(handshake));
        }
    }

    private static void formBodies(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        ObjectNode[] m = IntStream.range(0, 6)
                .mapToObj(i -> sender.publishMessage(probe.channel("/a"), i))
                .toArray(ObjectNode[]::new);
        post(probe, sender, FORM, form(m[0]));
        post(probe, sender, FORM, form(Json.array(m[1], m[2])));
        post(probe, sender, FORM, form(m[3]) + "&" + form(Json.array(m[4], m[5])));
        Expect.data(probe.allEvents(listener), 0, 1, 2, 3, 4, 5);
    }

    private static void textPlainBody(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        post(probe, sender, FAYE_CORS, form(Json.array(sender.publishMessage(probe.channel("/a"), "plain"))));
        Expect.data(probe.allEvents(listener), "plain");
    }

    private static String form(JsonNode message) {
        return "message=" + URLEncoder.encode(message.toString(), StandardCharsets.UTF_8);
    }

    private static void post(Probe probe, Session session, Map<String, String> headers, String body) {
        Answer answer =
                Waiting.on(probe.http().post(probe.http().endpoints().next(), headers, body, session.browser()));
        Expect.status(answer, 200);
        Expect.that(!answer.messages().isEmpty(), "an array of replies", answer);
        answer.messages().forEach(Expect::successful);
    }

    private static void bodyOverTheLimit(Probe probe) throws Exception {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        Session sender = probe.publisher();
        String data = "x".repeat(Math.toIntExact(probe.settings().bodyMaxBytes()));
        byte[] body = Json.array(sender.publishMessage(probe.channel("/a"), data))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = probe.connection(sender.browser())) {
            RawConnection.Response response = connection.post(body);
            Expect.that(response.status() == 413, "HTTP 413 for " + body.length + " bytes", response);
        }
        Expect.that(probe.allEvents(listener).isEmpty(), "no event", "one of the body's messages");
    }

    private static void notUtf8(Probe probe) throws Exception {
        Session sender = probe.publisher();
        byte[] body = Json.array(sender.publishMessage(probe.channel("/a"), "caf\u00e9"))
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
        RawConnection.Response response = probe.connection(sender.browser()).post(body);
        Expect.that(response.status() == 400, "HTTP 400 for bytes that are Latin-1", response);
    }

    private static void textRoundTrip(Probe probe) {
        String controls = IntStream.range(0, 0x20).mapToObj(Character::toString).collect(Collectors.joining());
        String text = controls + "\u007f \u00e9 \u2028 \u2029 \ufeff \ud83d\ude80 \" \\ / </script>";
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        probe.publisher().tell(probe.channel("/a"), text);
        Expect.data(listener.receive(1), text);
    }

    private static void integerRoundTrip(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        BigInteger[] integers = Stream.of("9007199254740993", "-9223372036854775808", "123456789012345678901234567890")
                .map(BigInteger::new)
                .toArray(BigInteger[]::new);
        probe.publisher().tell(probe.channel("/a"), integers);
        Expect.data(listener.receive(1), (Object) integers);
    }

    private static void unknownFields(Probe probe) {
        Session listener = probe.stranger();
        JsonNode handshake = listener.handshake(EnvelopeStatements::addUnknown);
        Expect.successful(handshake);
        ObjectNode subscribe = listener.subscribeMessage(probe.channel("/a"));
        addUnknown(subscribe);
        Expect.successful(listener.ask(subscribe));
        Session sender = probe.publisher();
        ObjectNode publish = sender.publishMessage(probe.channel("/a"), "known");
        addUnknown(publish);
        Expect.successful(sender.ask(publish));
        Expect.data(listener.receive(1), "known");
    }

    private static void addUnknown(ObjectNode message) {
        message.put("colour", "blue");
        message.putObject("shape").put("corners", 4);
        message.withObjectProperty("ext").putObject("org.example.unknown").put("a", 1);
    }
}
