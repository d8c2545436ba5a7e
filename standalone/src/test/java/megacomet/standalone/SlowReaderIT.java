package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import megacomet.fixture.Http;
import megacomet.fixture.LogLines;
import megacomet.fixture.RawEventStream;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.TopicRules;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers that stop reading while much is published to what they follow. */
@Isolated("it reads the whole log")
class SlowReaderIT {

    private static final String RULES = """
            {"topics":[
              {"pattern":"log/*","maxMessages":10000,"maxBytes":67108864},
              {"pattern":"latest/*","mode":"latest"},
              {"pattern":"relay/*","mode":"relay"}
            ]}
            """;

    private static final int STREAM_MAX_BYTES = 64 << 10;

    /** What is written ahead of a browser that does not read, documented. */
    private static final int AHEAD_BYTES = 64 << 10;

    /** As large as wakes carry it: of a relayed message there is nothing else. */
    private static final int MESSAGE_BYTES = 7_000;

    private static final int MESSAGES_A_REQUEST = 500;

    /** More than the kernel's buffers for a connection take. */
    private static final int MESSAGES = 1_000;

    private static final int CROWD = 30;

    private static final String FILLER = "x".repeat(MESSAGE_BYTES);
    private static final Pattern DROPPED = Pattern.compile("(?m)^megacomet_dropped_total (\\S+)$");

    @TempDir
    static Path folder;

    private static Site site;
    private final String unique = UUID.randomUUID().toString();
    private final String client = "client-" + unique;

    /** One for each test, because a gateway logs only so many lines of slow readers a second. */
    @BeforeEach
    void open() throws IOException {
        TopicRules rules = TopicRules.read(Files.writeString(folder.resolve("topics.json"), RULES));
        site = new Site.Plan(RedisFixture.STANDALONE.options(), 1)
                .room(RoomOptions.DEFAULT.withStreams(15_000, STREAM_MAX_BYTES))
                .topics(rules)
                .open();
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** A browser that can leave off reading. */
    private interface Reader extends AutoCloseable {
        /** Waits for the next answer. */
        JsonNode next() throws IOException;

        @Override
        void close() throws IOException;

        static Reader by(String transport, String query) throws IOException {
            if (transport.equals("sse")) {
                RawEventStream stream = new RawEventStream(site.gatewayUrl(0) + "/v1/stream?" + query);
                return of(stream::nextJson, stream);
            }
            RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + "/v1/ws?" + query, "");
            return of(socket::nextJson, socket);
        }

        private static Reader of(Next next, AutoCloseable connection) {
            return new Reader() {
                @Override
                public JsonNode next() throws IOException {
                    return next.json();
                }

                @Override
                public void close() throws IOException {
                    try {
                        connection.close();
                    } catch (IOException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }
            };
        }
    }

    private interface Next {
        JsonNode json() throws IOException;
    }

    private String follow(String topics) {
        return "client=" + client + "&topics=" + topics.replace("/", "%2F");
    }

    /** Publishes messages of that many bytes, numbered from {@code first} on. */
    private static void publish(String topic, int first, int count) {
        for (int from = first; from < first + count; from += MESSAGES_A_REQUEST) {
            List<String> messages = IntStream.range(from, Math.min(first + count, from + MESSAGES_A_REQUEST))
                    .mapToObj(i -> "{\"topic\":\"" + topic + "\",\"key\":\"" + i % 2 + "\",\"data\":[" + i + ",\""
                            + FILLER + "\"]}")
                    .toList();
            JsonNode answers = Http.publish(site, messages.toString());
            answers.forEach(answer -> assertTrue(answer.has("seq"), answer::toString));
        }
    }

    private static boolean hasEnded(LogLines log) {
        return log.all().contains("stream ended: the client reads too slowly");
    }

    private static int numberOf(JsonNode message) {
        return message.get("data").get(0).asInt();
    }

    private static double dropped() {
        Matcher metric = DROPPED.matcher(site.metrics(0));
        return metric.find() ? Double.parseDouble(metric.group(1)) : 0;
    }

    /** Until the reader's share of memory was exhausted, whatever that took. */
    private static void awaitDropped(double before) {
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> dropped() > before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "websocket"})
    void ofALogItIsEndedAndItsCursorGoesOnWithoutLoss(String transport) throws IOException {
        String topic = "log/" + unique;
        List<Integer> got = new ArrayList<>();
        String cursor;
        int published = 0;
        try (LogLines log = new LogLines();
                Reader reader = Reader.by(transport, follow(topic))) {
            cursor = reader.next().get("cursor").asText();
            while (!hasEnded(log) && published < 4 * MESSAGES) {
                publish(topic, published, MESSAGES_A_REQUEST);
                published += MESSAGES_A_REQUEST;
            }
            Awaitility.await("it is ended").until(() -> hasEnded(log)); // Publishing may be faster than the gateway.
            assertTrue(log.all().contains("client=\"" + client + "\" transport=\"" + transport + "\""), log.all());
            cursor = readToTheEnd(reader, cursor, got);
        }
        assertTrue(site.metrics(0)
                .contains("megacomet_polls_total{outcome=\"slow_reader\",transport=\"" + transport + "\"}"));
        while (got.size() < published) {
            JsonNode answer = Http.json(
                    Http.get(site.gatewayUrl(0) + "/v1/poll?timeoutMs=5000&" + follow(topic) + "&cursor=" + cursor));
            assertFalse(answer.has("gaps"), () -> "" + answer.get("gaps"));
            assertFalse(answer.get("messages").isEmpty(), got.size() + " of all");
            answer.get("messages").forEach(message -> got.add(numberOf(message)));
            cursor = answer.get("cursor").asText();
        }
        assertEquals(IntStream.range(0, published).boxed().toList(), got);
    }

