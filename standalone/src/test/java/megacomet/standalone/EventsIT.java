package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import megacomet.embedded.RedisServer;
import megacomet.fixture.EventStream;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.fixture.StandaloneProcess;
import megacomet.gateway.hold.RoomOptions;
import megacomet.publisher.WebhookOptions;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.RedisUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an application is told of clients that come, go, lose their gateway and miss messages: by stream and by webhook. */
class EventsIT {

    /** Documented: a lost message is told within a minute, a lost gateway's clients sooner. */
    private static final Duration BOUND = Duration.ofSeconds(60).multipliedBy(4);

    private static final long LINGER_MS = 1_000;
    private static final int MAILBOX_MAX_MESSAGES = 1_000;

    /** What was posted to the webhook, an event each, in order. */
    private final List<JsonNode> posted = new CopyOnWriteArrayList<>();

    /** Of each client, what was told. */
    private final Map<String, List<String>> told = new ConcurrentHashMap<>();

    @Test
    void whatHappensToClientsIsToldOnceWithItsReason() throws Exception {
        HttpServer application = listen();
        try (RedisServer redis = RedisServer.start();
                Site site = new Site.Plan(StoreOptions.of(RedisUrl.parse(redis.url())), 1)
                        .room(RoomOptions.DEFAULT.withLingerMs(LINGER_MS))
                        .webhook(webhook(application))
                        .open()) {
            StandaloneProcess killed = StandaloneProcess.start("--redis-url", redis.url());
            String lost = "http://localhost:" + killed.port() + "/v1/stream?client=on-a-killed-gateway";
            try (EventStream first = new EventStream(lost);
                    EventStream events = new EventStream(site.publisherUrl() + "/v1/events?after=0")) {
                first.next();
                // It is told a moment later, and nobody tells it for a gateway that dies in that moment.
                assertEquals("connected", events.nextJson().get("event").asText());
                killed.close();
            }
            closesItsStream(site, "closes-its-stream");
            goesSilent(site, "goes-silent");
            isDeleted(site, "is-deleted");
            Http.publish(site, "{\"client\":\"never-comes\",\"data\":1,\"ttlMs\":1}");
            overflows(site, "has-too-much");

            awaitTold(
                    site,
                    Map.of(
                            "on-a-killed-gateway", List.of("connected", "gone node_lost"),
                            "closes-its-stream", List.of("connected", "gone left"),
                            "goes-silent", List.of("connected", "gone silent"),
                            "is-deleted", List.of("connected", "gone deleted"),
                            "never-comes", List.of("expired 1"),
                            "has-too-much", List.of("dropped 3")));
        } finally {
            application.stop(0);
        }
    }

    private HttpServer listen() throws IOException {
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Http.json(body).get("events").forEach(posted::add);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        application.start();
        return application;
    }

    private static WebhookOptions webhook(HttpServer application) {
        URI url = URI.create("http://127.0.0.1:" + application.getAddress().getPort() + "/hook");
        return new WebhookOptions(url, "a secret that nobody knows".getBytes(StandardCharsets.US_ASCII));
    }

    private static void closesItsStream(Site site, String client) throws IOException {
        try (EventStream stream = new EventStream(site.gatewayUrl(0) + "/v1/stream?client=" + client)) {
            stream.next();
        }
    }

    private static void goesSilent(Site site, String client) throws IOException {
        URI gateway = URI.create(site.gatewayUrl(0));
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            String request = "GET /v1/poll?client=" + client + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            awaitOnline(site, client);
        }
    }

    private static void awaitOnline(Site site, String client) {
        Awaitility.await()
                .until(() -> Http.json(Http.get(site.publisherUrl() + "/v1/clients/" + client))
                        .get("online")
                        .asBoolean());
    }

    private static void isDeleted(Site site, String client) {
        CompletableFuture<HttpResponse<String>> held = Http.getLater(site.gatewayUrl(0) + "/v1/poll?client=" + client);
        awaitOnline(site, client);
        HttpRequest delete = HttpRequest.newBuilder(URI.create(site.publisherUrl() + "/v1/clients/" + client))
                .DELETE()
                .build();
        HttpClient.newHttpClient()
                .sendAsync(delete, HttpResponse.BodyHandlers.ofString())
                .join();
        assertEquals("deleted", Http.json(held.join()).get("ended").asText());
    }

    private static void overflows(Site site, String client) {
        List<String> messages = IntStream.range(0, MAILBOX_MAX_MESSAGES + 3)
                .mapToObj(i -> "{\"client\":\"" + client + "\",\"data\":" + i + ",\"ttlMs\":600000}")
                .toList();
        Http.publish(site, messages.toString());
    }

    private void awaitTold(Site site, Map<String, List<String>> expected) throws Exception {
        try (EventStream events = new EventStream(site.publisherUrl() + "/v1/events?after=0")) {
            CompletableFuture.runAsync(() -> readUntil(events, expected)).get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            assertEquals(expected, told, "not all was told");
        }
        Awaitility.await().atMost(BOUND).untilAsserted(() -> {
            Map<String, List<String>> byWebhook = new HashMap<>();
            posted.forEach(event -> note(event, byWebhook));
            assertEquals(expected, byWebhook);
        });
    }

    private void readUntil(EventStream events, Map<String, List<String>> expected) {
        try {
            while (!told.equals(expected)) {
                note(events.nextJson(), told);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Several events of one kind about one client may come as one, or as several; their counts are summed. */
    private static void note(JsonNode event, Map<String, List<String>> told) {
        List<String> of = told.computeIfAbsent(event.path("client").asText(), none -> new ArrayList<>());
        String what = event.get("event").asText();
        if (event.has("count")) {
            long before = of.isEmpty() ? 0 : Long.parseLong(of.remove(0).split(" ")[1]);
            of.add(what + " " + (before + event.get("count").asLong()));
        } else {
            of.add(event.has("reason") ? what + " " + event.get("reason").asText() : what);
        }
    }
}
