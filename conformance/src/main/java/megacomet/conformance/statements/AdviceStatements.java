package megacomet.conformance.statements;

import static megacomet.conformance.judge.Level.CLIENT;
import static megacomet.conformance.judge.Level.HARDENING;
import static megacomet.conformance.judge.Level.SHOULD;
import static megacomet.conformance.wire.Transport.EVERY;
import static megacomet.conformance.wire.Transport.POST;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import megacomet.conformance.judge.Chapter;
import megacomet.conformance.judge.Expect;
import megacomet.conformance.judge.Probe;
import megacomet.conformance.judge.Skipped;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Browser;
import megacomet.conformance.wire.Session;
import megacomet.conformance.wire.Transport;
import megacomet.conformance.wire.Waiting;

/** What the server advises, how it says errors, and what it does about several clients in one browser. */
public final class AdviceStatements {

    private static final Pattern ERROR =
            Pattern.compile("\\d{3}:[A-Za-z0-9\\-_!~()$@ /*.,]*:[A-Za-z0-9\\-_!~()$@ /*.]*");
    private static final long FLOOD_MS = 1_000;

    private AdviceStatements() {}

    public static Chapter chapter() {
        return new Chapter("Advice, errors, multiple clients")
                .state(
                        61,
                        CLIENT,
                        "Advice of a successful handshake or connect, where there is any, has reconnect, interval, timeout",
                        "CometD JS resets what is missing to its defaults",
                        EVERY,
                        AdviceStatements::adviceIsWhole)
                .state(
                        100,
                        HARDENING,
                        "Every reply to a handshake or connect has such advice, and no other reply has any",
                        "CometD JS and Faye differ in what they keep",
                        EVERY,
                        AdviceStatements::adviceIsWhereItBelongs)
                .state(
                        62,
                        SHOULD,
                        "An error is \"code:arguments:text\", with no further colon, comma in the text, or quote",
                        "Bayeux 1.0, error",
                        EVERY,
                        AdviceStatements::errorFormat)
                .state(
                        63,
                        SHOULD,
                        "While one session of a browser is held, another's connect is answered at once with"
                                + " multiple-clients:true, retry, and an interval",
                        "Bayeux 1.0, Server-side Multiple clients detection",
                        POST,
                        AdviceStatements::secondClient)
                .state(
                        64,
                        SHOULD,
                        "When the first disconnects, the second's next connect is held again, without multiple-clients",
                        "Bayeux 1.0, multiple-clients advice field",
                        POST,
                        AdviceStatements::firstClientLeaves)
                .state(
                        65,
                        HARDENING,
                        "Without cookies there is no multiple-clients",
                        "browsers behind one address are not one browser",
                        POST,
                        AdviceStatements::withoutCookies)
                .state(
                        66,
                        HARDENING,
                        "A second client that ignores its interval gets an answer once a second at most; others are 429 or"
                                + " advised an interval",
                        "a tab without timers would otherwise spin",
                        POST,
                        AdviceStatements::floodIsRefused)
                .state(
                        67,
                        HARDENING,
                        "Configured hosts are in the advice of handshakes, and of connects that must shake hands again",
                        "Bayeux 1.0, hosts advice field",
                        POST,
                        AdviceStatements::hosts);
    }

    private static List<JsonNode> successfulReplies(Probe probe) {
        Session session = probe.stranger();
        List<JsonNode> replies = new ArrayList<>();
        replies.add(session.handshake());
        replies.add(session.ask(session.hurriedConnectMessage()));
        replies.add(session.ask(session.connectMessage()));
        replies.forEach(Expect::successful);
        return replies;
    }

    private static void adviceIsWhole(Probe probe) {
        successfulReplies(probe).stream().filter(reply -> reply.has("advice")).forEach(Expect::wholeAdvice);
    }

    private static void adviceIsWhereItBelongs(Probe probe) {
        successfulReplies(probe).forEach(Expect::wholeAdvice);
        Session session = probe.session();
        Expect.noAdvice(session.subscribe(probe.channel("/a")));
        Expect.noAdvice(session.publish(probe.channel("/b"), 1));
        Expect.noAdvice(session.unsubscribe(probe.channel("/a")));
        Expect.noAdvice(session.disconnect());
    }

