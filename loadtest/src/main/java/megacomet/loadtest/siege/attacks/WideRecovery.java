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

/** A poll of everything that comes back after 20,000 topics had a message each. */
final class WideRecovery implements Attack {

    private static final int TOPICS = 20_000;
    private static final int DATA_BYTES = 150;
    private static final int MOST_MESSAGES = 1_000;

    /** What is documented, and a little for what stands around the messages. */
    private static final int MOST_BYTES = (1 << 20) + (64 << 10);

    private static final long PAUSE_MS = 500;

    /** So long a poll is held: what is answered at once need not know yet what there is. */
    private static final int HOLD_MS = 30_000;

    private static final long ANSWER_MS = HOLD_MS + 10_000;
    private static final String CLIENT = "wide";
    private static final int OK = 200;

    @Override
    public String name() {
        return "wide-recovery";
    }

    @Override
    public String description() {
        return "a poll of ** from before 20,000 topics had a message: at most 1,000 messages or 1 MiB, others are not held up";
    }

    @Override
    public boolean mustBeCounted() {
        return false; // It is an ordinary poll, and is answered.
    }

    @Override
    public String prepare(Besieged target) throws Exception {
        Reply before = Requests.once(target.gateway(), poll(target, 0, ""), Deadline.in(ANSWER_MS));
        if (before == null || before.status() != OK) {
            throw new IOException("no cursor: " + (before == null ? "no answer" : before.body()));
        }
        String data = "x".repeat(DATA_BYTES);
        Application.publish(
                target, TOPICS, i -> "{\"topic\":\"wide/%d\",\"data\":\"%s\",\"ttlMs\":300000}".formatted(i, data));
        return Reply.between(before.body(), "\"cursor\":\"", "\"");
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        do {
            String poll = poll(target, HOLD_MS, "&cursor=" + target.known());
            try (Peer peer = Peer.connect(target.gateway())) {
                peer.send(poll, deadline);
                spoils.sent(poll.length());
                Reply reply = peer.reply(Deadline.in(ANSWER_MS));
                judge(reply, spoils);
            } catch (IOException notTaken) {
                spoils.ended(Outcome.NOT_CONNECTED);
            }
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    private static void judge(Reply reply, Spoils spoils) {
        if (reply == null) {
            spoils.ended("no answer");
            return;
        }
        spoils.ended(reply.said());
        int messages = reply.body().split("\"seq\":", -1).length - 1;
        if (messages > MOST_MESSAGES) {
            spoils.gained("an answer had more than 1,000 messages");
        }
        if (reply.length() > MOST_BYTES) {
            spoils.gained("an answer had more than 1 MiB");
        }
    }

    private static String poll(Besieged target, int holdMs, String cursor) {
        return Requests.get(
                "/v1/poll?topics=**&timeoutMs=" + holdMs + cursor,
                Credentials.bearer(Credentials.token(target, CLIENT, "\"topics\":[\"**\"]")));
    }
}
