package megacomet.loadtest.chaos.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.chaos.history.Reader;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.judge.Verdict;

/** Who is there, and how many follow what, as the application is told it. */
public final class Presence {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String publisher;
    private final List<Reader> readers;
    private final List<String> topics;
    private final long timeoutMs;
    private final List<String> breaches = new ArrayList<>();

    /** @param timeoutMs after which all must be right at the latest */
    public Presence(String publisher, List<Reader> readers, List<String> topics, long timeoutMs) {
        this.publisher = publisher;
        this.readers = readers;
        this.topics = topics;
        this.timeoutMs = timeoutMs;
    }

    /** All are there. */
    public void expectAll() throws InterruptedException {
        breaches.addAll(AtRest.lookFor(timeoutMs, () -> wrong(true)));
    }

    /** Nobody is there. */
    public void expectNobody(long lingerMs) throws InterruptedException {
        breaches.addAll(AtRest.lookFor(timeoutMs + lingerMs, () -> wrong(false)));
    }

    public Verdict verdict() {
        return Verdict.of(
                "presence and counts are right at rest",
                "%,d clients, %,d topics".formatted(readers.size(), topics.size()),
                breaches);
    }

    private List<String> wrong(boolean areThere) throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        for (String topic : topics) {
            long followers = areThere
                    ? readers.stream()
                            .filter(reader -> reader.reads(Stream.topic(topic)))
                            .count()
                    : 0;
            long said = get("/v1/topics/" + URLEncoder.encode(topic, StandardCharsets.UTF_8))
                    .path("followers")
                    .asLong(-1);
            if (said != followers) {
                wrong.add("topic %s is followed by %d, and %d is said".formatted(topic, followers, said));
            }
        }
        for (Reader reader : readers) {
            if (!wrong.isEmpty() || !reader.hasMailbox()) {
                continue; // Who is there is asked once the counts are right.
            }
            JsonNode said = get("/v1/clients/" + URLEncoder.encode(reader.client(), StandardCharsets.UTF_8));
            if (said.path("online").asBoolean(!areThere) != areThere) {
                wrong.add("%s (%s) is %s, and %s is said"
                        .formatted(reader.client(), reader.dialect(), areThere ? "there" : "gone", said));
            }
        }
        return wrong;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(publisher + path))
                .timeout(TIMEOUT)
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
