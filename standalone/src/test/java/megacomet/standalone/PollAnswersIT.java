package megacomet.standalone;

import static megacomet.web.fixture.RawHttp.get;
import static megacomet.web.fixture.RawHttp.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers to polls, byte for byte: docs/protocol.md. */
class PollAnswersIT {

    private static final String ADVICE = "\"advice\":{\"reconnect\":\"retry\",\"intervalMs\":0,\"timeoutMs\":55000}";

    private static Site site;
    private static int port;
    private static int clients;
    private String client;

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
        port = URI.create(site.gatewayUrl(0)).getPort();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void chooseClient() {
        client = "client-" + ++clients;
    }

    private Answer poll(String more) throws IOException {
        return RawHttp.exchange(port, get("/v1/poll?timeoutMs=0&client=" + client + more));
    }

    private long publish(String data) {
        return Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}")
                .get("seq")
                .asLong();
    }

    @Test
    void anAnswerInJsonHasExactlyTheseHeaders() throws IOException {
        Answer answer = poll("");
        assertEquals(
                Map.of(
                        "content-type", List.of("application/json"),
                        "cache-control", List.of("no-store"),
                        "x-content-type-options", List.of("nosniff"),
                        "content-length", List.of("" + answer.body().length())),
                answer.headers());
    }

    @Test
    void aScriptHasExactlyTheseHeaders() throws IOException {
        Answer answer = poll("&callback=cb");
        assertEquals(
                Map.of(
                        "content-type", List.of("text/javascript; charset=utf-8"),
                        "cache-control", List.of("no-store"),
                        "x-content-type-options", List.of("nosniff"),
                        "content-disposition", List.of("attachment; filename=f.txt"),
                        "cross-origin-resource-policy", List.of("cross-origin"),
                        "content-length", List.of("" + answer.body().length())),
                answer.headers());
    }

    @Test
    void anEmptyAnswerIsCompactAndComplete() throws IOException {
        String body = poll("").body();
        assertTrue(
                body.matches("\\{\"messages\":\\[],\"cursor\":\"[A-Za-z0-9._~-]{1,199}\",\\Q" + ADVICE + "\\E}"), body);
    }

    @Test
    void dataIsDeliveredByteForByte() throws IOException {
        String data =
                "{\"z\":9007199254740993,\"a\":[1.10,-0.0,1E400],\"a\":\"\u2028\u2029<\\u003c\\/\u00e9\ud83d\ude00\"}";
        long seq = publish(data);
        JsonNode answer = Http.json(poll("").body());
        long at = answer.get("messages").get(0).get("at").asLong();
        String cursor = answer.get("cursor").asText();
        assertEquals(
                "{\"messages\":[{\"seq\":" + seq + ",\"at\":" + at + ",\"data\":" + data + "}],\"cursor\":\"" + cursor
                        + "\"," + ADVICE + "}",
                poll("").body().replaceFirst("\"cursor\":\"[^\"]+\"", "\"cursor\":\"" + cursor + "\""));
        assertTrue(Math.abs(at - System.currentTimeMillis()) < 60_000);
    }

    @Test
    void inAScriptFourCharactersAreEscapedAndTheRestIsDeliveredByteForByte() throws IOException {
        String data = "{\"<\":\"</script><!--]]>\u2028\u2029&'\u00e9\ud83d\ude00\u2027\u202a\",\"n\":9007199254740993}";
        publish(data);
        String body = poll("&callback=a.$._.b1").body();
        assertTrue(body.startsWith("/**/a.$._.b1({\"messages\":[{\"seq\":"), body);
        assertTrue(body.endsWith("}});"), body);
        String escaped = data.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
        assertTrue(body.contains("\"data\":" + escaped + "}"), body);
        assertFalse(body.matches("(?s).*[<>\u2028\u2029].*"), body);
        JsonNode parsed = Http.json(body.substring(body.indexOf('(') + 1, body.length() - 2));
        assertEquals(Http.json(data), parsed.get("messages").get(0).get("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "client=, missing_client",
        "client=%00, invalid_client",
        "client=a&client=b, invalid_parameter",
        "client=a&timeoutMs=x, invalid_parameter",
        "client=a&cursor=x, invalid_cursor"
    })
    void aScriptIsToldOfErrorsThroughItsCallbackAndStatus200(String query, String code) throws IOException {
        Answer answer = RawHttp.exchange(port, get("/v1/poll?callback=cb&" + query));
        assertEquals(200, answer.status());
        assertEquals("text/javascript; charset=utf-8", answer.header("content-type"));
        assertEquals("attachment; filename=f.txt", answer.header("content-disposition"));
        JsonNode error = Http.json(answer.body().replaceFirst("^/\\*\\*/cb\\((.*)\\);$", "$1"))
                .get("error");
        assertEquals(code, error.get("code").asText());
        assertTrue(error.get("title").asText().endsWith("."));
    }

    @Test
    void aPostWithACallbackGetsItsAnswerAndItsErrorsThroughIt() throws IOException {
        String body = "{\"timeoutMs\":0,\"callback\":\"cb\",\"client\":\"" + client + "\"}";
        assertTrue(RawHttp.exchange(port, post("/v1/poll", "application/json", body))
                .body()
                .startsWith("/**/cb({\"messages\":[]"));
        Answer refused = RawHttp.exchange(port, post("/v1/poll", "application/json", "{\"callback\":\"cb\"}"));
        assertEquals(200, refused.status());
        assertTrue(refused.body().startsWith("/**/cb({\"error\":{\"code\":\"missing_client\""), refused.body());
    }

    @Test
    void aClientOfAsManyCharactersAsThereMayBeIsServedByEveryDoor() throws IOException {
        for (String character : new String[] {"\ud83d\ude00", "\u00e9", "%", "\u2028", "/"}) {
            client = URLEncoder.encode(character.repeat(128), StandardCharsets.UTF_8);
            Http.publish(site, "{\"client\":\"" + character.repeat(128) + "\",\"data\":1}");
            assertEquals(1, Http.json(poll("").body()).get("messages").size());
            String body = "{\"timeoutMs\":0,\"client\":\"" + character.repeat(128) + "\"}";
            JsonNode posted =
                    Http.json(Http.post(site.gatewayUrl(0) + "/v1/poll", "application/json; charset=utf-8", body));
            assertEquals(1, posted.get("messages").size());
            JsonNode seen = Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client.replace("+", "%20")));
            assertEquals(character.repeat(128), seen.get("client").asText());
            client += URLEncoder.encode(character, StandardCharsets.UTF_8);
            assertEquals(400, poll("").status());
        }
    }

    @Test
    void aPollThatAsksForLessThanASecondIsHeldForAboutOne() throws IOException {
        long startNanos = System.nanoTime();
        Answer answer = RawHttp.exchange(port, get("/v1/poll?timeoutMs=1&client=" + client));
        long heldMs = (System.nanoTime() - startNanos) / 1_000_000;
        assertEquals(200, answer.status());
        // The least time is 1,000 ms, jitter takes up to a tenth; a bound at four times its value.
        assertTrue(heldMs >= 850 && heldMs < 4_000, heldMs + " ms");
    }

    @Test
    void emptyParametersAreAbsentAndUnknownOnesIgnored() throws IOException {
        Answer answer = poll("&callback=&cursor=&conn=&n=&token=&since=&unknown=%20x&x&=&");
        assertEquals("application/json", answer.header("content-type"));
        assertEquals(200, answer.status());
    }
}
