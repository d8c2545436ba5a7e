package megacomet.publisher;

import io.vertx.core.Future;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import megacomet.redis.TopicRules;
import megacomet.redis.fixture.Deployed;
import megacomet.redis.fixture.LoopThread;
import megacomet.web.ApiKeys;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.Rate;
import megacomet.web.TrustedProxies;

/** The applications' side on a port of its own, and an application that uses it. */
final class PublisherFixture {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Deployed redis;
    private final String url;

    private PublisherFixture(Deployed redis, int port) {
        this.redis = redis;
        this.url = "http://127.0.0.1:" + port;
    }

    /** Serves without keys, until {@code redis} is closed. */
    static PublisherFixture open(Deployed redis) throws Exception {
        return open(redis, null);
    }

    /** @param rate of each API key, or null for no limit */
    static PublisherFixture open(Deployed redis, Rate rate) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        PublisherOptions options = new PublisherOptions(
                new Listen("127.0.0.1", port, null, false),
                1,
                ApiKeys.open(),
                true,
                new Origins(Set.of(), TrustedProxies.NONE),
                PublishLimits.DEFAULT,
                TopicRules.NONE,
                rate,
                null);
        await(redis.vertx()
                .deployVerticle(new PublisherVerticle(
                        options, redis.store(), new Meters(), new PublisherShared(rate), new Guard(new Meters()))));
        return new PublisherFixture(redis, port);
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Posts events to a webhook, as one process of several would. */
    void tell(WebhookOptions webhook) {
        await(redis.vertx().deployVerticle(new WebhookVerticle(webhook, redis.store(), new Meters())));
    }

    HttpResponse<String> sendNdjson(String path, String lines) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("content-type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.BodyPublisher content =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("content-type", "application/json")
                .method(method, content)
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Reads a stream of events, line by line. */
    Stream<String> lines(String path, String lastEventId) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body();
    }

    /** Returns what follows {@code "name: "} in the next line that begins so. */
    static String next(Iterator<String> lines, String name) {
        while (true) {
            String line = lines.next();
            if (line.startsWith(name + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
    }
}
