package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;
import megacomet.loadtest.siege.peer.Socket;

/** A WebSocket that was opened before, and without a cookie, is to use a session that is bound to one. */
final class CookieBinding implements Attack {

    private static final String TOPICS = "\"topics\":[\"secrets\"]";

    @Override
    public String name() {
        return "cookie-binding";
    }

    @Override
    public String description() {
        return "a WebSocket opened earlier without the cookie uses a Bayeux session that is bound to one: refused";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // Bayeux says it in a reply.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        try (Socket thief = Socket.open(target.gateway(), "/bayeux", deadline);
                Peer owner = Peer.connect(target.gateway())) {
            Session session = Session.begin(owner, Credentials.token(target, "owner", TOPICS), deadline);
            owner.send(Requests.post("/bayeux", session.subscribe("\"/secrets\""), session.asCookie()), deadline);
            if (owner.reply(deadline) == null) {
                throw new IOException("the owner was not answered");
            }
            thief.send(session.connect("websocket"), deadline);
            spoils.sent(0);
            String said = thief.next(deadline.orIn(USUAL_MS));
            if (said != null && Session.isSuccessful(said)) {
                spoils.gained("a bound session was used without its cookie");
            } else {
                String error = said == null ? null : Reply.between(said, "\"error\":\"", ":");
                spoils.ended(error == null ? thief.ending() : "bayeux " + error);
            }
            owner.send(Requests.post("/bayeux", session.unsubscribe("\"/secrets\"")), deadline);
            spoils.sent(0);
            Reply without = owner.reply(deadline.orIn(USUAL_MS));
            if (without != null && Session.isSuccessful(without.body())) {
                spoils.gained("a bound session was no longer bound after somebody had tried it without the cookie");
            } else {
                spoils.ended(without == null ? Outcome.CUT : Session.error(without));
            }
        } catch (IOException refused) {
            spoils.ended("refused: " + refused.getMessage());
        }
        return spoils.outcome();
    }
}
