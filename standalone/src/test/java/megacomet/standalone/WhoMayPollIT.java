package megacomet.standalone;

import static megacomet.web.fixture.RawHttp.get;
import static megacomet.web.fixture.RawHttp.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.fixture.Http;
import megacomet.fixture.LogLines;
import megacomet.fixture.OneGateway;
import megacomet.web.TokenKeys;
import megacomet.web.fixture.Jwt;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that asks for tokens and knows whose pages may use it: who gets in, by which door, and what others are told. */
@Isolated("it reads the whole log")
class WhoMayPollIT {

    private static final String SECRET = "a secret of more than 32 bytes, for tests";
    private static final int MAX_CONNECTIONS = 20;
    private static final String SHOP = "https://shop.example";

    private static OneGateway gateway;
    private static int port;

    @BeforeAll
    static void open() {
        gateway = new OneGateway.Door()
                .tokens(new TokenKeys(null, null).addSecret(SECRET))
                .origins(SHOP)
                .maxConnections(MAX_CONNECTIONS)
                .open();
        port = gateway.port();
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    private static String token(String claims) {
        return Jwt.hs256(claims, SECRET.getBytes(StandardCharsets.UTF_8));
    }

    private static String tokenOf(String client) {
        return token("{\"sub\":\"" + client + "\"}");
    }

    private static Answer ask(String request) throws IOException {
        return RawHttp.exchange(port, request);
    }

    private static void assertGets(String data, Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        JsonNode messages = Http.json(answer.body()).get("messages");
        assertEquals(data, messages.get(0).get("data").toString());
    }

    private static void assertRefused(int status, String code, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals(code, Http.json(answer.body()).get("code").asText());
        assertEquals(status == 401 ? "Bearer" : null, answer.header("www-authenticate"));
    }

    @Test
    void aTokenServesInTheQueryInAuthorizationAndInABodyAndSaysWhoItIs() throws IOException {
        gateway.publish("alice", "1");
        String token = tokenOf("alice");
        String body = "{\"timeoutMs\":0,\"token\":\"" + token + "\"}";
        for (String client : new String[] {"", "&client=alice", "&client="}) {
            assertGets("1", ask(get("/v1/poll?timeoutMs=0&token=" + token + client)));
            assertGets("1", ask(get("/v1/poll?timeoutMs=0" + client, "authorization: Bearer " + token)));
        }
        assertGets("1", ask(post("/v1/poll", "application/json", body)));
        assertGets("1", ask(post("/v1/poll", "application/json", body.replace("{", "{\"client\":\"alice\","))));
        assertGets(
                "1", ask(post("/v1/poll", "application/json", "{\"timeoutMs\":0}", "authorization: bearer " + token)));
    }

    @Test
    void anotherClientThanTheTokensIsRefusedByEveryDoor() throws IOException {
        gateway.publish("bob", "\"for bob alone\"");
        String token = tokenOf("alice");
        String body = "{\"timeoutMs\":0,\"client\":\"bob\",\"token\":\"" + token + "\"}";
        assertRefused(403, "client_not_allowed", ask(get("/v1/poll?timeoutMs=0&client=bob&token=" + token)));
        assertRefused(403, "client_not_allowed", ask(get("/v1/poll?client=bob", "authorization: Bearer " + token)));
        assertRefused(403, "client_not_allowed", ask(post("/v1/poll", "application/json", body)));
        assertRefused(403, "client_not_allowed", ask(get("/v1/poll?client=Alice&token=" + token)));
        Answer script = ask(get("/v1/poll?callback=cb&client=bob&token=" + token));
        assertEquals(200, script.status());
        assertTrue(script.body().startsWith("/**/cb({\"error\":{\"code\":\"client_not_allowed\""), script.body());
    }

    @Test
    void withoutAGoodTokenThereIsNothingByAnyDoor() throws IOException {
        String query = "/v1/poll?timeoutMs=0&client=alice";
        assertRefused(401, "token_missing", ask(get(query)));
        assertRefused(401, "token_missing", ask(get(query + "&token=")));
        assertRefused(401, "token_missing", ask(get(query, "authorization: Basic YWxpY2U6eA==")));
        assertRefused(401, "token_invalid", ask(get(query + "&token=x")));
        assertRefused(401, "token_expired", ask(get(query + "&token=" + token("{\"sub\":\"alice\",\"exp\":1}"))));
        assertRefused(401, "token_missing", ask(post("/v1/poll", "application/json", "{\"client\":\"alice\"}")));
        String script = ask(get(query + "&callback=cb")).body();
        assertTrue(script.startsWith("/**/cb({\"error\":{\"code\":\"token_missing\""), script);
    }

    @Test
    void aTokenForWhatCannotBeAClientIsRefused() throws IOException {
        for (String sub : new String[] {"a\\nb", "\\ud800", "x".repeat(129)}) {
            assertRefused(401, "token_invalid", ask(get("/v1/poll?token=" + tokenOf(sub))));
        }
    }

    @Test
    void pagesOfAllowedOriginsMayReadTheAnswersAndOthersGetNone() throws IOException {
        String path = "/v1/poll?timeoutMs=0&token=" + tokenOf("carol");
        Answer allowed = ask(get(path, "origin: " + SHOP));
        assertEquals(200, allowed.status());
        assertEquals(SHOP, allowed.header("access-control-allow-origin"));
        assertEquals(200, ask(get(path, "origin: http://localhost")).status(), "its own");
        for (String origin : new String[] {"https://evil.example", "null", SHOP + ".evil.example"}) {
            Answer refused = ask(get(path, "origin: " + origin));
            assertRefused(403, "origin_not_allowed", refused);
            assertNull(refused.header("access-control-allow-origin"));
            assertRefused(
                    403, "origin_not_allowed", ask(post("/v1/poll", "application/json", "{}", "origin: " + origin)));
        }
        Answer preflight = ask(get("/v1/poll", "origin: " + SHOP, "access-control-request-method: POST")
                .replaceFirst("GET", "OPTIONS"));
        assertEquals(204, preflight.status());
        assertEquals("GET, POST", preflight.header("access-control-allow-methods"));
        assertEquals(SHOP, preflight.header("access-control-allow-origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&callback=cb"})
    void neitherAnswersNorLogsRepeatATokenOrAPayload(String callback) throws IOException {
        String forged = tokenOf("mallory");
        String wrong = forged.substring(0, forged.length() - 9) + "xxxxxxxxx";
        List<String> answers = new ArrayList<>();
        String logged;
        try (LogLines log = new LogLines()) {
            gateway.publish("dave", "\"a-secret-payload\"");
            String good = tokenOf("dave");
            assertTrue(ask(get("/v1/poll?timeoutMs=0&token=" + good + callback))
                    .body()
                    .contains("a-secret-payload"));
            // Superseded and deleted holds, gaps and refusals are what there are lines for.
            try (RawHttp first = RawHttp.connect(port)) {
                first.send(get("/v1/poll?token=" + good + "&conn=a&n=1&timeoutMs=60000&cursor=" + cursor(good)));
                Awaitility.await().until(() -> gateway.holds() == 1);
                ask(get("/v1/poll?timeoutMs=0&conn=b&n=1&token=" + good));
                answers.add(first.read().body());
            }
            answers.add(
                    ask(get("/v1/poll?client=bob&token=" + forged + callback)).body());
            answers.add(ask(get("/v1/poll?token=" + wrong + callback)).body());
            answers.add(ask(get("/v1/poll?cursor=" + wrong + "&token=" + forged + callback))
                    .body());
            answers.add(ask(get("/v1/poll", "authorization: Bearer " + wrong)).body());
            answers.add(ask(post("/v1/poll", "application/json", "{\"token\":" + wrong + "}"))
                    .body());
            answers.add(ask(post("/v1/poll", "application/json", "{\"token\":\"" + wrong))
                    .body());
            answers.add(ask(get("/v1/poll%?token=" + wrong)).body());
            answers.add(ask(get("/v1/poll?token=" + wrong + "y".repeat(9_000))).body());
            logged = log.all();
        }
        assertTrue(logged.contains("hold ended client=\"dave\" reason=\"superseded\""), logged);
        for (String secret :
                List.of(wrong, forged, wrong.split("\\.")[1], "xxxxxxxxx", "eyJ", "a-secret-payload", SECRET)) {
            assertFalse(logged.contains(secret), logged);
            for (String answer : answers) {
                assertFalse(answer.contains(secret), answer);
            }
        }
    }

    private static String cursor(String token) throws IOException {
        return Http.json(ask(get("/v1/poll?timeoutMs=0&token=" + token)).body())
                .get("cursor")
                .asText();
    }

    @Test
    void oneConnectionTooManyIsToldWhenToComeBack() throws IOException {
        // A connection that its browser has closed counts until the gateway has read that.
        Awaitility.await().until(() -> gateway.connections() == 0);
        List<RawHttp> taken = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_CONNECTIONS; i++) {
                taken.add(RawHttp.connect(port).send(get("/v1/poll?timeoutMs=60000&token=" + tokenOf("held-" + i))));
            }
            Awaitility.await().until(() -> gateway.holds() == MAX_CONNECTIONS);
            Answer refused = ask(get("/v1/poll?timeoutMs=0&token=" + tokenOf("late")));
            assertEquals(503, refused.status());
            int retryAfterS = Integer.parseInt(refused.header("retry-after"));
            assertTrue(retryAfterS >= 5 && retryAfterS <= 10, "spread over the second half: " + retryAfterS);
            assertEquals(
                    "too_many_connections",
                    Http.json(refused.body()).get("code").asText());
        } finally {
            for (RawHttp one : taken) {
                one.close();
            }
        }
        Awaitility.await().until(() -> gateway.connections() == 0 && gateway.holds() == 0);
        assertEquals(
                200, ask(get("/v1/poll?timeoutMs=0&token=" + tokenOf("late"))).status());
    }
}
