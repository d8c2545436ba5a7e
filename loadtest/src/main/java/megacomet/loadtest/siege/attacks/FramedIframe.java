package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Requests;
import megacomet.loadtest.siege.peer.Session;

/** The document of the iframe transport, opened with a name that is a path of methods. */
final class FramedIframe implements Attack {

    private static final long ANSWER_MS = 1_000;

    @Override
    public String name() {
        return "framed-iframe";
    }

    @Override
    public String description() {
        return "the iframe transport's document for a path of methods: not as such, and for its own origin alone";
    }

    @Override
    public boolean mustBeCounted() {
        return false;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        try (Peer peer = Peer.connect(target.gateway());
                Peer frame = Peer.connect(target.gateway())) {
            Session session = Session.begin(peer, Credentials.token(target, "framed", ""), deadline);
            frame.send(
                    Requests.get("/bayeux/" + session.clientId() + "?iframe=document.body.remove", session.asCookie()),
                    deadline);
            spoils.sent(0);
            frame.awaitSome(Deadline.in(ANSWER_MS));
            String said = frame.text();
            spoils.ended(said.length() < 12 ? Outcome.CUT : said.substring(9, 12));
            if (said.startsWith("HTTP/1.1 200") && !said.contains("frame-ancestors")) {
                spoils.gained("a document that runs a path of methods may be framed by anybody");
            }
        } catch (IOException refused) {
            spoils.ended("refused: " + refused.getMessage());
        }
        return spoils.outcome();
    }
}
