package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Socket;

/** A browser fills a partition's memory of ids, which applications need to publish safely. */
final class IdFlood implements Attack {

    private static final int A_TICK = 50;
    private static final long TICK_MS = 20;
    private static final int MOST_SOCKETS = 20;
    private static final long ANSWER_MS = 3_000;
    private static final int OK = 200;
    private static final String TOPIC = "chat/ids";

    private int number;

    @Override
    public String name() {
        return "id-flood";
    }

    @Override
    public String description() {
        return "2,500 fresh ids a second from one token to one topic: the application's ids there are taken all the same";
    }

    @Override
    public long leastMs() {
        return 2 * USUAL_MS;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String token = Credentials.token(target, "ids", "\"publish\":[\"chat/**\"]");
        for (int i = 0; i < MOST_SOCKETS && !deadline.isOver(); i++) {
            try (Socket socket = Socket.open(target.gateway(), "/v1/ws?token=" + token, deadline)) {
                flood(socket, spoils, deadline);
                spoils.ended("socket " + socket.ending());
            } catch (IOException refused) {
                spoils.ended("upgrade: " + refused.getMessage());
            }
            deadline.pause(TICK_MS);
        }
        Reply reply = Application.publish(
                target,
                target.apiKey(),
                "{\"topic\":\"%s\",\"data\":1,\"id\":\"app-%d\"}".formatted(TOPIC, System.nanoTime()),
                Deadline.in(ANSWER_MS));
        if (reply == null || reply.status() != OK) {
            spoils.gained(
                    "the application's message with an id was refused: %s", reply == null ? "no answer" : reply.said());
        }
        return spoils.outcome();
    }

    private void flood(Socket socket, Spoils spoils, Deadline deadline) throws InterruptedException {
        while (!deadline.isOver() && !socket.isClosed()) {
            for (int i = 0; i < A_TICK; i++) {
                String frame = "{\"publish\":{\"topic\":\"%s\",\"data\":1,\"id\":\"i%d\"}}".formatted(TOPIC, number++);
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
}
