package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.TestTokens;
import megacomet.redis.TopicRules;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of topics and who gets it, from an application's request to a browser's answer, by a file of rules. */
class TopicModesIT {

    private static final String RULES = """
            {"topics":[
              {"pattern":"prices/**","mode":"latest","maxMessages":3},
              {"pattern":"typing/*","mode":"relay"},
              {"pattern":"short/*","maxMessages":5}
            ]}
            """;

    @TempDir
    static Path folder;

    private static Site site;
    private static Site closed;
    private final String client = "client-" + UUID.randomUUID();
    private final String unique = UUID.randomUUID().toString();

    @BeforeAll
    static void open() throws IOException {
        TopicRules rules = TopicRules.read(Files.writeString(folder.resolve("topics.json"), RULES));
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 2).topics(rules).open();
        closed = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .tokens(TestTokens.keys())
                .open();
    }

    @AfterAll
    static void close() {
        site.close();
        closed.close();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonNode publish(String topic, Object data, String more) {
        return Http.publish(site, "{\"topic\":\"" + topic + "\",\"data\":" + data + more + "}");
    }

    private static JsonNode publish(String topic, Object data) {
        return publish(topic, data, "");
    }

    private JsonNode poll(int gateway, String topics, String more) {
        String url = site.gatewayUrl(gateway) + "/v1/poll?client=" + client + "&topics=" + escaped(topics) + more;
        return Http.json(Http.get(url));
    }

    private String cursorOf(JsonNode answer) {
        return "&cursor=" + answer.get("cursor").asText();
    }

    private static String dataOf(JsonNode answer) {
        List<String> data = new ArrayList<>();
        answer.get("messages").forEach(message -> data.add(message.get("data").toString()));
        return String.join(" ", data);
    }

    private HttpResponse<String> grant(String method, String topic) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(site.publisherUrl() + "/v1/clients/" + client + "/topics/" + escaped(topic)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join();
    }

    // ---- log

    @Test
    void whoComesBackGetsExactlyWhatItMissedOfALogOnWhicheverGateway() {
        String topic = "news/" + unique;
        publish(topic, 0);
        JsonNode first = poll(0, topic, "&timeoutMs=0");
        assertEquals("", dataOf(first), "what was before it came is not for it");
        for (int i = 1; i <= 5; i++) {
            publish(topic, i);
        }
        JsonNode second = poll(1, topic, "&timeoutMs=0" + cursorOf(first));
        assertEquals("1 2 3 4 5", dataOf(second));
        assertEquals(topic, second.get("messages").get(0).get("topic").asText());
        assertEquals("", dataOf(poll(0, topic, "&timeoutMs=0" + cursorOf(second))));
        assertEquals("1 2 3 4 5", dataOf(poll(1, topic, "&timeoutMs=0" + cursorOf(first))), "as often as it asks");
    }

    @Test
    void whoAsksForTheEarliestGetsAllThatIsKept() {
        String topic = "news/" + unique;
        publish(topic, 1);
        publish(topic, 2);
        JsonNode answer = poll(0, topic, "&timeoutMs=0&since=earliest");
        assertEquals("1 2", dataOf(answer));
        assertEquals("", dataOf(poll(1, topic, "&timeoutMs=0&since=earliest" + cursorOf(answer))));
    }

    @Test
    void whatWasDrivenOutOfALogIsAGapWithItsStreamItsCountAndWhy() {
        String topic = "short/" + unique;
        JsonNode first = poll(0, topic, "&timeoutMs=0");
        for (int i = 1; i <= 8; i++) {
            publish(topic, i);
        }
        JsonNode answer = poll(1, topic, "&timeoutMs=0" + cursorOf(first));
        assertEquals("4 5 6 7 8", dataOf(answer));
        assertEquals(
                "[{\"topic\":\"" + topic + "\",\"missed\":3,\"reason\":\"overflow\"}]",
                answer.get("gaps").toString());
    }

    @Test
    void whatDiedInALogIsAGapToo() {
        String topic = "news/" + unique;
        JsonNode first = poll(0, topic, "&timeoutMs=0");
        publish(topic, 1, ",\"ttlMs\":1");
        publish(topic, 2, ",\"ttlMs\":1");
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> messagesOf(topic) == 0);
        publish(topic, 3);
        JsonNode answer = poll(1, topic, "&timeoutMs=0" + cursorOf(first));
        assertEquals("3", dataOf(answer));
        assertEquals(
                "[{\"topic\":\"" + topic + "\",\"missed\":2,\"reason\":\"expired\"}]",
                answer.get("gaps").toString());
    }

    private static int messagesOf(String topic) {
        return Http.json(Http.get(site.publisherUrl() + "/v1/topics/" + escaped(topic)))
                .get("messages")
                .asInt();
    }

    // ---- latest

    @Test
    void ofALatestTopicWhoComesBackGetsTheLatestOfEachKeyAndNoGap() {
        String topic = "prices/" + unique;
        JsonNode first = poll(0, topic, "&timeoutMs=0");
        publish(topic, 1, ",\"key\":\"a\"");
        publish(topic, 2, ",\"key\":\"b\"");
        publish(topic, 3, ",\"key\":\"a\"");
        publish(topic, 4);
        publish(topic, 5);
        JsonNode answer = poll(1, topic, "&timeoutMs=0" + cursorOf(first));
        assertEquals("2 3 5", dataOf(answer));
        assertEquals("b", answer.get("messages").get(0).get("key").asText());
        assertEquals("a", answer.get("messages").get(1).get("key").asText());
        assertEquals(null, answer.get("gaps"));
        Awaitility.await()
                .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertEquals(
                        "2 3 5", dataOf(poll(0, topic, "&timeoutMs=0&since=earliest")), "for a newcomer too"));
    }

    @Test
    void aLatestTopicKeepsSoManyKeysAndDropsTheOldest() {
        String topic = "prices/" + unique;
        for (int i = 1; i <= 5; i++) {
            publish(topic, i, ",\"key\":\"k" + i + "\"");
        }
        assertEquals("3 4 5", dataOf(poll(0, topic, "&timeoutMs=0&since=earliest")));
    }

    // ---- relay

    @Test
    void aRelayedMessageReachesWhoIsThereAndIsAGapForWhoWasNot() throws IOException {
        String topic = "typing/" + unique;
        assertEquals("dropped", publish(topic, 0).get("state").asText(), "nobody follows it");
        JsonNode first;
        String url = site.gatewayUrl(0) + "/v1/stream?client=" + client + "&topics=" + escaped(topic);
        try (EventStream stream = new EventStream(url)) {
            first = stream.nextJson();
            assertEquals("sent", publish(topic, 1).get("state").asText());
            JsonNode told = stream.nextJson();
            assertEquals("1", dataOf(told));
            first = told;
        }
        publish(topic, 2);
        publish(topic, 3);
        JsonNode answer = poll(1, topic, "&timeoutMs=0" + cursorOf(first));
        assertEquals("", dataOf(answer));
        assertEquals(
                "[{\"topic\":\"" + topic + "\",\"missed\":2,\"reason\":\"dropped\"}]",
                answer.get("gaps").toString());
        assertEquals(0, messagesOf(topic));
    }

    // ---- private addresses and permissions

    @Test
    void aPrivateAddressIsForItsClientAloneAndMatchesNoPattern() throws IOException {
        String own = "user/" + client;
        JsonNode refused =
                Http.json(Http.get(site.gatewayUrl(0) + "/v1/poll?client=another&timeoutMs=0&topics=" + escaped(own)));
        assertEquals("topic_not_allowed", refused.get("code").asText());
        String others = site.gatewayUrl(1) + "/v1/stream?client=another-" + client + "&topics=" + escaped("**");
        String mine = site.gatewayUrl(0) + "/v1/stream?client=" + client + "&topics=" + escaped(own);
        try (EventStream other = new EventStream(others);
                EventStream owner = new EventStream(mine)) {
            other.next();
            owner.next();
            publish(own, "\"private\"");
            publish("public/" + unique, "\"public\"");
            assertEquals("private", owner.nextMessage().get("data").asText());
            String data = other.nextMessage().get("data").asText();
            while (!data.equals("public")) {
                assertEquals(false, data.equals("private"), "a pattern matched a private address");
                data = other.nextMessage().get("data").asText();
            }
        }
    }

    @Test
    void aTokenLimitsWhatMayBeFollowed() {
        String token = TestTokens.token(client, 60, "{\"topics\":[\"news/**\",\"room/7\"]}");
        String url = closed.gatewayUrl(0) + "/v1/poll?timeoutMs=0&token=" + token + "&topics=";
        for (String allowed : List.of("news/a", "news/a/b", "news/*", "room/7", "user/" + client)) {
            assertEquals(200, Http.get(url + escaped(allowed)).statusCode(), allowed);
        }
        for (String forbidden : List.of("news", "room/8", "room/*", "**", "user/somebody", "news/a,room/8")) {
            HttpResponse<String> refused = Http.get(url + escaped(forbidden));
            assertEquals(403, refused.statusCode(), forbidden);
            assertEquals("topic_not_allowed", Http.json(refused).get("code").asText(), forbidden);
        }
    }

    // ---- what the application has a client follow

    @Test
    void whatTheApplicationHasAClientFollowReachesTheHeldPollAtOnce() {
        String topic = "granted/" + unique;
        var held = Http.getLater(site.gatewayUrl(1) + "/v1/poll?client=" + client + "&timeoutMs=60000");
        Awaitility.await()
                .until(() -> Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client))
                        .get("online")
                        .asBoolean());
        assertEquals(200, grant("PUT", topic).statusCode());
        publish(topic, 1);
        JsonNode answer = Http.json(held.join());
        assertEquals("1", dataOf(answer));
        publish(topic, 2);
        JsonNode next = poll(0, "", "&timeoutMs=0" + cursorOf(answer));
        assertEquals("2", dataOf(next), "on the other gateway too");
        assertEquals(200, grant("DELETE", topic).statusCode());
        publish(topic, 3);
        assertEquals("", dataOf(poll(1, "", "&timeoutMs=0" + cursorOf(next))));
    }

    @Test
    void whatTheApplicationHasAClientFollowReachesItsStreamAtOnceAndNoMoreWhenItIsTakenBack() throws IOException {
        String topic = "granted/" + unique;
        try (EventStream stream = new EventStream(site.gatewayUrl(0) + "/v1/stream?client=" + client)) {
            stream.next();
            grant("PUT", topic);
            publish(topic, 1);
            assertEquals(1, stream.nextMessage().get("data").asInt());
            grant("DELETE", topic);
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> Http.json(Http.get(site.publisherUrl() + "/v1/topics/" + escaped(topic)))
                                    .get("followers")
                                    .asInt()
                            == 0);
            publish(topic, 2);
            Http.publish(site, "{\"client\":\"" + client + "\",\"data\":3}");
            assertEquals(3, stream.nextMessage().get("data").asInt());
        }
    }
}