    private static void errorFormat(Probe probe) {
        Session session = probe.session();
        Session unknown = probe.stranger().as("1234567890abcdefghijklmnopqrstuv");
        List<JsonNode> replies = new ArrayList<>(List.of(
                session.subscribe("/meta/x"),
                session.subscribe(probe.channel("/a<b>")),
                session.publish("/meta/x", 1),
                unknown.ask(unknown.hurriedConnectMessage()),
                unknown.subscribe(probe.channel("/a"))));
        ObjectNode nothing = session.subscribeMessage("");
        nothing.remove("subscription");
        replies.add(session.ask(nothing));
        for (JsonNode reply : replies) {
            JsonNode error = reply.path("error");
            if (!reply.path("successful").asBoolean() || !error.asText().isEmpty()) {
                Expect.that(ERROR.matcher(error.asText()).matches(), "an error like 403:/foo:Denied", reply);
            }
        }
    }

    /** Two sessions of one browser, of which the first holds a connect. */
    private record Tabs(Session first, Session second, CompletableFuture<Answer> held) {
        static Tabs open(Probe probe, Browser browser) {
            Session first = probe.stranger(Transport.LONG_POLLING, browser).beginConnected();
            Session second = probe.stranger(Transport.LONG_POLLING, browser).beginConnected();
            CompletableFuture<Answer> held = first.connectLater();
            Waiting.pauseMs(Probe.SEATING_MS);
            return new Tabs(first, second, held);
        }
    }

    private static void secondClient(Probe probe) {
        Tabs tabs = Tabs.open(probe, Browser.fresh());
        Answer answer = tabs.second().connect();
        JsonNode reply = onlyReply(answer);
        Expect.successful(reply);
        Expect.atOnce(answer);
        Expect.advised(reply, "retry");
        Expect.that(reply.path("advice").path("multiple-clients").asBoolean(), "multiple-clients:true", reply);
        Expect.that(reply.path("advice").path("interval").asLong() > 0, "an interval", reply);
    }

    private static JsonNode onlyReply(Answer answer) {
        Expect.that(answer.messages().size() == 1, "a reply to the connect alone", answer);
        return answer.messages().get(0);
    }

    private static void firstClientLeaves(Probe probe) {
        Tabs tabs = Tabs.open(probe, Browser.fresh());
        JsonNode told = onlyReply(tabs.second().connect());
        Expect.that(told.path("advice").path("multiple-clients").asBoolean(), "multiple-clients:true at first", told);
        tabs.first().disconnect();
        Waiting.on(tabs.held());
        Waiting.pauseMs(told.path("advice").path("interval").asLong());
        Answer answer = tabs.second().connect();
        JsonNode reply = onlyReply(answer);
        Expect.successful(reply);
        Expect.took(answer.tookMs(), Probe.AT_ONCE_MS, probe.settings().patienceMs());
        Expect.that(!reply.path("advice").path("multiple-clients").asBoolean(), "no multiple-clients", reply);
    }

    private static void withoutCookies(Probe probe) {
        Session cookieless =
                probe.stranger(Transport.LONG_POLLING, Browser.withoutCookies()).begin();
        if (!cookieless
                .ask(cookieless.hurriedConnectMessage())
                .path("successful")
                .asBoolean()) {
            throw new Skipped("the server serves no client without cookies");
        }
        Tabs tabs = Tabs.open(probe, Browser.withoutCookies());
        Answer answer = tabs.second().connect();
        answer.messages()
                .forEach(reply ->
                        Expect.that(!reply.path("advice").has("multiple-clients"), "no multiple-clients", reply));
    }

    private static void floodIsRefused(Probe probe) {
        Tabs tabs = Tabs.open(probe, Browser.fresh());
        JsonNode told = onlyReply(tabs.second().connect());
        if (!told.path("advice").path("multiple-clients").asBoolean()) {
            throw new Skipped("the server does not tell the second client of a browser");
        }
        for (int i = 0; i < 3; i++) {
            Answer answer = tabs.second().connect();
            boolean advised = answer.messages().stream()
                    .anyMatch(reply -> reply.path("advice").path("interval").asLong() >= FLOOD_MS);
            Expect.that(
                    answer.status() == 429 || advised || answer.tookMs() >= FLOOD_MS,
                    "429, or advice to wait " + FLOOD_MS + " ms, or an answer that comes later",
                    answer);
        }
    }

    private static void hosts(Probe probe) {
        List<String> hosts = probe.settings().hosts();
        if (hosts.isEmpty()) {
            throw new Skipped("--hosts was not given");
        }
        Session session = probe.stranger();
        Session unknown = probe.stranger().as("1234567890abcdefghijklmnopqrstuv");
        for (JsonNode reply : List.of(session.handshake(), unknown.ask(unknown.hurriedConnectMessage()))) {
            List<String> advised = new ArrayList<>();
            reply.path("advice").path("hosts").forEach(host -> advised.add(host.asText()));
            Expect.that(advised.equals(hosts), "advice.hosts " + hosts, reply);
        }
    }
}
