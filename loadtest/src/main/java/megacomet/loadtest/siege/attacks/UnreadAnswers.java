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

/** Polls of a full mailbox, one behind the other on a connection, of which no answer is ever read. */
final class UnreadAnswers implements Attack {

    private static final String CLIENT = "unread";
    private static final int MESSAGES = 16;
    private static final int MESSAGE_BYTES = 60_000;
    private static final int RECEIVE_BUFFER_BYTES = 4_096;
    private static final int POLLS = 300;
    private static final int AT_ONCE = 4;
    private static final long PAUSE_MS = 20;
    private static final long RESET_SHOWS_MS = 100;

    /** Longer than a server may leave somebody connected who reads nothing. */
    private static final long UNTIL_CUT_MS = 45_000;

    private final boolean isScript;
    private final boolean isPatient;

    private UnreadAnswers(boolean isScript, boolean isPatient) {
        this.isScript = isScript;
        this.isPatient = isPatient;
    }

    /** Many answers in little time. */
    static UnreadAnswers asJson() {
        return new UnreadAnswers(false, false);
    }

    static UnreadAnswers asScripts() {
        return new UnreadAnswers(true, false);
    }

    /** The same, for as long as it takes until such a connection must have been cut. */
    static UnreadAnswers forLong() {
        return new UnreadAnswers(false, true);
    }

    @Override
    public String name() {
        return isPatient ? "unread-for-long" : isScript ? "unread-scripts" : "unread-answers";
    }

    @Override
    public String description() {
        return isPatient
                ? "300 polls of a full mailbox a connection, never read: cut after a while"
                : "300 polls of a full mailbox a connection%s, never read: memory stays bounded"
                        .formatted(isScript ? " by JSONP" : "");
    }

    @Override
    public long leastMs() {
        return isPatient ? UNTIL_CUT_MS : USUAL_MS;
    }

    @Override
    public boolean mustBeCounted() {
        return isPatient;
    }

    @Override
    public String prepare(Besieged target) throws Exception {
        String data = "x".repeat(MESSAGE_BYTES);
        for (int i = 0; i < MESSAGES; i++) {
            Application.publish(
                    target, 1, none -> "{\"client\":\"%s\",\"ttlMs\":600000,\"data\":\"%s\"}".formatted(CLIENT, data));
        }
        return null;
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        ByteBuffer polls = ByteBuffer.wrap(polls(target).getBytes(StandardCharsets.US_ASCII));
        List<Peer> peers = new ArrayList<>();
        List<ByteBuffer> rests = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            peers.add(Peer.connect(target.gateway(), RECEIVE_BUFFER_BYTES));
            rests.add(polls.duplicate());
            spoils.sent(0);
        }
        while (!deadline.isOver() && peers.stream().anyMatch(peer -> !peer.isClosed())) {
            for (int i = 0; i < AT_ONCE; i++) {
                if (!peers.get(i).isClosed()) {
                    peers.get(i).offer(rests.get(i));
                }
            }
            deadline.pause(PAUSE_MS);
        }
        for (Peer peer : peers) {
            boolean isCut = peer.isClosed() || isCutBehindWhatItSaid(peer);
            spoils.ended(isCut ? Outcome.CUT : Outcome.OPEN);
            peer.close();
        }
        if (isPatient && spoils.count(Outcome.OPEN) > 0) {
            spoils.gained("a connection that read nothing for %d s was still open", UNTIL_CUT_MS / 1_000);
        }
        return spoils.outcome();
    }

    /** A reset shows only to who reads or writes. */
    private static boolean isCutBehindWhatItSaid(Peer peer) throws InterruptedException {
        return peer.awaitClosed(Deadline.in(RESET_SHOWS_MS));
    }

    private String polls(Besieged target) {
        String token = Credentials.bearer(Credentials.token(target, CLIENT, ""));
        StringBuilder all = new StringBuilder();
        for (int n = 1; n <= POLLS; n++) {
            all.append(Requests.get("/v1/poll?timeoutMs=0&conn=u&n=" + n + (isScript ? "&callback=f" : ""), token));
        }
        return all.toString();
    }
}
