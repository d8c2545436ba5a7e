package megacomet.loadtest.siege.attacks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Requests;

/** Requests that are refused, one behind the other, of which no answer is ever read: it takes no token. */
final class UnreadRefusals implements Attack {

    private static final int RECEIVE_BUFFER_BYTES = 4_096;
    private static final int AT_ONCE = 8;
    private static final int MOST_REQUESTS = 40_000;
    private static final int A_ROUND = 50;
    private static final long PAUSE_MS = 20;

    @Override
    public String name() {
        return "unread-refusals";
    }

    @Override
    public String description() {
        return "pipelined 404s and 401s without a token, never read: memory stays bounded";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // The cut comes later than most runs of it end.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        byte[] round = (Requests.get("/nothing") + Requests.get("/v1/poll?client=1"))
                .repeat(A_ROUND)
                .getBytes(StandardCharsets.US_ASCII);
        List<Peer> peers = new ArrayList<>();
        List<ByteBuffer> rests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            peers.add(Peer.connect(target.gateway(), RECEIVE_BUFFER_BYTES));
            rests.add(ByteBuffer.wrap(round));
        }
        long sent = 0;
        while (!deadline.isOver()) {
            for (int i = 0; i < AT_ONCE && sent < MOST_REQUESTS; i++) {
                if (!peers.get(i).isClosed()
                        && peers.get(i).offer(rests.get(i))
                        && !rests.get(i).hasRemaining()) {
                    rests.get(i).rewind();
                    sent += 2 * A_ROUND;
                    spoils.sent(round.length);
                }
            }
            deadline.pause(PAUSE_MS);
        }
        for (Peer peer : peers) {
            spoils.ended(peer.isClosed() ? Outcome.CUT : Outcome.OPEN);
            peer.close();
        }
        return spoils.outcome();
    }
}
