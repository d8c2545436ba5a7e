package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.StoreLimits;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.RedisFixture;
import megacomet.redis.link.RedisUrl;
import megacomet.web.BrowserLimits;
import org.junit.jupiter.api.Test;

/** What browsers may cause in Redis: as much as their tokens and the gateway's options say, by whatever transport. */
class BrowserQuotasIT {

    private static final long ENOUGH = 1L << 40;
    private static final long MINUTE_MS = 60_000;
    private static final BrowserLimits FEW_TOPICS = new BrowserLimits(1_000, ENOUGH, 5, MINUTE_MS, ENOUGH, 1_000, 2);

    private final String unique = "t" + UUID.randomUUID();
    private final String client = "client-" + unique;

    private static Site.Plan plan(BrowserLimits limits) {
        return new Site.Plan(RedisFixture.STANDALONE.options(), 1).browserLimits(limits);
    }

    private RawWebSocket connect(Site site, String claims) throws IOException {
        String token = TestTokens.token(client, 60, claims);
        RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?token=" + token, "");
        socket.nextJson();
        return socket;
    }

    private static JsonNode publish(RawWebSocket socket, String topic, String more) throws IOException {
        socket.send("{\"publish\":{\"topic\":\"" + topic + "\",\"data\":1" + more + "}}");
        return socket.nextJson();
    }

    private static String codeOf(JsonNode answer) {
        return answer.path("error").path("code").asText("published");
    }

