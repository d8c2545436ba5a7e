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

/** A poll and a Bayeux connect that wait on when their token is good no more. */
final class ExpiredHolds implements Attack {

    /** So long tokens are good when they are first used. */
    private static final long VALID_S = 1;

    /** A token is taken so much longer than it says, for clocks that differ; and a little more for a second's rounding. */
    private static final long LEEWAY_MS = 5_000;

    private static final long ROUNDING_MS = 3_000;

    @Override
    public String name() {
        return "expired-holds";
    }

    @Override
    public String description() {
        return "a poll and a Bayeux connect whose token expires while they are held: they end with it";
    }

    @Override
    public long leastMs() {
        return VALID_S * 1_000 + LEEWAY_MS + ROUNDING_MS + USUAL_MS;
    }

    @Override
    public boolean mustBeCounted() {
        return false; // A hold that ends is answered like any other.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        Deadline good = Deadline.in(VALID_S * 1_000 + LEEWAY_MS + ROUNDING_MS);
        try (Peer poll = Peer.connect(target.gateway());
                Peer connect = Peer.connect(target.gateway())) {
            poll.send(
                    Requests.get(
                            "/v1/poll?timeoutMs=60000",
                            Credentials.bearer(Credentials.token(target, "expiring", "", VALID_S))),
                    deadline);
            spoils.sent(0);
            Session session = Session.begin(connect, Credentials.token(target, "expiring-too", "", VALID_S), deadline);
            connect.send(Requests.post("/bayeux", session.connect("long-polling")), deadline);
            connect.reply(Deadline.in(USUAL_MS)); // The first is answered at once,
            connect.send(Requests.post("/bayeux", session.connect("long-polling")), deadline); // the second is held.
            spoils.sent(0);
            mustEnd(poll, "a poll", good, spoils);
            mustEnd(connect, "a Bayeux connect", good, spoils);
        } catch (IOException refused) {
            spoils.ended("refused: " + refused.getMessage());
        }
        return spoils.outcome();
    }

    private static void mustEnd(Peer peer, String what, Deadline good, Spoils spoils) throws InterruptedException {
        Reply reply = peer.reply(good);
        if (reply == null && !peer.isClosed()) {
            spoils.gained("%s was held on when its token had expired", what);
        }
        spoils.ended(reply == null ? peer.isClosed() ? Outcome.CUT : Outcome.OPEN : reply.said());
    }
}