    /** Reads what was on its way, up to the answer that says why there is no more, or to where it was cut off. */
    private static String readToTheEnd(Reader reader, String from, List<Integer> got) {
        String cursor = from;
        try {
            while (true) {
                JsonNode answer = reader.next();
                if (answer.has("ended")) {
                    assertEquals("slow_reader", answer.get("ended").asText());
                    assertEquals("retry", answer.get("advice").get("reconnect").asText());
                    return cursor;
                }
                answer.get("messages").forEach(message -> got.add(numberOf(message)));
                cursor = answer.get("cursor").asText();
            }
        } catch (IOException cutOff) {
            return cursor;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "websocket"})
    void ofALatestTopicItGetsTheLastOfEachKeyWhenItReadsAgain(String transport) throws IOException {
        String topic = "latest/" + unique;
        String relayed = "relay/" + unique;
        double before = dropped();
        try (Reader reader = Reader.by(transport, follow(topic + "," + relayed))) {
            reader.next();
            publish(topic, 0, MESSAGES);
            // When some of these are dropped, all of those have been dealt with: they came before on the same way.
            publish(relayed, 0, MESSAGES / 10);
            awaitDropped(before);
            Map<String, Integer> last = new TreeMap<>();
            int got = 0;
            while (last.values().stream().mapToInt(Integer::intValue).sum() < 2 * MESSAGES - 3) {
                JsonNode answer = reader.next();
                assertFalse(answer.has("ended"), () -> "" + answer.get("ended"));
                for (JsonNode gap : answer.path("gaps")) {
                    assertEquals(relayed, gap.get("topic").asText());
                }
                for (JsonNode message : answer.get("messages")) {
                    if (message.get("topic").asText().equals(topic)) {
                        Integer former = last.put(message.get("key").asText(), numberOf(message));
                        assertTrue(former == null || former < numberOf(message), "in order");
                        got++;
                    }
                }
            }
            assertTrue(got < MESSAGES, "nothing was conflated");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "websocket"})
    void ofARelayedTopicItMissesSomeAndIsToldHowManyAndSoAreOperators(String transport) throws IOException {
        String topic = "relay/" + unique;
        double before = dropped();
        try (LogLines log = new LogLines();
                Reader reader = Reader.by(transport, follow(topic))) {
            reader.next();
            publish(topic, 0, MESSAGES);
            awaitDropped(before);
            int got = 0;
            int missed = 0;
            int highest = -1;
            while (got + missed < MESSAGES) {
                JsonNode answer = reader.next();
                for (JsonNode message : answer.get("messages")) {
                    assertTrue(numberOf(message) > highest, "in order");
                    highest = numberOf(message);
                    got++;
                }
                for (JsonNode gap : answer.path("gaps")) {
                    assertEquals(topic, gap.get("topic").asText());
                    assertEquals("dropped", gap.get("reason").asText());
                    missed += gap.get("missed").asInt();
                }
            }
            assertEquals(MESSAGES, got + missed);
            assertTrue(missed > 0, "nothing was dropped");
            assertEquals(missed, dropped() - before, "every drop is counted");
            List<String> lines = log.all()
                    .lines()
                    .filter(line -> line.contains("messages dropped: the client reads too slowly"))
                    .toList();
            assertTrue(lines.get(0).contains("client=\"" + client + "\" topic=\"" + topic + "\" count="), lines.get(0));
        }
    }

    /** Each has a topic of its own, because what several have to get is in memory once. */
    @Test
    void aCrowdOfThemCostsNoMoreMemoryThanTheyMay() throws IOException {
        List<Reader> crowd = new ArrayList<>();
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < CROWD; i++) {
                String query = "client=" + client + "-" + i + "&topics=relay%2F" + unique + "-" + i;
                crowd.add(Reader.by(i % 2 == 0 ? "sse" : "websocket", query));
                crowd.get(i).next();
            }
            publish("log/" + unique, 0, MESSAGES); // What is needed anyway to publish so much is there from now on.
            long before = usedBytes();
            for (int i = 0; i < CROWD; i++) {
                publish("relay/" + unique + "-" + i, 0, MESSAGES);
            }
            long bound = 4L * CROWD * (STREAM_MAX_BYTES + AHEAD_BYTES);
            long mostInKernel = (long) CROWD * (4 << 20);
            assertTrue((long) CROWD * MESSAGES * MESSAGE_BYTES - mostInKernel > 4 * bound, "too little to tell");
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .untilAsserted(() -> {
                        long grown = usedBytes() - before;
                        assertTrue(grown < bound, grown + " bytes more, at most " + bound);
                    });
            long lines = log.all()
                    .lines()
                    .filter(line -> line.contains("messages dropped: the client reads too slowly"))
                    .count();
            assertTrue(lines > 0 && lines < dropped(), lines + " lines for " + dropped() + " messages");
        } finally {
            for (Reader reader : crowd) {
                reader.close();
            }
        }
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> site.holds() == 0);
    }

    /** Live objects. What netty keeps beside the heap for later is no measure of what is waiting. */
    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
