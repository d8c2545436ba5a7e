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
import megacomet.loadtest.siege.peer.Requests;

/** 400 pages of one client, each of which takes over from the one before. */
final class CompetingPolls implements Attack {

    private static final int POLLS = 400;
    private static final int A_TICK = 20;
    private static final long TICK_MS = 20;

    @Override
    public String name() {
        return "competing-polls";
    }

    @Override
    public String description() {
        return "400 polls of one client that take over from each other: the log stays short";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // Each is a page that may come.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String token = Credentials.bearer(Credentials.token(target, "competing", ""));
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < POLLS && !deadline.isOver(); i++) {
            try {
                Peer peer = Peer.connect(target.gateway());
                peer.send(Requests.get("/v1/poll?timeoutMs=30000&n=1&conn=c" + i, token), deadline);
                peers.add(peer);
                spoils.sent(0);
            } catch (IOException refused) {
                spoils.ended(Outcome.NOT_CONNECTED);
            }
            if (i % A_TICK == 0) {
                deadline.pause(TICK_MS);
            }
        }
        deadline.pause(deadline.leftMs());
        for (Peer peer : peers) {
            var reply = peer.reply(Deadline.in(0));
            spoils.ended(reply != null ? reply.said() : peer.isClosed() ? Outcome.CUT : Outcome.OPEN);
            peer.close();
        }
        return spoils.outcome();
    }
}