    private static List<String> codes(int published, String refused, int count) {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            codes.add(i < published ? "published" : refused);
        }
        return codes;
    }

    private int topicsOf(Site site) {
        return Http.json(Http.get(site.publisherUrl() + "/v1/topics?pattern=" + unique + "/**"))
                .get("topics")
                .size();
    }

    @Test
    void aBrowserBeginsNoMoreTopicsThanItMayByAllTransportsTogetherAndPublishesToThoseThatAreThere()
            throws IOException {
        try (Site site = plan(FEW_TOPICS).tokens(TestTokens.keys()).open();
                RawWebSocket socket = connect(site, "{\"publish\":[\"" + unique + "/**\"]}")) {
            List<String> codes = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                JsonNode answer = publish(socket, unique + "/" + i, "");
                codes.add(codeOf(answer));
                assertTrue(answer.has("published")
                        || answer.get("error").get("retryAfterMs").asLong() > 0);
            }
            assertEquals(codes(5, "too_many_new_topics", 30), codes, "and the socket is not closed for it");
            assertEquals(5, topicsOf(site));
            assertEquals("published", codeOf(publish(socket, unique + "/0", "")));
            String claims = "{\"publish\":[\"" + unique + "/**\"]}";
            BayeuxClient bayeux = new BayeuxClient(() -> site.gatewayUrl(0))
                    .begin(JsonNodeFactory.instance.objectNode().put("token", TestTokens.token(client, 60, claims)));
            String error = bayeux.publish("/" + unique + "/by-bayeux", "1")
                    .get("error")
                    .asText();
            assertTrue(error.matches("429:\\d+:Too many new topics"), error);
            assertTrue(
                    bayeux.publish("/" + unique + "/1", "1").get("successful").asBoolean());
            Http.publish(site, "{\"topic\":\"" + unique + "/of-the-application\",\"data\":1}");
            assertEquals(6, topicsOf(site));
        }
    }

    @Test
    void aTokenSaysWhatItsClientMayBeginAndHowLongItsMessagesLive() throws IOException {
        String claims = "{\"publish\":[\"" + unique + "/**\"],\"limits\":{\"newTopics\":20,\"maxTtlMs\":7200000}}";
        try (Site site = plan(FEW_TOPICS).tokens(TestTokens.keys()).open();
                RawWebSocket socket = connect(site, claims)) {
            for (int i = 0; i < 20; i++) {
                assertEquals("published", codeOf(publish(socket, unique + "/" + i, ",\"ttlMs\":7200000")));
            }
            assertEquals("too_many_new_topics", codeOf(publish(socket, unique + "/20", "")));
            JsonNode refused = publish(socket, unique + "/0", ",\"ttlMs\":7200001,\"id\":\"x\"")
                    .get("error");
            assertEquals("invalid_field", refused.get("code").asText());
            assertEquals("x", refused.get("id").asText());
            assertTrue(refused.get("detail").asText().contains("7200000"), refused.toString());
        }
        try (Site site = plan(FEW_TOPICS).tokens(TestTokens.keys()).open()) {
            String token = TestTokens.token(client, 60, "{\"limits\":{\"newtopics\":20}}");
            JsonNode refused = Http.json(Http.get(site.gatewayUrl(0) + "/v1/poll?timeoutMs=0&token=" + token));
            assertEquals("token_invalid", refused.get("code").asText(), "a misspelt limit must not mean none");
        }
    }

    @Test
    void messagesBeyondTheRateAreRefusedOfThatClientAlone() throws IOException {
        BrowserLimits slow = new BrowserLimits(0.1, ENOUGH, 1_000, MINUTE_MS, ENOUGH, 1_000, 1_000);
        try (Site site = plan(slow).tokens(TestTokens.keys()).open();
                RawWebSocket socket = connect(site, "{\"publish\":[\"**\"]}");
                RawWebSocket raised = new RawWebSocket(
                        site.gatewayUrl(0) + "/v1/ws?token="
                                + TestTokens.token(
                                        "other-" + client,
                                        60,
                                        "{\"publish\":[\"**\"],\"limits\":{\"publishRate\":10}}"),
                        "")) {
            raised.nextJson();
            assertEquals("published", codeOf(publish(socket, unique, "")));
            JsonNode refused = publish(socket, unique, "").get("error");
            assertEquals("rate_limited", refused.get("code").asText());
            assertTrue(refused.get("retryAfterMs").asLong() <= 10_000);
            assertEquals("published", codeOf(publish(raised, unique, "")));
            assertTrue(site.metrics(0).contains("megacomet_publishes_total{outcome=\"rate_limited\"} 1.0"));
        }
    }

    @Test
    void anAnonymousVisitorGainsNothingByNewSessions() {
        try (Site site = plan(FEW_TOPICS).open()) {
            int begun = 0;
            for (int i = 0; i < 20; i++) {
                BayeuxClient bayeux = new BayeuxClient(() -> site.gatewayUrl(0));
                bayeux.handshake(null);
                JsonNode reply = bayeux.publish("/" + unique + "/" + i, "1");
                begun += reply.get("successful").asBoolean() ? 1 : 0;
            }
            assertEquals(10, begun, "all of them together may do what two clients may");
            assertEquals(10, topicsOf(site));
        }
    }

    @Test
    void anonymousHandshakesBeyondTheRateAreRefusedWithATimeToComeBack() {
        BrowserLimits few = new BrowserLimits(1_000, ENOUGH, 5, MINUTE_MS, ENOUGH, 0.1, 3);
        try (Site site = plan(few).open()) {
            for (int i = 0; i < 3; i++) {
                assertTrue(new BayeuxClient(() -> site.gatewayUrl(0))
                        .handshake(null)
                        .get("successful")
                        .asBoolean());
            }
            JsonNode refused = new BayeuxClient(() -> site.gatewayUrl(0)).handshake(null);
            assertTrue(refused.get("error").asText().matches("429:\\d+:.*"), refused.toString());
            assertEquals("handshake", refused.get("advice").get("reconnect").asText());
            assertTrue(refused.get("advice").get("interval").asLong() > 0, refused.toString());
            assertTrue(site.metrics(0).contains("megacomet_bayeux_handshakes_refused_total 1.0"));
        }
    }

    @Test
    void browsersIdsNeverUseUpThoseOfTheApplication() throws IOException {
        StoreLimits limits = new StoreLimits(1_000, 1 << 20, 1_000, 1 << 20, 8 << 10, 20).withBrowserIds(10);
        StoreOptions options = RedisFixture.STANDALONE.options().withLimits(limits);
        try (Site site = new Site.Plan(options, 1).tokens(TestTokens.keys()).open();
                RawWebSocket socket = connect(site, "{\"publish\":[\"**\"]}")) {
            List<String> codes = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                codes.add(codeOf(publish(socket, unique, ",\"id\":\"" + i + "\"")));
            }
            assertEquals(codes(10, "too_many_ids", 30), codes);
            for (int i = 0; i < 20; i++) {
                String message = "{\"topic\":\"" + unique + "\",\"data\":2,\"id\":\"" + i + "\"}";
                var answer = Http.post(site.publisherUrl() + "/v1/messages", "application/json", message);
                assertEquals(200, answer.statusCode(), answer.body());
            }
        }
    }

    @Test
    void whatOneTokenCausesFitsIntoTheMemoryThatItMayTake() throws Exception {
        long most = 1 << 20;
        BrowserLimits limits = new BrowserLimits(1_000_000, ENOUGH, 1_000_000, 3_600_000, most, 1, 1);
        try (RedisServer redis = RedisServer.start("--maxmemory-policy", "noeviction");
                Site site = new Site.Plan(StoreOptions.of(RedisUrl.parse(redis.url())), 1)
                        .browserLimits(limits)
                        .tokens(TestTokens.keys())
                        .open();
                RawWebSocket socket = connect(site, "{\"publish\":[\"**\"]}")) {
            // What every partition has once it is used at all is not this client's.
            String warm = IntStream.range(0, 2_000)
                    .mapToObj(i -> "{\"topic\":\"warm/" + i + "\",\"data\":1,\"id\":\"x\",\"ttlMs\":1}")
                    .collect(Collectors.joining(",", "[", "]"));
            var warmed = Http.post(site.publisherUrl() + "/v1/messages", "application/json", warm);
            assertEquals(200, warmed.statusCode(), warmed.body());
            long before = usedMemory(redis);
            String code = "published";
            int sent = 0;
            while (code.equals("published")) {
                code = codeOf(publish(socket, unique + "/" + sent++, ",\"id\":\"x\",\"ttlMs\":3600000"));
            }
            // There is room for no topic more, and perhaps for a few messages.
            while (code.equals("published") || code.equals("too_many_new_topics")) {
                code = codeOf(publish(socket, unique + "/0", ",\"ttlMs\":3600000"));
            }
            assertEquals("too_many_bytes_kept", code);
            long used = usedMemory(redis) - before;
            assertTrue(used <= most, sent + " topics took " + used + " bytes");
            assertTrue(used > most / 3, "the estimate is not far from it: " + used);
        }
    }

    private static long usedMemory(RedisServer redis) throws IOException {
        String info = redis.command("INFO", "memory");
        int at = info.indexOf("used_memory:") + "used_memory:".length();
        return Long.parseLong(info.substring(at, info.indexOf('\r', at)).strip());
    }
}
