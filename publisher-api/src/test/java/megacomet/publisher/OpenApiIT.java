package megacomet.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import megacomet.redis.Store;
import megacomet.redis.StoreOptions;
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

/** The OpenAPI document that is served, against the routes that there are. */
class OpenApiIT {

    private static Vertx vertx;
    private static Store store;
    private static PublisherVerticle verticle;
    private static JsonNode document;

    @BeforeAll
    static void serve() throws IOException {
        vertx = Vertx.vertx();
        StoreOptions options = RedisFixture.STANDALONE.options();
        store = Store.open(vertx, options, (verb, nanos, isDone) -> {});
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Origins origins = new Origins(Set.of("http://localhost:1"), TrustedProxies.NONE);
        verticle = new PublisherVerticle(
                new PublisherOptions(
                        new Listen("127.0.0.1", port, null, false),
                        1,
                        ApiKeys.open(),
                        true,
                        origins,
                        PublishLimits.DEFAULT,
                        TopicRules.NONE,
                        null,
                        null),
                store,
                new Meters(),
                new PublisherShared(null),
                new Guard(new Meters()));
        await(vertx.deployVerticle(verticle));
        RawHttp.Answer answer = RawHttp.exchange(port, RawHttp.get("/openapi.yaml"));
        assertEquals("application/yaml", answer.header("content-type"));
        document = new YAMLMapper().readTree(answer.body());
    }

    @AfterAll
    static void close() {
        store.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static Set<String> documented() {
        Set<String> all = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        all.add(HttpMethod.valueOf(method.toUpperCase(java.util.Locale.ROOT)) + " " + path.getKey());
                    }
                }));
        return all;
    }

    @Test
    void everyRouteIsInTheDocumentAndEveryOperationOfTheDocumentIsARoute() {
        Set<String> routes = new TreeSet<>();
        for (Route route : verticle.router().getRoutes()) {
            if (route.methods() != null && !route.methods().equals(Set.of(HttpMethod.OPTIONS))) {
                route.methods()
                        .forEach(method ->
                                routes.add(method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}")));
            }
        }
        assertTrue(routes.contains("POST /v1/messages"), routes.toString());
        assertEquals(routes, documented());
    }

    @Test
    void everyReferenceInTheDocumentLeadsSomewhere() {
        List<JsonNode> references = document.findValues("$ref");
        assertTrue(references.size() > 10);
        for (JsonNode reference : references) {
            assertTrue(reference.asText().startsWith("#/"), reference.asText());
            assertTrue(document.at(reference.asText().substring(1)).isObject(), reference.asText());
        }
    }

    @Test
    void everyOperationHasANameAnAnswerAndAProblem() {
        List<String> names = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (!operation.getKey().equals("parameters")) {
                        names.add(operation.getValue().path("operationId").asText());
                        assertTrue(operation.getValue().at("/responses/200").isObject(), path.getKey());
                        boolean needsKey = !operation.getValue().has("security");
                        assertTrue(
                                !needsKey
                                        || operation
                                                .getValue()
                                                .at("/responses/default")
                                                .isObject(),
                                path.getKey());
                    }
                }));
        assertEquals(names.size(), Set.copyOf(names).size());
    }

    @Test
    void theLimitsInTheDocumentAreThoseThatHold() {
        JsonNode message = document.at("/components/schemas/Message");
        assertEquals(
                PublishLimits.MAX_TTL_MS,
                message.at("/properties/ttlMs/maximum").asLong());
        assertTrue(message.at("/properties/ttlMs/description")
                .asText()
                .contains(String.format(Locale.ROOT, "%,d", PublishLimits.DEFAULT_TTL_MS)));
        assertEquals(
                PublishLimits.ID_MAX_LENGTH,
                message.at("/properties/id/maxLength").asInt());
        assertEquals(
                PublishLimits.DEFAULT.clientsMaxAMessage(),
                message.at("/properties/clients/maxItems").asInt());
        assertEquals(
                megacomet.model.ClientId.MAX_LENGTH,
                document.at("/components/schemas/ClientId/maxLength").asInt());
    }
}
