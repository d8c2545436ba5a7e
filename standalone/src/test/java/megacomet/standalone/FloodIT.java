package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.Rate;
import megacomet.web.fixture.RawHttp;
import org.junit.jupiter.api.Test;

/** Clients that come too often, and those beside them who do not. */
class FloodIT {

    /** More than a client's patience bears, however its polls fall on a gateway's event loops. */
    private static final int FLOOD = 1_000;

    private final String client = "client-" + UUID.randomUUID();

    private static void publish(Site site, String client, int data) {
        Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}");
    }

    @Test
    void aClientThatConfirmsNothingIsAdvisedToWaitAndThenRefusedAndAGoodOneIsNeverSlowed() throws IOException {
        try (Site site = Site.open(RedisFixture.STANDALONE.options(), 1)) {
            publish(site, client, 1);
            String good = "good-" + client;
            String cursor = "";
            boolean wasAdvised = false;
            // One connection, as a browser's, and so one event loop.
            try (RawHttp http = RawHttp.connect(URI.create(site.gatewayUrl(0)).getPort())) {
                RawHttp.Answer refused = null;
                for (int i = 0; i < FLOOD && refused == null; i++) {
                    String request =
                            "GET /v1/poll?timeoutMs=0&client=" + client + " HTTP/1.1\r\nhost: localhost\r\n\r\n";
                    RawHttp.Answer answer = http.send(request).read();
                    if (answer.status() == 200) {
                        wasAdvised |= intervalOf(Http.json(answer.body())) > 0;
                        assertEquals(
                                1,
                                Http.json(answer.body()).get("messages").size(),
                                "it is served as long as that is borne");
                    } else {
                        refused = answer;
                    }
                    publish(site, good, i);
                    JsonNode served = Http.json(Http.get(site.gatewayUrl(0) + "/v1/poll?client=" + good + cursor));
                    assertEquals(i, served.get("messages").get(0).get("data").asInt());
                    assertEquals(0, intervalOf(served), "a client that confirms is not slowed");
                    cursor = "&cursor=" + served.get("cursor").asText();
                }
                assertTrue(wasAdvised, "advice comes before force");
                assertTrue(refused != null, "it was never refused");
                assertEquals(429, refused.status());
                assertEquals(
                        "polling_too_fast",
                        Http.json(refused.body()).get("code").asText());
                assertTrue(Integer.parseInt(refused.header("retry-after")) >= 1);
            }
        }
    }

    private static long intervalOf(JsonNode answer) {
        return answer.get("advice").get("intervalMs").asLong();
    }

    @Test
    void pollsBeyondTheRateOfTheirClientAreRefusedAndThoseOfOthersAreNot() throws IOException {
        Rate rate = new Rate(1, 5);
        try (Site site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                        .pollRate(rate)
                        .open();
                RawHttp http = RawHttp.connect(URI.create(site.gatewayUrl(0)).getPort())) {
            List<RawHttp.Answer> answers = new ArrayList<>();
            for (int i = 0; i < 10 * rate.burst(); i++) {
                answers.add(
                        http.send("GET /v1/poll?timeoutMs=0&client=" + client + " HTTP/1.1\r\nhost: localhost\r\n\r\n")
                                .read());
            }
            for (int i = 0; i < rate.burst(); i++) {
                assertEquals(200, answers.get(i).status(), "poll " + i);
            }
            RawHttp.Answer refused = answers.stream()
                    .filter(answer -> answer.status() == 429)
                    .findFirst()
                    .orElseThrow();
            assertEquals("rate_limited", Http.json(refused.body()).get("code").asText());
            assertTrue(Integer.parseInt(refused.header("retry-after")) >= 1);
            RawHttp.Answer other = http.send(
                            "GET /v1/poll?timeoutMs=0&client=other HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    .read();
            assertEquals(200, other.status());
        }
    }

    @Test
    void whatElseCostsRedisWorkCountsAsPollsDo() throws IOException {
        Rate rate = new Rate(0.001, 5);
        try (Site site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .pollRate(rate)
                .open()) {
            for (String asked :
                    List.of("GET /v1/stream?client=s", "POST /v1/confirm?client=c&cursor=" + cursor(site))) {
                List<String> answers = new ArrayList<>();
                for (int i = 0; i < 4 * rate.burst(); i++) { // on each of two event loops
                    answers.add(statusLine(site, asked));
                }
                assertTrue(answers.get(0).startsWith("HTTP/1.1 20"), answers::toString);
                assertTrue(answers.contains("HTTP/1.1 429 Too Many Requests"), answers::toString);
            }
            try (RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?client=w", "")) {
                for (int i = 0; i < 2 * rate.burst(); i++) {
                    socket.send("{\"follow\":[\"t" + i + "\"]}");
                }
                String told = "";
                while (!told.contains("rate_limited")) {
                    told = socket.nextButPings().text();
                }
            }
        }
    }

    private static String cursor(Site site) {
        return Http.json(Http.get(site.gatewayUrl(0) + "/v1/poll?client=c&timeoutMs=0"))
                .get("cursor")
                .asText();
    }

    /** A stream's answer does not end, so no more of it is read. */
    private static String statusLine(Site site, String asked) throws IOException {
        try (Socket socket =
                new Socket("127.0.0.1", URI.create(site.gatewayUrl(0)).getPort())) {
            String request = asked + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void connectionsBeyondTheRateAreToldToComeLaterEachAtATimeOfItsOwn() throws IOException {
        try (Site site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .acceptRate(new Rate(1, 5))
                .open()) {
            int port = URI.create(site.gatewayUrl(0)).getPort();
            List<RawHttp.Answer> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                answers.add(RawHttp.exchange(
                        port, "GET /v1/poll?timeoutMs=0&client=c" + i + " HTTP/1.1\r\nhost: localhost\r\n\r\n"));
            }
            assertEquals(200, answers.get(0).status());
            List<RawHttp.Answer> refused =
                    answers.stream().filter(answer -> answer.status() == 503).toList();
            assertTrue(refused.size() > 30, refused.size() + " were refused");
            long times = refused.stream()
                    .map(answer -> {
                        JsonNode problem = Http.json(answer.body());
                        assertEquals(
                                "too_many_new_connections", problem.get("code").asText());
                        assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
                        return problem.get("retryAfterMs").asLong();
                    })
                    .distinct()
                    .count();
            assertTrue(times > refused.size() / 2, times + " different times for " + refused.size());
        }
    }
}
