package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;

/** Lists of subscriptions that must be refused, as long as a body may be, several at once. */
final class RefusedSubscriptions implements Attack {

    private static final int TOPICS = 3_000;
    private static final int AT_ONCE = 4;
    private static final int LIST_BYTES = 500_000;
    private static final long PAUSE_MS = 200;
    private static final long ANSWER_MS = 10_000;
    private static final String TOPICS_CLAIM = "\"topics\":[\"a/**\"]";

    @Override
    public String name() {
        return "refused-subscribe";
    }

    @Override
    public String description() {
        return "/meta/subscribe with 500 KB of patterns that are too many: refused before work is done";
    }

    @Override
    public String prepare(Besieged target) throws Exception {
        Application.publish(target, TOPICS, i -> "{\"topic\":\"a/%d\",\"data\":1,\"ttlMs\":600000}".formatted(i));
        return null;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String patterns = patterns();
        do {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                peers.add(subscribe(target, "refused-" + i, patterns, spoils, deadline));
            }
            for (Peer peer : peers) {
                if (peer != null) {
                    answer(peer, spoils);
                }
            }
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    private static Peer subscribe(Besieged target, String client, String patterns, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        try {
            Peer peer = Peer.connect(target.gateway());
            Session session = Session.begin(peer, Credentials.token(target, client, TOPICS_CLAIM), deadline);
            String request = Requests.post("/bayeux", session.subscribe(patterns), session.asCookie());
            peer.send(request, deadline);
            spoils.sent(request.length());
            return peer;
        } catch (IOException refused) {
            spoils.ended("handshake: " + refused.getMessage());
            return null;
        }
    }

    private static void answer(Peer peer, Spoils spoils) throws InterruptedException {
        try (peer) {
            Reply reply = peer.reply(Deadline.in(ANSWER_MS));
            if (reply == null) {
                spoils.ended(peer.isClosed() ? Outcome.CUT : "no answer in time");
            } else if (Session.isSuccessful(reply.body())) {
                spoils.gained("40,000 patterns were subscribed");
            } else {
                spoils.ended(Session.error(reply));
            }
        }
    }

    private static String patterns() {
        StringBuilder all = new StringBuilder("[");
        for (int i = 0; all.length() < LIST_BYTES; i++) {
            all.append(i == 0 ? "" : ",").append("\"/a/").append(i).append("/*\"");
        }
        return all.append(']').toString();
    }
}
