package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.fixture.Http;
import megacomet.fixture.RawEventStream;
import megacomet.fixture.Site;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One client asks for everything that there ever was of thousands of topics. */
class ManyTopicsIT {

    private static final int TOPICS = 20_000;
    private static final int ANSWER_MAX_MESSAGES = 1_000;
    private static final int ANSWER_MAX_BYTES = 1 << 20;

    /** How long one turn of an event loop lasts at most, by docs/limits.md. */
    private static final int TURN_MAX_MS = 250;

    private static final int PUBLISHED_AT_ONCE = 1_000;
    private static final String CLIENT = "reader";

    private Site site;

    @BeforeEach
    void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
    }

    /** This verifies, too, that all of it in Redis is whole and will expire. */
    @AfterEach
    void close() {
        site.close();
    }

    private void publish(int topics, String data) {
        for (int first = 0; first < topics; first += PUBLISHED_AT_ONCE) {
            publish(first, Math.min(topics, first + PUBLISHED_AT_ONCE), data);
        }
    }

    private void publish(int first, int end, String data) {
        String lines = IntStream.range(first, end)
                .mapToObj(i -> "{\"topic\":\"t/" + i + "\",\"data\":" + data + ",\"ttlMs\":600000}\n")
                .collect(Collectors.joining());
        long taken = Http.post(site.publisherUrl() + "/v1/messages", "application/x-ndjson", lines)
                .body()
                .lines()
                .filter(line -> line.contains("\"seq\""))
                .count();
        assertEquals(end - first, taken, "messages taken");
    }

    private JsonNode poll(String cursor, int timeoutMs) {
        String brought = cursor == null ? "" : "&cursor=" + cursor;
        return Http.json(Http.get(
                site.gatewayUrl(0) + "/v1/poll?client=" + CLIENT + "&topics=**&timeoutMs=" + timeoutMs + brought));
    }

    /** A cursor that says of {@code **} that the client has nothing yet. */
    private String cursorAtZero() {
        Cursor now = Cursor.parse(poll(null, 0).get("cursor").asText());
        TopicPositions nothing = new TopicPositions(Map.of(), Set.of(new TopicPattern("**").tag()), Map.of());
        return new Cursor(Cursor.tagOf(new ClientId(CLIENT)), now.issuedAtMs(), now.mailbox(), nothing).encode();
    }

    /** Takes in an answer, and returns how many bytes of data were in it. */
    private static int take(JsonNode answer, Set<String> seen) {
        int bytes = 0;
        int largest = 0;
        JsonNode messages = answer.get("messages");
        assertTrue(messages.size() <= ANSWER_MAX_MESSAGES, messages.size() + " messages in one answer");
        for (JsonNode message : messages) {
            assertTrue(seen.add(message.get("topic").asText()), "twice: " + message);
            int size = message.get("data").toString().length();
            bytes += size;
            largest = Math.max(largest, size);
        }
        assertTrue(bytes <= ANSWER_MAX_BYTES + largest, bytes + " bytes in one answer");
        return bytes;
    }

    private int pollForAll(int topics) {
        Set<String> seen = new HashSet<>();
        String cursor = cursorAtZero();
        int polls = 0;
        for (; seen.size() < topics; polls++) {
            JsonNode answer = poll(cursor, 20_000);
            assertTrue(answer.get("messages").size() > 0, "after " + seen.size() + ": " + answer);
            take(answer, seen);
            cursor = answer.get("cursor").asText();
        }
        assertEquals(0, poll(cursor, 0).get("messages").size(), "nothing more");
        return polls;
    }

    private double longestTurnMs() {
        return 1_000
                * site.metrics(0)
                        .lines()
                        .filter(line -> line.startsWith("megacomet_loop_lag_seconds_max"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .max()
                        .orElseThrow();
    }

    @Test
    void everythingOfTwentyThousandTopicsComesInAnswersOfAThousandAndHoldsNobodyUp() {
        publish(TOPICS, "\"0123456789\"");
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Long> slowestPublish = CompletableFuture.supplyAsync(() -> {
            long slowestMs = 0;
            while (!isOver.get()) {
                long beganNanos = System.nanoTime();
                Http.publish(site, "{\"client\":\"somebody else\",\"data\":1}");
                slowestMs = Math.max(slowestMs, (System.nanoTime() - beganNanos) / 1_000_000);
            }
            return slowestMs;
        });
        int polls;
        try {
            polls = pollForAll(TOPICS);
        } finally {
            isOver.set(true);
        }
        assertTrue(
                polls >= TOPICS / ANSWER_MAX_MESSAGES && polls <= 2 * TOPICS / ANSWER_MAX_MESSAGES, polls + " polls");
        assertTrue(longestTurnMs() <= 4 * TURN_MAX_MS, longestTurnMs() + " ms");
        assertTrue(slowestPublish.join() <= 4 * TURN_MAX_MS, slowestPublish.join() + " ms");
    }

    @Test
    void largerMessagesFillAnswersByTheirBytes() {
        int topics = 2_500;
        publish(topics, "\"" + "x".repeat(4_000) + "\"");
        int polls = pollForAll(topics);
        assertTrue(polls >= topics * 4_000 / ANSWER_MAX_BYTES, polls + " polls");
    }

    @Test
    void aStreamGetsAllOfItInPiecesWithoutAskingAgain() throws IOException {
        int topics = 3_000;
        publish(topics, "\"0123456789\"");
        Set<String> seen = new HashSet<>();
        String url = site.gatewayUrl(0) + "/v1/stream?client=" + CLIENT + "&topics=**&cursor=" + cursorAtZero();
        try (RawEventStream stream = new RawEventStream(url)) {
            while (seen.size() < topics) {
                take(stream.nextJson(), seen);
            }
        }
    }
}
