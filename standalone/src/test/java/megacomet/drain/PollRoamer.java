package megacomet.drain;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import megacomet.fixture.Http;

/** It polls. */
final class PollRoamer extends Roamer {

    private String cursor = "";
    private int n;

    PollRoamer(Roaming roaming, String client) {
        super(roaming, client);
    }

    @Override
    void visit() {
        String url = gatewayUrl() + "/v1/poll?client=" + client + "&topics=" + TOPIC + "&conn=" + page + "&n=" + ++n
                + cursor;
        roaming.http
                .request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url))
                .compose(request -> request.send())
                .compose(response -> response.body().onSuccess(body -> {
                    if ("draining"
                                    .equals(Http.json(body.toString())
                                            .path("ended")
                                            .asText())
                            && !"close".equals(response.getHeader("connection"))) {
                        isWrong("its connection stays open");
                    }
                }))
                .onSuccess(body -> answered(Http.json(body.toString())))
                .onFailure(this::cutOff);
    }

    private void answered(JsonNode answer) {
        if (!answer.has("messages")) {
            isWrong(answer.toString());
            return;
        }
        take(answer);
        cursor = answer.has("cursor") ? "&cursor=" + answer.get("cursor").asText() : cursor;
        if (answer.path("ended").asText().equals("draining")) {
            sentAway(answer.get("advice").get("intervalMs").asLong());
        } else if (answer.has("ended")) {
            isWrong(answer.toString());
        }
        visit();
    }
}
