package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.Collections;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;

/** One channel that everybody may subscribe to, 46,000 times in one list; and the same list to unsubscribe. */
final class RepeatedSubscriptions implements Attack {

    private static final int TIMES = 46_000;
    private static final long PAUSE_MS = 200;
    private static final long ANSWER_MS = 10_000;
    private static final String CLIENT = "m";

    @Override
    public String name() {
        return "repeated-subscribe";
    }

    @Override
    public String description() {
        return "one channel 46,000 times in a /meta/subscribe and a /meta/unsubscribe: one, or refused; Redis is not blocked";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // A server may as well take it for what it is: one subscription.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String list = "[" + String.join(",", Collections.nCopies(TIMES, "\"/user/" + CLIENT + "\"")) + "]";
        do {
            try (Peer peer = Peer.connect(target.gateway())) {
                Session session = Session.begin(peer, Credentials.token(target, CLIENT, ""), deadline);
                ask(peer, session, session.subscribe(list), spoils, deadline);
                ask(peer, session, session.unsubscribe(list), spoils, deadline);
            } catch (IOException refused) {
                spoils.ended("handshake: " + refused.getMessage());
            }
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    private static void ask(Peer peer, Session session, String body, Spoils spoils, Deadline deadline)
            throws InterruptedException {
        String request = Requests.post("/bayeux", body, session.asCookie());
        peer.send(request, deadline);
        spoils.sent(request.length());
        Reply reply = peer.reply(Deadline.in(ANSWER_MS));
        if (reply == null) {
            spoils.ended(peer.isClosed() ? Outcome.CUT : "no answer in time");
        } else {
            spoils.ended(Session.isSuccessful(reply.body()) ? Outcome.TAKEN : Session.error(reply));
        }
    }
}
