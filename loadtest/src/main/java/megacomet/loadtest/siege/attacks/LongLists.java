package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;
import megacomet.loadtest.siege.peer.Socket;

/** Every other list that somebody may send: topics of a poll, of a frame, messages of a Bayeux batch, clients of a message. */
final class LongLists implements Attack {

    private static final int POLL_TOPICS = 1_500;
    private static final int FRAME_TOPICS = 6_000;
    private static final int BATCH = 12_000;
    private static final int CLIENTS = 50_000;
    private static final long PAUSE_MS = 200;
    private static final String CLIENT = "long-lists";

    @Override
    public String name() {
        return "long-lists";
    }

    @Override
    public String description() {
        return "thousands of topics in a poll and in a frame, of messages in a Bayeux batch, of clients in a message: refused";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String token = Credentials.token(target, CLIENT, "\"topics\":[\"**\"]");
        do {
            poll(target, token, spoils, deadline);
            frame(target, token, spoils, deadline);
            batch(target, spoils, deadline);
            clients(target, spoils, deadline);
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    private static void poll(Besieged target, String token, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        String body = "{\"timeoutMs\":0,\"topics\":[" + names(POLL_TOPICS) + "]}";
        ask(target.gateway(), Requests.post("/v1/poll", body, Credentials.bearer(token)), "poll", spoils, deadline);
    }

    private static void frame(Besieged target, String token, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        try (Socket socket = Socket.open(target.gateway(), "/v1/ws?token=" + token, deadline)) {
            String frame = "{\"follow\":[" + names(FRAME_TOPICS) + "]}";
            socket.next(deadline);
            socket.send(frame, deadline);
            spoils.sent(frame.length());
            String said = socket.next(deadline);
            String code = said == null ? null : Reply.between(said, "\"code\":\"", "\"");
            spoils.ended("frame: " + (code == null ? socket.ending() : code));
            if (said != null && said.contains("\"cursor\"")) {
                spoils.gained("a frame's %,d topics are followed", FRAME_TOPICS);
            }
        } catch (IOException refused) {
            spoils.ended("upgrade: " + refused.getMessage());
        }
    }

    private static void batch(Besieged target, Spoils spoils, Deadline deadline) throws InterruptedException {
        String body =
                "[" + String.join(",", Collections.nCopies(BATCH, "{\"channel\":\"/meta/connect\",\"clientId\":\"x\"}"))
                        + "]";
        Reply reply = Requests.once(target.gateway(), Requests.post("/bayeux", body), deadline);
        spoils.sent(body.length());
        spoils.ended("batch: " + (reply == null ? Outcome.CUT : Session.error(reply)));
    }

    private static void clients(Besieged target, Spoils spoils, Deadline deadline) throws InterruptedException {
        String body = "{\"data\":1,\"clients\":[" + names(CLIENTS) + "]}";
        ask(
                target.publisher(),
                Requests.post("/v1/messages", body, Credentials.bearer(target.apiKey())),
                "clients",
                spoils,
                deadline);
    }

    private static void ask(int port, String request, String what, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        Reply reply = Requests.once(port, request, deadline);
        spoils.sent(request.length());
        spoils.ended(what + ": " + (reply == null ? Outcome.CUT : reply.said()));
        if (reply != null && reply.status() < 400) {
            spoils.gained("a %s's list of some thousands was taken", what);
        }
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"l/" + i + "\"").collect(Collectors.joining(","));
    }
}
