package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;

/** The same as {@link TopicFlood}, by Bayeux: forty messages a request. */
final class BayeuxTopicFlood implements Attack {

    private static final int A_REQUEST = 40;
    private static final long TICK_MS = 20;
    private static final int MOST_TAKEN_A_SECOND = 100;
    private static final String CLIENT = "bayeux-flood";

    @Override
    public String name() {
        return "bayeux-topic-flood";
    }

    @Override
    public String description() {
        return "up to 2,000 new topics a second from one token by Bayeux: refused, and Redis stays small";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        long ms = deadline.leftMs();
        try (Peer peer = Peer.connect(target.gateway())) {
            Session session =
                    Session.begin(peer, Credentials.token(target, CLIENT, "\"publish\":[\"chat/**\"]"), deadline);
            for (int first = 0; !deadline.isOver() && !peer.isClosed(); first += A_REQUEST) {
                publish(peer, session, first, spoils, deadline);
                deadline.pause(TICK_MS);
            }
        } catch (IOException refused) {
            spoils.ended("handshake: " + refused.getMessage());
        }
        long mostTaken = MOST_TAKEN_A_SECOND * Math.max(1, ms / 1_000);
        if (spoils.count(Outcome.TAKEN) > mostTaken) {
            spoils.gained(
                    "one token made %,d topics in %,d ms (judged: %,d)", spoils.count(Outcome.TAKEN), ms, mostTaken);
        }
        return spoils.outcome();
    }

    private static void publish(Peer peer, Session session, int first, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        String body = IntStream.range(first, first + A_REQUEST)
                .mapToObj(i -> "{\"channel\":\"/chat/b%d/%d\",\"data\":1,\"clientId\":\"%s\",\"id\":\"%d\"}"
                        .formatted(ProcessHandle.current().pid(), i, session.clientId(), i))
                .collect(Collectors.joining(",", "[", "]"));
        peer.send(Requests.post("/bayeux", body), deadline);
        spoils.sent(body.length());
        Reply reply = peer.reply(deadline);
        if (reply == null) {
            spoils.ended(peer.isClosed() ? Outcome.CUT : "no answer in time");
            return;
        }
        long taken = reply.body().split("\"successful\":true", -1).length - 1;
        spoils.ended(Outcome.TAKEN, taken);
        if (taken < A_REQUEST) {
            spoils.ended(Session.error(reply), A_REQUEST - taken);
        }
    }
}
