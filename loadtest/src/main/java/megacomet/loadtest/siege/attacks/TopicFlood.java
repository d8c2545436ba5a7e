package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Socket;

/** A browser that may publish to {@code chat/**} publishes to a new topic each time. */
final class TopicFlood implements Attack {

    private static final int A_TICK = 40;
    private static final long TICK_MS = 20;

    /** More new topics a second than any one person's browser needs. */
    private static final int MOST_TAKEN_A_SECOND = 100;

    private static final int MOST_SOCKETS = 20;
    private static final String CLIENT = "flood";

    private int number;

    @Override
    public String name() {
        return "topic-flood";
    }

    @Override
    public String description() {
        return "2,000 new topics a second from one token by WebSocket, to be kept for days: 429, and Redis stays small";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String token = Credentials.token(target, CLIENT, "\"publish\":[\"chat/**\"]");
        long startMs = deadline.leftMs();
        for (int i = 0; i < MOST_SOCKETS && !deadline.isOver(); i++) {
            try (Socket socket = Socket.open(target.gateway(), "/v1/ws?token=" + token, deadline)) {
                flood(socket, spoils, deadline);
                spoils.ended("socket " + socket.ending());
            } catch (IOException refused) {
                spoils.ended("upgrade: " + refused.getMessage());
            }
            deadline.pause(TICK_MS);
        }
        deadline.pause(deadline.leftMs());
        long mostTaken = MOST_TAKEN_A_SECOND * Math.max(1, startMs / 1_000);
        if (spoils.count(Outcome.TAKEN) > mostTaken) {
            spoils.gained(
                    "one token made %,d topics in %,d ms (judged: %,d)",
                    spoils.count(Outcome.TAKEN), startMs, mostTaken);
        }
        return spoils.outcome();
    }

    private void flood(Socket socket, Spoils spoils, Deadline deadline) throws InterruptedException {
        while (!deadline.isOver() && !socket.isClosed()) {
            for (int i = 0; i < A_TICK; i++) {
                String frame = "{\"publish\":{\"topic\":\"chat/%s/%d\",\"data\":1,\"ttlMs\":604800000}}"
                        .formatted(target(), number++);
                if (!socket.send(frame, deadline)) {
                    return;
                }
                spoils.sent(frame.length());
            }
            for (String said = socket.poll(); said != null; said = socket.poll()) {
                if (said.contains("\"published\"")) {
                    spoils.ended(Outcome.TAKEN);
                } else if (said.contains("\"error\"")) {
                    spoils.ended(Reply.between(said, "\"code\":\"", "\""));
                }
            }
            deadline.pause(TICK_MS);
        }
    }

    /** Of this process alone, so that a repeat run makes new ones as well. */
    private static String target() {
        return Long.toString(ProcessHandle.current().pid(), 36);
    }
}
