package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.SCRIPT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;
import megacomet.conformance.wire.ScriptAnswer;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Waiting;

/** What is particular to answers that are scripts. */
public final class CallbackPollingStatements {

    /** The longest address that a stock client makes: Faye's limit for a batch. */
    private static final int ADDRESS_LENGTH = 2_048;

    private CallbackPollingStatements() {}

    public static Chapter chapter() {
        return new Chapter("callback-polling")
                .state(
                        68,
                        SHOULD,
                        "?jsonp=cb&message=[…] gets 200, a JavaScript type, and cb called with an array",
                        "Bayeux 1.0, The callback-polling response messages",
                        SCRIPT,
                        CallbackPollingStatements::script)
                .state(
                        101,
                        HARDENING,
                        "The script begins with /**/, and has nosniff and no-store",
                        "Rosetta Flash (CVE-2014-4671); Faye since 1.0.3",
                        SCRIPT,
                        CallbackPollingStatements::guarded)
                .state(
                        69,
                        SHOULD,
                        "Without jsonp the callback is jsonpcallback",
                        "Bayeux 1.0, The callback-polling response messages",
                        SCRIPT,
                        CallbackPollingStatements::defaultCallback)
                .state(
                        70,
                        HARDENING,
                        "A callback that is no name, of 200 characters, or given twice gets 400 and is not repeated",
                        "a script tag runs what is repeated",
                        SCRIPT,
                        CallbackPollingStatements::badCallback)
                .state(
                        71,
                        HARDENING,
                        "U+2028, U+2029 and </script> in data are escaped",
                        "U+2028 ended a line of JavaScript before ES2019",
                        SCRIPT,
                        CallbackPollingStatements::escaped)
                .state(
                        72,
                        HARDENING,
                        "Events come with connect replies alone, which are held as in long-polling",
                        "CometD: callback-polling implies metaConnectDeliverOnly",
                        SCRIPT,
                        CallbackPollingStatements::connectDelivers)
                .state(
                        102,
                        CLIENT,
                        "An address of " + ADDRESS_LENGTH + " characters is accepted",
                        "Faye splits batches at 2048, CometD at 2000",
                        SCRIPT,
                        CallbackPollingStatements::longAddress);
    }

    private static Answer get(Probe probe, String query) {
        return Waiting.on(probe.http().get(probe.http().endpoints().next(query), Map.of(), Browser.fresh()));
    }

    private static String handshake(Probe probe) {
        return encoded(Json.array(probe.stranger().handshakeMessage()));
    }

    private static String encoded(JsonNode message) {
        return URLEncoder.encode(message.toString(), StandardCharsets.UTF_8);
    }

    private static ScriptAnswer called(Answer answer, String callback) {
        Expect.status(answer, 200);
        ScriptAnswer script = ScriptAnswer.parse(answer.body())
                .orElseThrow(() -> new Mismatch("a script that calls " + callback, answer.toString()));
        Expect.that(script.callback().equals(callback), "a call of " + callback, answer);
        Expect.that(Json.parse(script.argument()).isArray(), "an array as argument", answer);
        return script;
    }

    private static void script(Probe probe) {
        Answer answer = get(probe, "?jsonp=cb&message=" + handshake(probe));
        called(answer, "cb");
        String type = answer.header("content-type");
        Expect.that(
                type.matches("(?i)(text|application)/(x-)?javascript *(;.*)?"), "Content-Type: text/javascript", type);
    }

    private static void guarded(Probe probe) {
        Answer answer = get(probe, "?jsonp=cb&message=" + handshake(probe));
        ScriptAnswer script = called(answer, "cb");
        Expect.that(script.guard().equals("/**/"), "/**/ before the call", answer);
        String sniffing = answer.header("x-content-type-options");
        Expect.that(sniffing.equalsIgnoreCase("nosniff"), "X-Content-Type-Options: nosniff", sniffing);
        String caching = answer.header("cache-control");
        Expect.that(caching.contains("no-store"), "Cache-Control: no-store", caching);
    }

    private static void defaultCallback(Probe probe) {
        called(get(probe, "?message=" + handshake(probe)), "jsonpcallback");
    }

    private static void badCallback(Probe probe) {
        String message = "&message=" + handshake(probe);
        for (String callback : List.of("alert(1)//", "a b", "<x>", "x".repeat(200))) {
            Answer answer = get(probe, "?jsonp=" + URLEncoder.encode(callback, StandardCharsets.UTF_8) + message);
            Expect.status(answer, 400);
            Expect.that(!answer.body().contains(callback), "no repetition of it", answer);
        }
        Expect.status(get(probe, "?jsonp=a&jsonp=b" + message), 400);
    }

    private static void escaped(Probe probe) {
        Session listener = probe.session();
        listener.follow(probe.channel("/a"));
        String dangerous = "\u2028 \u2029 </script>";
        probe.publisher().tell(probe.channel("/a"), dangerous);
        for (int i = 0; i < 3 && listener.events().isEmpty(); i++) {
            Answer answer = listener.connect();
            ScriptAnswer script =
                    ScriptAnswer.parse(answer.body()).orElseThrow(() -> new Mismatch("a script", answer.toString()));
            Expect.that(!script.canBeBroken(), "no U+2028, U+2029 or < in the script", answer);
        }
        Expect.data(listener.events(), dangerous);
    }

    private static void connectDelivers(Probe probe) {
        Session session = probe.connected();
        session.follow(probe.channel("/a"));
        CompletableFuture<Answer> held = session.connectLater();
        Waiting.pauseMs(Probe.SEATING_MS);
        Expect.that(!held.isDone(), "a connect that is held", held);
        ObjectNode publish = session.publishMessage(probe.channel("/a"), "mine");
        Answer published = session.send(publish);
        Expect.that(published.events().isEmpty(), "no event with the reply to a publish", published);
        Expect.data(Waiting.on(held).events(), "mine");
    }

    private static void longAddress(Probe probe) {
        Session session = probe.session();
        session.follow(probe.channel("/a"));
        int shortest = probe.http()
                        .endpoints()
                        .next("?jsonp=_conformance_1&message=")
                        .toString()
                        .length()
                + encoded(Json.array(session.publishMessage(probe.channel("/a"), "")))
                        .length();
        String data = "x".repeat(Math.max(0, ADDRESS_LENGTH - shortest));
        session.tell(probe.channel("/a"), data);
        Expect.data(session.receive(1), data);
    }
}
