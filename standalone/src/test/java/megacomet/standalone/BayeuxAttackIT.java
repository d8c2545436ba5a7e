package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.RedisMonitor;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client with a good token and bad intentions may cause, and whose sessions it may use. */
class BayeuxAttackIT {

    private static final int POLICY_VIOLATION = 1008;

    private RedisServer redis;
    private Site site;
    private RedisMonitor monitor;

    @BeforeEach
    void open() throws Exception {
        redis = RedisServer.start();
        site = new Site.Plan(StoreOptions.of(RedisUrl.parse(redis.url())), 1)
                .tokens(TestTokens.keys())
                .open();
        monitor = new RedisMonitor(redis);
    }

    @AfterEach
    void close() throws Exception {
        monitor.close();
        site.close();
        redis.close();
    }

    private BayeuxClient client(String sub, String claims) {
        String token = TestTokens.token(sub, 60, claims);
        return new BayeuxClient(() -> site.gatewayUrl(0))
                .begin(JsonNodeFactory.instance.objectNode().put("token", token));
    }

    /** Returns how much of what Redis carried out was about a session. */
    private int charsAbout(BayeuxClient client) throws IOException {
        return monitor.sinceLast().lines().stream()
                .filter(line -> line.contains(client.clientId()))
                .mapToInt(String::length)
                .sum();
    }

    private static ObjectNode listed(BayeuxClient client, String verb, List<String> names) {
        ObjectNode message = client.message("/meta/" + verb);
        names.forEach(message.putArray("subscription")::add);
        return message;
    }

    /** As many as a request's 512 KiB have room for. */
    @Test
    void fortyThousandPatternsAreRefusedBeforeRedisHearsOfThem() throws Exception {
        BayeuxClient client = client("m", "{\"topics\":[\"a/**\"]}");
        List<String> patterns =
                IntStream.range(0, 40_000).mapToObj(i -> "/a/" + i + "/*").toList();
        for (String verb : List.of("subscribe", "unsubscribe")) {
            monitor.sinceLast();
            JsonNode reply = client.send(listed(client, verb, patterns)).get(0);
            assertEquals("403::Too many subscriptions", reply.get("error").asText());
            assertNull(reply.get("subscription"), "what was refused does not go back");
            int chars = charsAbout(client);
            assertTrue(chars < 2 << 10, "its session is looked up, and no more: " + chars);
        }
        assertTrue(client.subscribe("/a/*").get("successful").asBoolean());
    }

    @Test
    void onesOwnAddressFortySixThousandTimesIsOneSubscription() throws Exception {
        BayeuxClient client = client("m", "{}");
        List<String> same = Collections.nCopies(46_000, "/user/m");
        // Redis learns the scripts, whose texts are longer than what they are given.
        client.subscribe("/user/m");
        client.send(listed(client, "unsubscribe", List.of("/user/m")));
        for (String verb : List.of("subscribe", "unsubscribe")) {
            monitor.sinceLast();
            JsonNode reply = client.send(listed(client, verb, same)).get(0);
            assertTrue(reply.get("successful").asBoolean(), reply::toString);
            assertEquals("[\"/user/m\"]", reply.get("subscription").toString());
            int chars = charsAbout(client);
            assertTrue(chars < 16 << 10, chars + " for one name");
        }
    }

    @Test
    void fiveHundredQuestionsInOneRequestAskRedisForAKnownAmount() throws Exception {
        BayeuxClient client = client("m", "{\"topics\":[\"a/**\"]}");
        ObjectNode[] questions = IntStream.range(0, 500)
                .mapToObj(i -> listed(client, i % 2 == 0 ? "subscribe" : "unsubscribe", List.of("/a/" + i)))
                .toArray(ObjectNode[]::new);
        monitor.sinceLast();
        JsonNode replies = client.send(questions);
        assertEquals(500, replies.size());
        assertTrue(replies.get(0).get("successful").asBoolean());
        assertEquals(
                "413::Too much in one request", replies.get(499).get("error").asText());
        long scripts = monitor.sinceLast().lines().stream()
                .filter(line -> line.contains("] \"evalsha\"") && line.contains(client.clientId()))
                .count();
        assertTrue(scripts <= 160, scripts + " scripts");
    }

    @Test
    void aSessionThatAsksWithoutEndIsToldToWait() throws Exception {
        BayeuxClient client = client("m", "{\"topics\":[\"a/**\"]}");
        List<String> names = IntStream.range(0, 50).mapToObj(i -> "/a/" + i).toList();
        int most = 15_000 / names.size() + 100;
        JsonNode reply = client.send(listed(client, "subscribe", names)).get(0);
        for (int i = 0; i < 4 * most && reply.get("successful").asBoolean(); i++) {
            reply = client.send(listed(client, "subscribe", names)).get(0);
        }
        assertTrue(reply.path("error").asText().matches("429:\\d+:Too often"), reply::toString);
    }

    // ---- whose session it is

