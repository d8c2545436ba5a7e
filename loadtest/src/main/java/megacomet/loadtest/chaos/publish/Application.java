package megacomet.loadtest.chaos.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import megacomet.loadtest.chaos.history.Publish;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.history.Stream;

/**
 * The application: publishes each message by HTTP to some publisher, and tries again, at another, as the documentation allows,
 * until it is acknowledged or its deadline is over. Of one stream only one message is under way at a time, so that later ones
 * have higher numbers.
 */
public final class Application implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DEADLINE_MS = 20_000;
    private static final long AGAIN_MS = 200;

    /** Longer than a publisher may take for it, so that a request that was given up does nothing any more. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(8);

    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String run;
    private final List<String> publishers;
    private final String key;
    private final Recorder recorder;
    private final Map<Stream, CompletableFuture<Void>> last = new HashMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger acked = new AtomicInteger();
    private int published;
    private volatile boolean isClosed;

    /** @param key its API key, or null if publishers are open */
    public Application(String run, List<String> publishers, String key, Recorder recorder) {
        this.key = key;
        this.run = run;
        this.publishers = publishers;
        this.recorder = recorder;
    }

    /** Publishes a message when those to the same stream before it are done with. */
    public synchronized void publish(Stream stream, long ttlMs) {
        Letter letter = new Letter(run, published++, stream, ttlMs);
        underWay.incrementAndGet();
        CompletableFuture<Void> before = last.getOrDefault(stream, CompletableFuture.completedFuture(null));
        last.put(stream, before.thenCompose(done -> deliver(letter)));
    }

    /** How many messages are neither acknowledged nor given up. */
    public int underWay() {
        return underWay.get();
    }

    public synchronized int published() {
        return published;
    }

    public int acked() {
        return acked.get();
    }

    /** What went wrong at single tries, and how often. */
    public synchronized Map<String, Integer> failures() {
        return new TreeMap<>(failures);
    }

    @Override
    public void close() {
        isClosed = true;
    }

    /** A try's answer: the number, or null if it must be tried again. */
    private CompletableFuture<Void> deliver(Letter letter) {
        long sentMs = RunClock.nowMs();
        return attempt(letter, sentMs, 1);
    }

    private CompletableFuture<Void> attempt(Letter letter, long sentMs, int tries) {
        String publisher = publishers.get((letter.number() + tries) % publishers.size());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(publisher + "/v1/messages"))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(letter.body()));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .handle(this::seqOf)
                .thenCompose(seq -> {
                    long nowMs = RunClock.nowMs();
                    if (seq != 0) {
                        acked.incrementAndGet();
                        return done(letter, sentMs, nowMs, seq, tries);
                    }
                    if (nowMs - sentMs > DEADLINE_MS || isClosed) {
                        return done(letter, sentMs, Publish.NEVER, 0, tries);
                    }
                    return CompletableFuture.supplyAsync(
                                    () -> null, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS))
                            .thenCompose(waited -> attempt(letter, sentMs, tries + 1));
                });
    }

    private CompletableFuture<Void> done(Letter letter, long sentMs, long ackedMs, long seq, int tries) {
        recorder.add(new Publish(letter.number(), letter.stream(), letter.ttlMs(), sentMs, ackedMs, seq, tries));
        underWay.decrementAndGet();
        return CompletableFuture.completedFuture(null);
    }

    /** The number in an answer, or 0 if it was none. */
    private long seqOf(HttpResponse<String> answer, Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            failed(cause.getClass().getSimpleName());
            return 0;
        }
        try {
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() == OK) {
                return body.path("seq").asLong();
            }
            failed(answer.statusCode() + " " + body.path("code").asText());
        } catch (IOException e) {
            failed("an answer that is no JSON");
        }
        return 0;
    }

    private synchronized void failed(String reason) {
        failures.merge(reason, 1, Integer::sum);
    }
}
