package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Peer;
import megacomet.loadtest.siege.peer.Reply;

/** 450 bodies without a token, each of 512 KB of which the last byte never comes. */
final class BodiesUnderWay implements Attack {

    private static final int BODIES = 450;
    private static final int BODY_BYTES = 512 << 10;
    private static final String HEAD =
            "POST /bayeux HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";

    @Override
    public String name() {
        return "bodies-under-way";
    }

    @Override
    public String description() {
        return "450 bodies of 512 KB without a token, the last byte held back: refused, or cut";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        byte[] request = request();
        List<Peer> peers = new ArrayList<>();
        List<ByteBuffer> rests = new ArrayList<>();
        for (int i = 0; i < BODIES && !deadline.isOver(); i++) {
            try {
                peers.add(Peer.connect(target.gateway()));
                rests.add(ByteBuffer.wrap(request));
            } catch (IOException refused) {
                spoils.ended(Outcome.NOT_CONNECTED);
            }
        }
        boolean[] isDone = new boolean[peers.size()];
        while (!deadline.isOver()) {
            for (int i = 0; i < peers.size(); i++) {
                if (!isDone[i] && !peers.get(i).offer(rests.get(i))) {
                    isDone[i] = true;
                }
            }
            deadline.pause(5);
        }
        for (int i = 0; i < peers.size(); i++) {
            spoils.sent(rests.get(i).position());
            spoils.ended(ending(peers.get(i)));
            peers.get(i).close();
        }
        return spoils.outcome();
    }

    private static String ending(Peer peer) throws InterruptedException {
        Reply reply = peer.reply(Deadline.in(0));
        return reply != null ? reply.said() : peer.isClosed() ? Outcome.CUT : Outcome.OPEN;
    }

    private static byte[] request() {
        byte[] head = HEAD.formatted(BODY_BYTES).getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + BODY_BYTES - 1);
        Arrays.fill(all, head.length, all.length, (byte) ' ');
        return all;
    }
}
