package megacomet.gateway.bayeux;

import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.fuzz.Holds;
import megacomet.gateway.transport.TransportFuzz;
import megacomet.web.Problem;

/** What Bayeux clients say. */
public final class BayeuxFuzz {

    private BayeuxFuzz() {}

    public static void messages(byte[] bytes) {
        List<BayeuxMessage> messages;
        try {
            messages = MessageReader.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (Problem refused) {
            Holds.that(refused.json().toString().length() < 1_000, "a problem is short");
            return;
        }
        Holds.that(messages.size() <= MessageReader.MAX_MESSAGES, "so many messages at once");
        for (BayeuxMessage message : messages) {
            if (message.data() != null) {
                TransportFuzz.isCompactJson(message.data());
            }
        }
    }
}
