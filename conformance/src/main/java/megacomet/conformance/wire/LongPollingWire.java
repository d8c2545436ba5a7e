package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Messages as the body of a POST. */
final class LongPollingWire implements Wire {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Http http;
    private final Browser browser;
    private final Inbox inbox;

    LongPollingWire(Http http, Browser browser, Inbox inbox) {
        this.http = http;
        this.browser = browser;
        this.inbox = inbox;
    }

    @Override
    public Transport transport() {
        return Transport.LONG_POLLING;
    }

    @Override
    public CompletableFuture<Answer> send(String text, List<ObjectNode> requests) {
        return http.post(http.endpoints().next(), JSON, text, browser).thenApply(answer -> {
            answer.events().forEach(inbox::add);
            return answer;
        });
    }

    @Override
    public void close() {}
}
