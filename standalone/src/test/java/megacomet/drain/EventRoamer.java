package megacomet.drain;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.fixture.Http;

/** It reads a stream of events as an {@code EventSource} does. */
final class EventRoamer extends Roamer {

    private static final Pattern FIELD = Pattern.compile("(?m)^(id|data|retry): (.*)$");

    private String lastEventId = "";
    private long retryMs = -1;
    private boolean isSentAway;

    EventRoamer(Roaming roaming, String client) {
        super(roaming, client);
    }

    @Override
    void visit() {
        isSentAway = false;
        String url = gatewayUrl() + "/v1/stream?client=" + client + "&topics=" + TOPIC + "&conn=" + page;
        roaming.http
                .request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url)
                        .putHeader("last-event-id", lastEventId))
                .compose(request -> request.send())
                .onSuccess(this::read)
                .onFailure(failure -> isWrong(failure.toString()));
    }

    private void read(HttpClientResponse response) {
        RecordParser events = RecordParser.newDelimited("\n\n", response);
        events.handler(event -> take(event.toString()));
        events.endHandler(end -> {
            if (isSentAway) {
                visit();
            } else {
                isWrong("its stream ended without a word");
            }
        });
        events.exceptionHandler(broken -> isWrong(broken.toString()));
    }

    private void take(String event) {
        Matcher field = FIELD.matcher(event);
        while (field.find()) {
            switch (field.group(1)) {
                case "id" -> lastEventId = field.group(2);
                case "retry" -> retryMs = Long.parseLong(field.group(2));
                default -> answered(Http.json(field.group(2)));
            }
        }
    }

    private void answered(JsonNode answer) {
        take(answer);
        if (answer.path("ended").asText().equals("draining")) {
            isSentAway = true;
            sentAway(retryMs);
        } else if (answer.has("ended")) {
            isWrong(answer.toString());
        }
    }
}
