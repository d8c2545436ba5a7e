package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.chaos.world.World;

/** Where faults strike, and what they have by them. One thread's. */
public final class Scene {

    /** Some browsers follow it. */
    public static final String BURST_TOPIC = "chaos/burst";

    private static final int BURST_MESSAGES = 100;
    private static final int BURST_BYTES = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> breaches = new ArrayList<>();
    private final World world;
    private final SplittableRandom chance;
    private final Timeline timeline;
    private final long endNanos;

    /** @param endNanos until when faults shall last at most, where that can be chosen */
    public Scene(World world, SplittableRandom chance, Timeline timeline, long endNanos) {
        this.world = world;
        this.chance = chance;
        this.timeline = timeline;
        this.endNanos = endNanos;
    }

    public World world() {
        return world;
    }

    public Timeline timeline() {
        return timeline;
    }

    int choose(int among) {
        return chance.nextInt(among);
    }

    boolean chooseOne() {
        return chance.nextBoolean();
    }

    <T> T choose(List<T> among) {
        return among.get(chance.nextInt(among.size()));
    }

    boolean hasTimeFor(long ms) {
        return endNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** Waits until Redis is whole and serves. */
    void awaitServing() throws IOException, InterruptedException {
        world.redis().awaitWhole();
    }

    /** Something that must not happen has happened while a fault was brought about. */
    void breach(String what, Object... details) {
        breaches.add(what.formatted(details));
    }

    /** All of those. */
    public List<String> breaches() {
        return List.copyOf(breaches);
    }

    /**
     * Publishes many messages at once to {@link #BURST_TOPIC}: more than Redis sends in one go. They are nobody's of the run,
     * and nobody waits for their acknowledgement.
     */
    void burst() {
        String message =
                "{\"topic\":\"%s\",\"ttlMs\":2000,\"data\":\"%s\"}".formatted(BURST_TOPIC, "x".repeat(BURST_BYTES));
        String body = "[" + String.join(",", Collections.nCopies(BURST_MESSAGES, message)) + "]";
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(choose(world.publishers()).url() + "/v1/messages"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    }

    /** Lets a fault last, from least to most. */
    void last(long leastMs, long mostMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(chance.nextLong(leastMs, mostMs + 1));
    }
}
