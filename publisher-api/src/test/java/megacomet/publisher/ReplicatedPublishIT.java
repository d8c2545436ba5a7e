package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.redis.Partitions;
import megacomet.redis.StoreLimits;
import megacomet.redis.StoreOptions;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of which the application wants to know that a replica has them, too. */
class ReplicatedPublishIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENT_MS = 20_000;

    /** Of which it waits three quarters for a replica that is stopped. */
    private static final int SHORT_MS = 1_000;

    private RedisServer master;
    private RedisServer replica;
    private Deployed redis;
    private PublisherFixture publisher;

    @BeforeEach
    void start() throws Exception {
        master = RedisServer.start("--repl-ping-replica-period", "1");
        replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port());
        Awaitility.await().until(() -> master.command("INFO", "replication").contains("state=online"));
    }

    /** @param timeoutMs how long Redis may leave a command unanswered */
    private void serve(int timeoutMs, int deadlineMs) throws Exception {
        redis = new Deployed(new StoreOptions(
                RedisUrl.parse(master.url()),
                null,
                "mc",
                Partitions.DEFAULT_COUNT,
                timeoutMs,
                deadlineMs,
                StoreLimits.DEFAULT,
                true));
        publisher = PublisherFixture.open(redis);
    }

    @AfterEach
    void stop() {
        redis.afterEach(null);
        replica.close();
        master.close();
    }

    private HttpResponse<String> send(String message) {
        try {
            return publisher.send("POST", "/v1/messages", message);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> sendReplicated(String client, int data, String id) {
        return send("{\"client\":\"%s\",\"data\":%d,\"id\":\"%s\",\"durability\":\"replicated\"}"
                .formatted(client, data, id));
    }

    /** A replica that goes on may take its time. */
    private HttpResponse<String> sendUntilReplicated(String client, int data, String id) {
        return Awaitility.await()
                .atMost(PATIENT_MS, TimeUnit.MILLISECONDS)
                .until(() -> sendReplicated(client, data, id), answer -> answer.statusCode() != 504);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body());
    }

    private static long seqIn(HttpResponse<String> response) throws Exception {
        assertEquals(200, response.statusCode(), response.body());
        return json(response).get("seq").asLong();
    }

    private void assertRefused(String code, int status, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(code, json(response).get("code").asText());
        assertTrue(response.headers().firstValue("retry-after").isPresent());
    }

    @Test
    void whatIsAnsweredIsOnTheReplica() throws Exception {
        serve(PATIENT_MS, PATIENT_MS);
        for (int i = 0; i < 30; i++) {
            seqIn(sendReplicated("client-" + i, i, "x"));
            assertEquals(master.command("DBSIZE"), replica.command("DBSIZE"), "after message " + i);
        }
    }

    @Test
    void whatNoReplicaIsKnownToHaveIsSaidAndComesWithTheSameIdToTheSameNumber() throws Exception {
        serve(SHORT_MS, PATIENT_MS);
        long before = seqIn(send("{\"client\":\"42\",\"data\":1}"));
        replica.pause();
        HttpResponse<String> unknown = sendReplicated("42", 2, "b");
        assertRefused("not_replicated", 504, unknown);
        assertEquals(
                "Its number is " + (before + 1) + ".",
                json(unknown).get("detail").asText());
        assertRefused("not_replicated", 504, sendReplicated("42", 2, "b"));
        replica.resume();
        assertEquals(before + 1, seqIn(sendUntilReplicated("42", 2, "b")));
        assertEquals(
                2,
                json(publisher.send("GET", "/v1/clients/42", null))
                        .get("queued")
                        .asInt());
    }

    @Test
    void otherMessagesToTheSameClientAreNotHeldUpAndKeepTheirOrder() throws Exception {
        serve(SHORT_MS, PATIENT_MS);
        replica.pause();
        CompletableFuture<HttpResponse<String>> first =
                CompletableFuture.supplyAsync(() -> sendReplicated("42", 1, "a"));
        Awaitility.await()
                .until(() -> json(publisher.send("GET", "/v1/clients/42", null))
                                .get("queued")
                                .asInt()
                        == 1);
        long second = seqIn(send("{\"client\":\"42\",\"data\":2}"));
        assertRefused("not_replicated", 504, first.join());
        assertEquals(
                "Its number is " + (second - 1) + ".",
                json(first.join()).get("detail").asText());
        replica.resume();
    }

    @Test
    void manyAtOnceEachGetTheirAnswer() throws Exception {
        serve(PATIENT_MS, PATIENT_MS);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String target = i % 3 == 0 ? "\"topic\":\"news\"" : "\"client\":\"" + i % 30 + "\"";
            lines.append(
                    "{%s,\"data\":%d%s}\n".formatted(target, i, i % 2 == 0 ? ",\"durability\":\"replicated\"" : ""));
        }
        List<JsonNode> answers = new ArrayList<>();
        for (String line :
                publisher.sendNdjson("/v1/messages", lines.toString()).body().split("\n")) {
            answers.add(JSON.readTree(line));
        }
        assertEquals(300, answers.size());
        long last = 0;
        for (int i = 0; i < 300; i++) {
            assertTrue(answers.get(i).has("seq"), answers.get(i).toString());
            if (i % 3 == 0) {
                assertTrue(answers.get(i).get("seq").asLong() > last, "in the order of the lines");
                last = answers.get(i).get("seq").asLong();
            }
        }
    }

    @Test
    void withoutAReplicaNothingIsStored() throws Exception {
        serve(PATIENT_MS, PATIENT_MS);
        replica.kill();
        Awaitility.await().until(() -> master.command("INFO", "replication").contains("connected_slaves:0"));
        assertRefused("no_replicas", 503, sendReplicated("42", 1, "a"));
        HttpResponse<String> array = send("[{\"client\":\"42\",\"data\":1,\"durability\":\"replicated\"},"
                + "{\"topic\":\"news\",\"data\":1,\"durability\":\"replicated\"},{\"client\":\"43\",\"data\":1}]");
        assertEquals("no_replicas", json(array).at("/0/error/code").asText());
        assertEquals("no_replicas", json(array).at("/1/error/code").asText());
        assertEquals("queued", json(array).at("/2/state").asText());
        assertEquals(
                0,
                json(publisher.send("GET", "/v1/clients/42", null))
                        .get("queued")
                        .asInt());
    }

    @Test
    void aMasterThatWantsReplicasAndHasNoneTakesNothing() throws Exception {
        serve(PATIENT_MS, SHORT_MS);
        replica.kill();
        master.command("CONFIG", "SET", "min-replicas-to-write", "1");
        Awaitility.await().until(() -> master.command("INFO", "replication").contains("min_slaves_good_slaves:0"));
        assertRefused("redis_unavailable", 503, send("{\"client\":\"42\",\"data\":1}"));
        master.command("CONFIG", "SET", "min-replicas-to-write", "0");
        assertEquals(
                0,
                json(publisher.send("GET", "/v1/clients/42", null))
                        .get("queued")
                        .asInt());
    }
}
