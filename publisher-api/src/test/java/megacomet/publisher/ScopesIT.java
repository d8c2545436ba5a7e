package megacomet.publisher;

import static megacomet.web.fixture.RawHttp.get;
import static megacomet.web.fixture.RawHttp.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import megacomet.redis.Store;
import megacomet.redis.TopicRules;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.ApiKeys;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.TrustedProxies;
import megacomet.web.fixture.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which key opens which door of the applications' side. */
class ScopesIT {

    private static final String MESSAGE = "{\"client\":\"42\",\"data\":1}";

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static Store store;
    private static int port;

    @BeforeAll
    static void serve() throws Exception {
        Path keys = Files.writeString(
                folder.resolve("keys"),
                "p " + sha256("publishing-key") + " publish\nr " + sha256("reading-key") + " read\nm "
                        + sha256("managing-key") + " manage\n");
        vertx = Vertx.vertx();
        store = Store.open(vertx, RedisFixture.STANDALONE.options(), (verb, nanos, isDone) -> {});
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        PublisherOptions options = new PublisherOptions(
                new Listen("127.0.0.1", port, null, false),
                1,
                ApiKeys.read(keys),
                false,
                new Origins(Set.of(), TrustedProxies.NONE),
                PublishLimits.DEFAULT,
                TopicRules.NONE,
                null,
                null);
        await(vertx.deployVerticle(new PublisherVerticle(
                options, store, new Meters(), new PublisherShared(null), new Guard(new Meters()))));
    }

    private static String sha256(String key) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @AfterAll
    static void close() {
        store.close();
        await(vertx.close());
    }

    private static String request(String door, String header) {
        return switch (door) {
            case "message" -> post("/v1/messages", "application/json", MESSAGE, header);
            case "messages" -> post("/v1/messages", "application/x-ndjson", MESSAGE, header);
            case "client" -> get("/v1/clients/42", header);
            case "stats" -> get("/v1/stats", header);
            case "delete" -> get("/v1/clients/42", header).replaceFirst("GET", "DELETE");
            default -> throw new IllegalArgumentException(door);
        };
    }

    private static void assertRefused(int status, String code, RawHttp.Answer answer) throws IOException {
        assertEquals(status, answer.status(), answer.body());
        assertEquals(
                code, new ObjectMapper().readTree(answer.body()).get("code").asText());
        assertEquals(status == 401 ? "Bearer" : null, answer.header("www-authenticate"));
    }

    @ParameterizedTest
    @CsvSource({
        "message, publishing-key",
        "messages, publishing-key",
        "client, reading-key",
        "stats, reading-key",
        "delete, managing-key"
    })
    void aDoorOpensToKeysWithItsScopeAndToNoOther(String door, String opens) throws IOException {
        for (String key : new String[] {"publishing-key", "reading-key", "managing-key"}) {
            RawHttp.Answer answer = RawHttp.exchange(port, request(door, "authorization: Bearer " + key));
            if (key.equals(opens)) {
                assertEquals(200, answer.status(), answer.body());
            } else {
                assertRefused(403, "scope_missing", answer);
            }
        }
        assertRefused(401, "api_key_missing", RawHttp.exchange(port, request(door, "x: y")));
        RawHttp.Answer wrong = RawHttp.exchange(port, request(door, "authorization: Bearer wrong-key"));
        assertRefused(401, "api_key_invalid", wrong);
        assertFalse(wrong.body().contains("wrong-key"));
    }

    @Test
    void aKeyInTheQueryOpensNothing() throws IOException {
        RawHttp.Answer answer =
                RawHttp.exchange(port, get("/v1/stats?key=reading-key&token=reading-key&access_token=reading-key"));
        assertRefused(401, "api_key_missing", answer);
    }

    @Test
    void whoWouldSendABodyWithoutAKeyIsToldSoBeforeHeSendsIt() throws IOException {
        for (String type : new String[] {"application/json", "application/x-ndjson"}) {
            String head = "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: " + type
                    + "\r\ncontent-length: 2000000\r\nexpect: 100-continue\r\n";
            assertRefused(401, "api_key_missing", RawHttp.exchange(port, head + "\r\n"));
            RawHttp.Answer goOn = RawHttp.exchange(port, head + "authorization: Bearer publishing-key\r\n\r\n");
            assertEquals(100, goOn.status());
        }
    }

    @Test
    void theDocumentIsThereForEverybody() throws IOException {
        assertEquals(200, RawHttp.exchange(port, get("/openapi.yaml")).status());
    }
}
