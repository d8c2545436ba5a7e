package megacomet.loadtest.siege.attacks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.peer.Reply;
import megacomet.loadtest.siege.peer.Requests;

/** What an honest application does, so that there is something to attack. */
final class Application {

    private static final int AT_ONCE = 500;
    private static final long ANSWER_MS = 20_000;
    private static final int OK = 200;

    private Application() {}

    /** Publishes so many messages, each a JSON object that {@code message} makes of its number. */
    static void publish(Besieged target, int count, IntFunction<String> message)
            throws IOException, InterruptedException {
        for (int first = 0; first < count; first += AT_ONCE) {
            List<String> some = new ArrayList<>();
            for (int i = first; i < Math.min(count, first + AT_ONCE); i++) {
                some.add(message.apply(i));
            }
            Reply reply = publish(target, target.apiKey(), "[" + String.join(",", some) + "]", Deadline.in(ANSWER_MS));
            if (reply == null || reply.status() != OK) {
                throw new IOException("the application could not publish: " + (reply == null ? "" : reply.body()));
            }
        }
    }

    /** Publishes with some key, and returns the answer, or null if there is none. */
    static Reply publish(Besieged target, String key, String body, Deadline deadline) throws InterruptedException {
        return Requests.once(
                target.publisher(), Requests.post("/v1/messages", body, Credentials.bearer(key)), deadline);
    }
}
