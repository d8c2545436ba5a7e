package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A Redis that has reached its {@code maxmemory}: nobody can publish, and everybody gets what is there. */
class RedisFullIT {

    @Test
    void publishersAreToldNothingIsHalfWrittenAndPollsStillDrain() throws Exception {
        try (RedisServer replica = RedisServer.start();
                RedisServer redis = RedisServer.start("--maxmemory-policy", "noeviction");
                Site site = Site.open(StoreOptions.of(RedisUrl.parse(redis.url())), 2)) {
            replica.command("REPLICAOF", "127.0.0.1", "" + redis.port());
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> redis.command("INFO", "replication").contains("state=online"));
            long lastOfClient = publish(site, "{\"client\":\"away\",\"data\":1}");
            publish(site, "{\"client\":\"away\",\"data\":2}");
            long lastOfTopic = publish(site, "{\"topic\":\"news\",\"data\":1}");
            CompletableFuture<HttpResponse<String>> parked =
                    Http.getLater(site.gatewayUrl(0) + "/v1/poll?client=parked&topics=news&timeoutMs=120000");
            Awaitility.await().until(() -> site.holds() == 1);

            redis.command("CONFIG", "SET", "maxmemory", "1mb");
            for (String message : List.of(
                    "{\"client\":\"parked\",\"data\":1}",
                    "{\"client\":\"parked\",\"data\":1,\"id\":\"x\"}",
                    "{\"topic\":\"news\",\"data\":2}",
                    "{\"client\":\"parked\",\"data\":1,\"durability\":\"replicated\"}")) {
                HttpResponse<String> refused = send(site, message);
                assertEquals(507, refused.statusCode(), refused.body());
                assertEquals("redis_full", Http.json(refused).get("code").asText());
                assertTrue(Http.json(refused).get("retry").asBoolean());
            }
            HttpResponse<String> several =
                    send(site, "[{\"client\":\"parked\",\"data\":1},{\"clients\":[\"a\",\"b\"],\"data\":1}]");
            assertEquals(
                    List.of("redis_full", "redis_full", "redis_full"),
                    Http.json(several).findValuesAsText("code"));
            assertFalse(parked.isDone(), () -> parked.join().body());
            assertEquals(List.of(), site.findings());

            // What is there is read, also at a gateway that must claim first, and goes when it is confirmed.
            JsonNode answer = Http.json(Http.get(site.gatewayUrl(1) + "/v1/poll?client=away"));
            assertEquals(2, answer.get("messages").size());
            String cursor = answer.get("cursor").asText();
            String confirm = "{\"client\":\"away\",\"cursor\":\"" + cursor + "\"}";
            assertEquals(
                    204,
                    Http.post(site.gatewayUrl(0) + "/v1/confirm", "application/json", confirm)
                            .statusCode());
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> look(site, "away").get("queued").asInt() == 0);
            try (EventStream stream =
                    new EventStream(site.gatewayUrl(1) + "/v1/stream?client=new&topics=news,room/*&since=earliest")) {
                assertEquals(1, stream.nextJson().get("messages").size());
            }

            redis.command("CONFIG", "SET", "maxmemory", "0");
            assertEquals(lastOfClient + 2, publish(site, "{\"client\":\"away\",\"data\":3}"), "no number was used up");
            assertEquals(lastOfTopic + 1, publish(site, "{\"topic\":\"news\",\"data\":2,\"id\":\"x\"}"));
            JsonNode news = Http.json(parked.get(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS));
            assertEquals("2", news.get("messages").get(0).get("data").toString());
            assertFalse(news.has("gaps"), news.toString());
        }
    }

    private static HttpResponse<String> send(Site site, String message) {
        return Http.post(site.publisherUrl() + "/v1/messages", "application/json", message);
    }

    private static long publish(Site site, String message) {
        HttpResponse<String> answer = send(site, message);
        assertEquals(200, answer.statusCode(), answer.body());
        return Http.json(answer).get("seq").asLong();
    }

    private static JsonNode look(Site site, String client) {
        return Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client));
    }
}
