package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import megacomet.fixture.DocExample;
import megacomet.fixture.Http;
import megacomet.fixture.RawWebSocket;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What stands in the documents is true: their examples are carried out one after the other, and what is answered has the
 * same shape: the same fields with values of the same kind. A cursor in an example is the one that was answered last.
 */
class DocsIT {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern CURSOR = Pattern.compile("AYE[A-Za-z0-9_-]+");
    private static final Pattern SCRIPT = Pattern.compile("/\\*\\*/\\w+\\((.*)\\);");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Site site;
    private String cursor = "";

    @BeforeEach
    void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol.md", "publish-api.md"})
    void everyExampleIsTrue(String file) throws Exception {
        List<DocExample> examples = DocExample.in(DOCS.resolve(file));
        assertFalse(examples.isEmpty());
        String server = file.equals("protocol.md") ? site.gatewayUrl(0) : site.publisherUrl();
        for (DocExample example : examples) {
            try {
                switch (example.kind()) {
                    case "http" -> overHttp(example, server);
                    case "websocket" -> overWebSocket(example);
                    default -> bySh(example);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError(example + ": " + e.getMessage(), e);
            }
        }
    }

    private void overHttp(DocExample example, String server) throws Exception {
        String[] headAndBody = filled(example.request()).split("\n\n", 2);
        String[] head = headAndBody[0].split("\n");
        String[] line = head[0].split(" ");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + line[1]))
                .method(
                        line[0],
                        headAndBody.length < 2
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(headAndBody[1]));
        for (int i = 1; i < head.length; i++) {
            request.header(head[i].split(":")[0], head[i].split(":", 2)[1].strip());
        }
        HttpResponse<InputStream> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader body = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String type = response.headers().firstValue("content-type").orElse("");
            assertEquals(example.status(), (response.statusCode() + " " + type).strip());
            for (String expected : example.answer()) {
                assertLike(expected, body.readLine()); // Of a stream that goes on, no more than is expected is read.
            }
        }
    }

    private void overWebSocket(DocExample example) throws IOException {
        String target = example.request().split(" ")[1];
        try (RawWebSocket socket = new RawWebSocket(site.gatewayUrl(0) + filled(target), "")) {
            assertEquals(101, socket.status());
            for (String line : example.answer()) {
                if (line.startsWith("> ")) {
                    socket.send(filled(line.substring(2)));
                } else {
                    assertLike(line.substring(2), socket.next().text());
                }
            }
        }
    }

    private void bySh(DocExample example) throws IOException, InterruptedException {
        String command = filled(example.request())
                .replace("http://localhost", "localhost")
                .replace("localhost:8080", site.gatewayUrl(0))
                .replace("localhost:8090", site.publisherUrl());
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        Iterator<String> lines = said.lines().iterator();
        for (String expected : example.answer()) {
            assertTrue(lines.hasNext(), "not answered: " + expected);
            assertLike(expected, lines.next());
        }
    }

    private String filled(String text) {
        return CURSOR.matcher(text).replaceAll(Matcher.quoteReplacement(cursor));
    }

    // ---- shape

    private void assertLike(String expected, String actual) {
        Matcher expectedScript = SCRIPT.matcher(expected);
        if (expectedScript.matches()) {
            Matcher script = SCRIPT.matcher(actual);
            assertTrue(script.matches(), actual);
            assertLike(expectedScript.group(1), script.group(1));
            return;
        }
        if (!expected.startsWith("{") && !expected.startsWith("[")) {
            Pattern field = Pattern.compile("([a-z]+): (.*)"); // of an event
            Matcher expectedField = field.matcher(expected);
            Matcher actualField = field.matcher(actual);
            assertTrue(expectedField.matches() && actualField.matches(), expected + " is not like " + actual);
            assertEquals(expectedField.group(1), actualField.group(1));
            if (expectedField.group(1).equals("data")) {
                assertLike(expectedField.group(2), actualField.group(2));
            }
            return;
        }
        JsonNode answer = Http.json(actual);
        assertEquals(shape(Http.json(expected)), shape(answer), actual);
        if (answer.hasNonNull("cursor")) {
            cursor = answer.get("cursor").asText();
        }
    }

    /** Everything but the values of numbers and texts; of texts, what is no name of ours, such as a code or state, goes. */
    private static String shape(JsonNode node) {
        if (node.isObject()) {
            List<String> fields = new ArrayList<>();
            node.fieldNames().forEachRemaining(name -> fields.add(name + ":" + shape(name, node.get(name))));
            return fields.toString();
        }
        if (node.isArray()) {
            return Stream.iterate(0, i -> i < node.size(), i -> i + 1)
                    .map(i -> shape(node.get(i)))
                    .toList()
                    .toString();
        }
        return node.getNodeType().toString();
    }

    private static String shape(String name, JsonNode value) {
        boolean isWord = List.of("code", "state", "ended", "reconnect", "reason", "topic", "client", "data", "status")
                .contains(name);
        return isWord ? value.toString() : shape(value);
    }
}
