package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bayeux by plain HTTP over two gateways, each request at the other one than that before. */
class BayeuxIT {

    private static final int TIMEOUT_MS = 3_000;
    private static final int MAX_INTERVAL_MS = 15_000;
    private static final int SHORT_MAX_INTERVAL_MS = 3_000;

    private final AtomicInteger turn = new AtomicInteger();
    private final String root = "/t" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private Site site;

    @BeforeEach
    void open() {
        open(MAX_INTERVAL_MS);
    }

    private void open(int maxIntervalMs) {
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 2)
                .room(RoomOptions.DEFAULT.withLingerMs(1_000))
                .bayeux(BayeuxOptions.DEFAULT.withTimes(TIMEOUT_MS, maxIntervalMs))
                .open();
    }

    /** This verifies, too, that all of it in Redis is whole and will expire. */
    @AfterEach
    void close() {
        site.close();
    }

    private BayeuxClient client() {
        return new BayeuxClient(() -> site.gatewayUrl(turn.getAndIncrement() % 2));
    }

    private BayeuxClient clientOf(int gateway) {
        return new BayeuxClient(() -> site.gatewayUrl(gateway));
    }

    private static ObjectNode ext(String name, boolean value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private void awaitHold() {
        Awaitility.await().until(() -> site.holds() == 1);
    }

    @Test
    void messagesOfOneArrayAreAnsweredInOrderAndTheConnectAmongThemAtOnce() {
        BayeuxClient client = client().begin(null);
        ObjectNode subscribe = client.message("/meta/subscribe").put("subscription", root + "/a");
        ObjectNode publish = client.message(root + "/a").put("data", "mine");
        JsonNode answer = client.send(subscribe, publish, client.connectMessage());
        assertEquals(
                List.of(root + "/a", "/meta/subscribe", root + "/a", "/meta/connect"),
                IntStream.range(0, answer.size())
                        .mapToObj(i -> answer.get(i).get("channel").asText())
                        .toList());
        assertEquals(
                "{\"channel\":\"" + root + "/a\",\"data\":\"mine\"}",
                answer.get(0).toString());
    }

    @Test
    void aSubscriptionAtOneNodeTakesEffectAtOnceOnTheConnectThatAnotherHolds() {
        BayeuxClient client = client().begin(null);
        CompletableFuture<HttpResponse<String>> held = client.connectLater();
        awaitHold();
        assertTrue(
                client.subscribe(root + "/a", root + "/b/*").get("successful").asBoolean());
        client().begin(null).publish(root + "/b/c", "by a pattern");
        assertEquals(List.of("by a pattern"), BayeuxClient.dataIn(Http.json(held.join())));
    }

    @Test
    void whatAPatternMatchesIsDeliveredFromTheSubscriptionOnThoughNoConnectIsHeld() {
        BayeuxClient publisher = client().begin(null);
        publisher.publish(root + "/a/early", "before");
        BayeuxClient client = client();
        client.handshake(null);
        client.subscribe(root + "/a/**");
        publisher.publish(root + "/a/b", "1");
        publisher.publish(root + "/a/b/c", "2");
        publisher.publish(root + "/a", "3");
        assertEquals(List.of("1", "2"), client.receive(2));
        client.subscribe(root + "/other/*");
        publisher.publish(root + "/other/x", "4");
        assertEquals(List.of("4"), client.receive(1));
    }

    @Test
    void overlappingSubscriptionsGiveOneCopyOfEach() {
        BayeuxClient client = client().begin(null);
        client.subscribe(root + "/a/b", root + "/a/*", root + "/**");
        BayeuxClient publisher = client().begin(null);
        IntStream.range(0, 20).forEach(i -> publisher.publish(root + "/a/b", "" + i));
        assertEquals(IntStream.range(0, 20).mapToObj(i -> "" + i).toList(), client.receive(20));
        assertEquals(List.of(), BayeuxClient.dataIn(client.connect()));
    }

    @Test
    void whatWasNotAcknowledgedIsSentAgainInFrontAndTheNewerFreesIt() {
        BayeuxClient client = client().begin(ext("ack", true));
        client.subscribe(root + "/a");
        BayeuxClient publisher = client().begin(null);
        publisher.publish(root + "/a", "m1");
        JsonNode lost = Http.json(client.connectLater().join());
        assertEquals(List.of("m1"), BayeuxClient.dataIn(lost));
        publisher.publish(root + "/a", "m2");
        JsonNode again = client.connect();
        List<String> data = new ArrayList<>(BayeuxClient.dataIn(again));
        if (data.size() == 1) {
            data.addAll(client.receive(1));
        }
        assertEquals(List.of("m1", "m2"), data);
        publisher.publish(root + "/a", "m3");
        assertEquals(List.of("m3"), client.receive(1));
    }

    @Test
    void aNodeThatStopsLosesNoSessionAndNoMessage() {
        BayeuxClient first = clientOf(0).begin(ext("ack", true));
        first.subscribe(root + "/a", root + "/b/*");
        CompletableFuture<HttpResponse<String>> held = first.connectLater();
        awaitHold();
        site.stopGateway(0);
        JsonNode told = first.taken(Http.json(held.join()));
        assertEquals(
                "retry",
                told.get(told.size() - 1).get("advice").get("reconnect").asText());
        BayeuxClient publisher = clientOf(1).begin(null);
        publisher.publish(root + "/a", "1");
        publisher.publish(root + "/b/c", "2");
        BayeuxClient moved = first.at(() -> site.gatewayUrl(1));
        assertEquals(List.of("1", "2"), moved.receive(2));
    }

    @Test
    void ofTwoConnectsTheLaterIsServedAndTheEarlierIsNoReply() {
        BayeuxClient client = client().begin(null);
        CompletableFuture<HttpResponse<String>> earlier = client.connectLater();
        awaitHold();
        CompletableFuture<HttpResponse<String>> later = client.connectLater();
        assertEquals(408, earlier.join().statusCode());
        assertEquals("", earlier.join().body());
        client.send(client.message("/meta/disconnect"));
        JsonNode last = Http.json(later.join());
        assertEquals("none", last.get(0).get("advice").get("reconnect").asText());
    }

    /** With a timeout of 0 Faye would give up every connect that is held, and the messages that it brings. */
    @Test
    void besideAStreamAConnectIsASignOfLifeAndWithoutOneItBringsTheMessages() throws IOException {
        BayeuxClient client = client().begin(null);
        client.subscribe(root + "/a");
        try (EventStream stream =
                new EventStream(site.gatewayUrl(0) + "/bayeux/" + client.clientId(), "cookie", client.cookie())) {
            awaitHold();
            client.publish(root + "/a", "pushed");
            assertEquals("pushed", stream.nextJson().get(0).get("data").asText());
            client.connect(); // as a poll: Faye's first one beside a stream; the stream goes on
            client.publish(root + "/a", "pushed again");
            assertEquals("pushed again", stream.nextJson().get(0).get("data").asText());
            JsonNode beat = connectBesideStream(client);
            assertEquals(1, beat.size(), beat::toString);
            assertEquals(TIMEOUT_MS, beat.get(0).get("advice").get("timeout").asInt());
        }
        client.publish(root + "/a", "polled");
        JsonNode[] answer = new JsonNode[1];
        Awaitility.await().until(() -> (answer[0] = connectBesideStream(client)).size() > 1);
        assertEquals(List.of("polled"), BayeuxClient.dataIn(answer[0]));
    }

    private static JsonNode connectBesideStream(BayeuxClient client) {
        return client.send(client.connectMessage().put("connectionType", "eventsource"));
    }

    @Test
    void aSessionThatIsSilentIsGoneWithWhatItFollowed() {
        site.close();
        open(SHORT_MAX_INTERVAL_MS);
        BayeuxClient client = client().begin(null);
        client.subscribe(root + "/a");
        client.connect();
        BayeuxClient observer = client().begin(null);
        assertEquals(1, followers(observer));
        Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(() -> {
            observer.connect();
            return followers(observer) == 0;
        });
        JsonNode gone = client.connect().get(0);
        assertFalse(gone.get("successful").asBoolean());
        assertTrue(gone.get("error").asText().startsWith("402"));
        assertEquals("handshake", gone.get("advice").get("reconnect").asText());
    }

    private int followers(BayeuxClient observer) {
        ObjectNode question = observer.message("/service/status");
        question.putObject("data").put("channel", root + "/a");
        return observer.send(question).get(0).get("data").get("followers").asInt();
    }

    @Test
    void nativeClientsAndBayeuxShareTopics() {
        BayeuxClient client = client().begin(null);
        client.subscribe(root + "/a");
        Http.publish(site, "{\"topic\":\"" + root.substring(1) + "/a\",\"data\":\"from the application\"}");
        assertEquals(List.of("from the application"), client.receive(1));
    }

    @Test
    void aSecondTabIsToldToComeLaterAndTheFirstThatSomethingWaitsForIt() {
        BayeuxClient first = client().begin(null);
        CompletableFuture<HttpResponse<String>> held = first.connectLater();
        awaitHold();
        BayeuxClient second = first.sibling();
        ObjectNode name = JsonNodeFactory.instance.objectNode();
        name.putObject("com.megacomet.tabs").put("key", "tab-2");
        second.begin(name);
        second.subscribe(root + "/a");
        JsonNode turnedAway = second.connect().get(0);
        assertTrue(turnedAway.get("successful").asBoolean());
        assertTrue(turnedAway.get("advice").get("multiple-clients").asBoolean());
        client().begin(null).publish(root + "/a", "for the second");
        JsonNode told = Http.json(held.join());
        assertEquals(
                "{\"pending\":[\"tab-2\"]}",
                told.get(0).get("ext").get("com.megacomet.tabs").toString());
        ObjectNode fetch = second.connectMessage();
        fetch.putObject("advice").put("timeout", 0);
        assertEquals(List.of("for the second"), BayeuxClient.dataIn(second.send(fetch)));
    }

    @Test
    void aSessionOfOneBrowserIsUnknownToAnother() {
        BayeuxClient client = client().begin(null);
        BayeuxClient thief = client().begin(null);
        ObjectNode stolen =
                thief.message(root + "/a").put("clientId", client.clientId()).put("data", 1);
        JsonNode refused = thief.send(stolen).get(0);
        assertEquals("402::Unknown client", refused.get("error").asText());
        assertFalse(refused.has("advice"));
        assertTrue(client.publish(root + "/a", 1).get("successful").asBoolean());
    }

    @Test
    void aPublishThatIsSentAgainIsOneMessage() {
        BayeuxClient client = client().begin(null);
        client.subscribe(root + "/a");
        ObjectNode publish = client.message(root + "/a").put("data", "once");
        assertTrue(client.send(publish).get(0).get("successful").asBoolean());
        assertTrue(client.send(publish).get(0).get("successful").asBoolean());
        ObjectNode other = publish.deepCopy().put("data", "a page that was reloaded counts anew");
        assertTrue(client.send(other).get(0).get("successful").asBoolean());
        assertEquals(List.of("once", "a page that was reloaded counts anew"), client.receive(2));
    }
}
