package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLSocket;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Tls;

/** Connections to a TLS port that never begin the handshake, more than the process may have files open. */
final class TlsSilence implements Attack {

    private static final int CONNECTIONS = 2_000;
    private static final int ANSWER_MS = 3_000;
    private static final long LOOK_MS = 100;

    /** A handshake may take 10 s, which is found out within 5 s more; and then a little. */
    private static final long UNTIL_CUT_MS = 20_000;

    @Override
    public String name() {
        return "tls-silence";
    }

    @Override
    public String description() {
        return "2,000 connections that never begin their TLS handshake: cut in time, and others are served again";
    }

    @Override
    public Needs needs() {
        return Needs.A_TLS_GATEWAY;
    }

    @Override
    public long leastMs() {
        return UNTIL_CUT_MS;
    }

    @Override
    public boolean mustBeCounted() {
        return false; // It is at another gateway than the one that is looked at.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        List<Peer> peers = SilentConnections.openTo(target.further(), CONNECTIONS, spoils, deadline);
        while (!deadline.isOver() && peers.stream().anyMatch(peer -> !peer.isClosed())) {
            peers.forEach(Peer::look);
            deadline.pause(LOOK_MS);
        }
        try (SSLSocket honest = Tls.connect(target.further(), ANSWER_MS)) {
            honest.startHandshake();
        } catch (IOException e) {
            spoils.gained("nobody else could connect by TLS");
        }
        peers.forEach(peer -> {
            spoils.ended(peer.isClosed() ? Outcome.CUT : Outcome.OPEN);
            peer.close();
        });
        if (spoils.count(Outcome.OPEN) > 0) {
            spoils.gained("connections without a handshake were still open after %d s", UNTIL_CUT_MS / 1_000);
        }
        return spoils.outcome();
    }
}
