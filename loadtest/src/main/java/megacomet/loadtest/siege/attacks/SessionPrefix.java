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

/** A token whose subject is the name under which a Bayeux session is kept, on every way in. */
final class SessionPrefix implements Attack {

    private static final int OK = 200;
    private static final String TOPICS = "\"topics\":[\"secrets\"]";

    @Override
    public String name() {
        return "session-prefix";
    }

    @Override
    public String description() {
        return "a token with sub \"bayeux:<clientId>\" polls, streams and opens a socket as that session: refused";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        try (Peer owner = Peer.connect(target.gateway())) {
            Session session = Session.begin(owner, Credentials.token(target, "owner", TOPICS), deadline);
            String token = Credentials.token(target, "bayeux:" + session.clientId(), TOPICS);
            Reply poll = Requests.once(
                    target.gateway(),
                    Requests.get("/v1/poll?timeoutMs=0", Credentials.bearer(token)),
                    deadline.orIn(USUAL_MS));
            spoils.sent(0);
            if (poll != null && poll.status() == OK) {
                spoils.gained("a poll was answered as the session's");
            }
            spoils.ended(poll == null ? Outcome.CUT : poll.said());
            socket(target, token, spoils, deadline);
        } catch (IOException refused) {
            spoils.ended("refused: " + refused.getMessage());
        }
        return spoils.outcome();
    }

    private static void socket(Besieged target, String token, Spoils spoils, Deadline deadline)
            throws IOException, InterruptedException {
        try (Socket socket = Socket.open(target.gateway(), "/v1/ws?token=" + token, deadline)) {
            spoils.sent(0);
            String said = socket.next(deadline.orIn(USUAL_MS));
            if (said != null && said.contains("\"messages\"")) {
                spoils.gained("a WebSocket was opened as the session's");
            }
            socket.next(deadline.orIn(200));
            spoils.ended("socket " + socket.ending());
        }
    }
}