    @Test
    void aSocketOlderThanTheCookieIsClosedAndTheSessionStaysBound() throws Exception {
        try (RawWebSocket early = new RawWebSocket(site.gatewayUrl(0) + "/bayeux", "")) {
            BayeuxClient victim = client("m", "{\"topics\":[\"a\"]}");
            victim.subscribe("/a");
            early.send("[{\"channel\":\"/meta/connect\",\"connectionType\":\"websocket\",\"id\":\"1\",\"clientId\":\""
                    + victim.clientId() + "\"}]");
            assertEquals(POLICY_VIOLATION, early.awaitClose());
            assertTrue(victim.subscribe("/a").get("successful").asBoolean());
            BayeuxClient thief = victim.at(() -> site.gatewayUrl(0)).withoutCookie();
            assertTrue(thief.subscribe("/a").get("error").asText().startsWith("402:"));
            assertTrue(thief.connect().get(0).get("error").asText().startsWith("402:"));
            assertEquals(
                    404,
                    Http.get(site.gatewayUrl(0) + "/bayeux/" + victim.clientId())
                            .statusCode());
        }
    }

    @Test
    void aSocketThatBringsTheCookieGoesOnWithTheSession() throws Exception {
        BayeuxClient client = client("m", "{\"topics\":[\"a\"]}");
        client.subscribe("/a");
        try (RawWebSocket socket =
                new RawWebSocket(site.gatewayUrl(0) + "/bayeux", "Cookie: " + client.cookie() + "\r\n")) {
            socket.send("[{\"channel\":\"/meta/unsubscribe\",\"subscription\":\"/a\",\"id\":\"1\",\"clientId\":\""
                    + client.clientId() + "\"}]");
            assertTrue(socket.nextJson().get(0).get("successful").asBoolean());
        }
    }

    @Test
    void aSessionThatBeganOnASocketWithoutACookieIsForWhoeverKnowsIt() throws Exception {
        String token = TestTokens.token("m", 60, "{\"topics\":[\"a\"]}");
        String handshake = "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"id\":\"1\","
                + "\"supportedConnectionTypes\":[\"websocket\"],\"ext\":{\"token\":\"" + token + "\"}}]";
        try (RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/bayeux", "")) {
            socket.send(handshake);
            String clientId = socket.nextJson().get(0).get("clientId").asText();
            String subscribe =
                    "[{\"channel\":\"/meta/subscribe\",\"subscription\":\"/a\",\"clientId\":\"" + clientId + "\"}]";
            JsonNode overHttp = Http.json(Http.post(site.gatewayUrl(0) + "/bayeux", "application/json", subscribe));
            assertTrue(overHttp.get(0).get("successful").asBoolean());
            socket.send(subscribe);
            assertTrue(socket.nextJson().get(0).get("successful").asBoolean());
        }
    }

    // ---- a session's name

    @Test
    void aTokenForASessionsNameIsGoodForNothing() throws Exception {
        BayeuxClient victim = client("m", "{\"topics\":[\"a\"]}");
        String token = TestTokens.token("bayeux:" + victim.clientId(), 60, "{\"topics\":[\"a\"],\"publish\":[\"a\"]}");
        String query = "?timeoutMs=0&cursor=&token=" + token;
        for (String path : List.of("/v1/poll", "/v1/stream")) {
            assertEquals(
                    "token_invalid",
                    code(Http.get(site.gatewayUrl(0) + path + query).body()),
                    path);
        }
        String confirm = "{\"token\":\"" + token + "\",\"cursor\":\"" + cursor() + "\"}";
        assertEquals(
                "token_invalid",
                code(Http.post(site.gatewayUrl(0) + "/v1/confirm", "application/json", confirm)
                        .body()));
        try (RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/v1/ws" + query, "")) {
            assertEquals(
                    "token_invalid", socket.nextJson().get("error").get("code").asText());
        }
        BayeuxClient thief = new BayeuxClient(() -> site.gatewayUrl(0));
        JsonNode denied = thief.handshake(JsonNodeFactory.instance.objectNode().put("token", token));
        assertFalse(denied.get("successful").asBoolean());
    }

    /** Returns a cursor that is one, of somebody. */
    private String cursor() {
        String token = TestTokens.token("somebody", 60, "{}");
        return Http.json(Http.get(site.gatewayUrl(0) + "/v1/poll?timeoutMs=0&token=" + token))
                .get("cursor")
                .asText();
    }

    private static String code(String problem) {
        return Http.json(problem).path("code").asText(problem);
    }

    @Test
    void nobodyPublishesToASessionOrHasItFollowAnything() throws Exception {
        String url = site.publisherUrl() + "/v1/messages";
        for (String target : List.of("\"client\":\"bayeux:x\"", "\"clients\":[\"bayeux:x\"]")) {
            String body = Http.post(url, "application/json", "{" + target + ",\"data\":1}")
                    .body();
            assertEquals("invalid_client", code(body));
        }
        HttpRequest follow = HttpRequest.newBuilder(URI.create(site.publisherUrl() + "/v1/clients/bayeux:x/topics/a"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        String refused = HttpClient.newHttpClient()
                .send(follow, HttpResponse.BodyHandlers.ofString())
                .body();
        assertEquals("invalid_client", code(refused));
    }

    @Test
    void aPollOfEightThousandTopicsIsRefusedAndOfOneEightThousandTimesIsNot() {
        String token = TestTokens.token("m", 60, "{\"topics\":[\"*\"]}");
        String many = IntStream.range(0, 1_500).mapToObj(i -> "" + i).collect(Collectors.joining(","));
        String same = String.join(",", Collections.nCopies(2_000, "a"));
        String poll = site.gatewayUrl(0) + "/v1/poll?timeoutMs=0&token=" + token + "&topics=";
        assertEquals("too_many_topics", code(Http.get(poll + many).body()));
        assertEquals(200, Http.get(poll + same).statusCode());
    }
}
