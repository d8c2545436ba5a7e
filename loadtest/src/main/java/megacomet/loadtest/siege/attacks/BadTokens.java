package megacomet.loadtest.siege.attacks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import megacomet.loadtest.dialect.Tokens;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** Tokens and keys that are no good, many a second: each is refused, all are counted, and the log does not grow with them. */
final class BadTokens implements Attack {

    private static final long PAUSE_MS = 20;
    private static final String CLAIMS = "{\"sub\":\"42\",\"topics\":[\"**\"],\"exp\":4102444800}";

    @Override
    public String name() {
        return "bad-tokens";
    }

    @Override
    public String description() {
        return "250 forged, expired and unsigned tokens and unknown keys a second: 401, counted, and the log stays short";
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        String forged = new Tokens(
                        "another secret, which is just as long as it must be".getBytes(StandardCharsets.UTF_8))
                .signed(CLAIMS);
        List<String> tokens = List.of(
                forged,
                unsigned("{\"alg\":\"none\"}"),
                unsigned("{\"alg\":\"HS256\",\"crit\":[\"exp\"]}"),
                Credentials.token(target, "42", "", -60),
                "nonsense");
        do {
            for (String token : tokens) {
                refused(target.gateway(), Requests.get("/v1/poll?timeoutMs=0", Credentials.bearer(token)), spoils);
            }
            refused(
                    target.publisher(),
                    Requests.post("/v1/messages", "{\"client\":\"42\",\"data\":1}", Credentials.bearer(forged)),
                    spoils);
            deadline.pause(PAUSE_MS);
        } while (!deadline.isOver());
        return spoils.outcome();
    }

    private static void refused(int port, String request, Spoils spoils) throws InterruptedException {
        Reply reply = Requests.once(port, request, Deadline.in(USUAL_MS));
        spoils.sent(request.length());
        spoils.ended(reply == null ? Outcome.CUT : reply.said());
        if (reply != null && reply.status() < 400) {
            spoils.gained("a token or key that is no good was taken");
        }
    }

    private static String unsigned(String header) {
        return base64(header) + "." + base64(CLAIMS) + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
