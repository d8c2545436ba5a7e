package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Messages as a parameter of a GET, whose answer is a script that calls back. */
final class CallbackPollingWire implements Wire {

    static final String CALLBACK = "_conformance_1";

    private final Http http;
    private final Browser browser;
    private final Inbox inbox;

    CallbackPollingWire(Http http, Browser browser, Inbox inbox) {
        this.http = http;
        this.browser = browser;
        this.inbox = inbox;
    }

    @Override
    public Transport transport() {
        return Transport.CALLBACK_POLLING;
    }

    @Override
    public CompletableFuture<Answer> send(String text, List<ObjectNode> requests) {
        String query = "?jsonp=" + CALLBACK + "&message=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        return http.get(http.endpoints().next(query), Map.of("Accept", "*/*"), browser)
                .thenApply(answer -> {
                    Answer called = ScriptAnswer.parse(answer.body())
                            .map(script -> new Answer(
                                    answer.status(),
                                    answer.headers(),
                                    answer.body(),
                                    Json.messages(script.argument()),
                                    answer.tookMs()))
                            .orElse(answer);
                    called.events().forEach(inbox::add);
                    return called;
                });
    }

    @Override
    public void close() {}
}
