package megacomet.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Chromium;
import megacomet.fixture.Http;
import megacomet.fixture.StandaloneProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page at {@code /}, in a real browser, from the process that {@code make run} starts. */
@Isolated("Chromium needs a processor")
class DemoPageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** It is documented to be gone within 2 s of SIGTERM; a busy machine may take four times as long. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4 * 2);

    private static Chromium chromium;
    private static RedisServer redis;
    private static StandaloneProcess shared;

    private final String client = "client-" + UUID.randomUUID();
    private final List<Request> polls = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private BrowserContext profile;

    @BeforeAll
    static void start() throws IOException {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
        chromium = Chromium.start();
        redis = RedisServer.start();
        shared = StandaloneProcess.start("--redis-url", redis.url());
    }

    @AfterAll
    static void stop() throws IOException {
        shared.close();
        redis.close();
        chromium.close();
    }

    @BeforeEach
    void makeProfile() {
        profile = chromium.profile();
        profile.onWebError(error -> errors.add(error.error()));
        profile.onRequest(request -> {
            if (request.url().contains("/v1/poll?")) {
                polls.add(request);
            }
        });
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        profile.close();
        assertEquals(List.of(), errors);
    }

    // ---- waiting

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void waitsByJsonpAtAnotherOriginThanItsOwn(String host) {
        Page page = open(shared, host);
        publish(shared, "{\"n\":1}");
        assertShown(page, "{\"n\":1}");
        assertTrue(polls.size() > 1);
        String gateway = (host.equals("localhost") ? "127.0.0.1" : "localhost") + ":" + shared.port();
        for (Request poll : polls) {
            assertEquals("script", poll.resourceType());
            assertEquals(gateway, URI.create(poll.url()).getAuthority());
            assertTrue(poll.url().contains("&callback="), poll.url());
        }
    }

    @Test
    void waitsByFetchOnceJsonIsChosen() {
        Page page = open(shared, "localhost");
        page.waitForRequest(DemoPageIT::isFetchedAcrossOrigins, () -> page.check("#transport-json"));
        publish(shared, "1");
        assertShown(page, "1");

        polls.clear();
        reload(page);
        publish(shared, "2");
        assertShown(page, "2");
        assertTrue(polls.stream().allMatch(DemoPageIT::isFetchedAcrossOrigins), "a reload keeps the choice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonp", "json", "sse", "websocket"})
    void everyTransportBringsWhatIsForTheClientAndForItsTopics(String transport) {
        Page page = open(shared, "localhost");
        choose(page, transport);
        String topic = "topic-" + UUID.randomUUID();
        follow(page, topic + ", rooms/" + topic + "/*");
        assertThat(followers(page, topic)).hasText("1 follower");
        publish(shared, "1");
        assertShown(page, "1");
        publishToTopic(shared, topic, "2");
        assertShown(page, "2", "1");
        publishToTopic(shared, "rooms/" + topic + "/7", "3");
        assertShown(page, "3", "2", "1");
        assertThat(page.locator("#messages .topic")).hasText(new String[] {"rooms/" + topic + "/7", topic});
        assertThat(page.locator("#advice")).hasText("Advice: reconnect retry, interval 0 ms, hold 55 s");

        reload(page);
        publishToTopic(shared, topic, "4");
        assertShown(page, "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "websocket"})
    void aStreamGoesOnWhereAPollWas(String transport) {
        Page page = open(shared, "localhost");
        publish(shared, "1");
        assertShown(page, "1");
        choose(page, transport);
        publish(shared, "2");
        assertShown(page, "2", "1");
        choose(page, "json");
        publish(shared, "3");
        assertShown(page, "3", "2", "1");
    }

    @Test
    void showsHowManyFollowATopicWhileTheyComeAndGo() {
        Page page = open(shared, "localhost");
        String topic = "topic-" + UUID.randomUUID();
        follow(page, topic);
        assertThat(followers(page, topic)).hasText("1 follower");
        Page other = profile.newPage();
        other.navigate("http://localhost:" + shared.port() + "/#other-" + client);
        awaitWaiting(other);
        choose(other, "websocket");
        follow(other, topic);
        assertThat(followers(page, topic)).hasText("2 followers");
        follow(other, "");
        assertThat(followers(page, topic)).hasText("1 follower");
    }

    @Test
    void showsWhenAMessageWasPublishedAndHowLongItTook() {
        Page page = open(shared, "localhost");
        String answer = publish(shared, "\"a\"");
        assertThat(page.locator("#messages .seq"))
                .hasText("seq " + Http.json(answer).get("seq"));
        assertThat(page.locator("#messages .at")).hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));
        assertThat(page.locator("#messages .latency")).hasText(Pattern.compile("\\d{1,3}(,\\d{3})* ms"));
        assertThat(page.locator("#count")).hasText("1");
    }

    @Test
    void losesAndRepeatsNothingOfWhatCameWhileItWasAway() {
        Page page = open(shared, "localhost");
        String address = page.url();
        publish(shared, "\"before\"");
        assertShown(page, "\"before\"");

        page.navigate("about:blank");
        publish(shared, "1");
        publish(shared, "2");
        publish(shared, "3");
        page.navigate(address);
        assertShown(page, "3", "2", "1");

        reload(page);
        publish(shared, "\"after\"");
        assertShown(page, "\"after\"");
    }

    @Test
    void drawsAClientIdAndKeepsIt() {
        Page page = profile.newPage();
        page.navigate("http://localhost:" + shared.port() + "/");
        awaitWaiting(page);
        String drawn = page.inputValue("#client");
        assertTrue(drawn.matches("demo-[0-9a-f]{8}"), drawn);
        reload(page);
        assertThat(page.locator("#client")).hasValue(drawn);
    }

    @Test
    void waitsForAnotherClientOnceItsIdIsEntered() {
        Page page = open(shared, "localhost");
        page.fill("#client", "Zoë & Jürgen/" + client);
        page.evaluate("window.isOld = true");
        page.click("#use-client");
        page.waitForURL("**#Zo*");
        page.waitForFunction("!window.isOld"); // The name is in the address before the page is loaded anew.
        awaitWaiting(page);
        page.fill("#data", "[1,  2]");
        page.click("#publish");
        assertShown(page, "[1,2]");
    }

    @Test
    void saysThatAnotherPageHasTakenOverAndTakesOverAgainWhenAsked() {
        Page first = open(shared, "localhost");
        Page second = open(shared, "localhost");
        assertThat(first.locator("#state")).hasText("superseded");
        publish(shared, "1");
        assertShown(second, "1");

        first.click("#go-on");
        assertThat(second.locator("#state")).hasText("superseded");
        awaitWaiting(first);
        publish(shared, "2");
        assertThat(messages(first).first()).hasText("2");
        assertShown(second, "1");
    }

    @Test
    void fitsAPhone() {
        Page page = open(shared, "localhost");
        page.setViewportSize(320, 640);
        publish(shared, "\"" + "word".repeat(50) + "\"");
        assertThat(messages(page)).hasCount(1);
        assertEquals(320, page.evaluate("document.documentElement.scrollWidth"));
    }

    // ---- publishing

    @Test
    void publishesWhatIsInItsBox() {
        Page page = open(shared, "localhost");
        page.click("#publish");
        assertThat(page.locator("#published")).hasText(Pattern.compile("sent, seq \\d+, answered in \\d+ ms"));
        assertShown(page, "{\"text\":\"Hello, browser!\"}");

        page.fill("#data", "[\"by\", \"keyboard\"]");
        page.press("#data", "Control+Enter");
        assertThat(messages(page).first()).hasText("[\"by\",\"keyboard\"]");
    }

    @Test
    void publishesToATopic() {
        Page page = open(shared, "localhost");
        String topic = "topic-" + UUID.randomUUID();
        follow(page, topic);
        assertThat(followers(page, topic)).hasText("1 follower");
        page.check("#target-topic");
        page.fill("#topic", topic);
        assertThat(page.locator("#curl")).containsText("\"topic\":\"" + topic + "\"");
        page.click("#publish");
        assertThat(page.locator("#published")).hasText(Pattern.compile("sent, seq \\d+, answered in \\d+ ms"));
        assertShown(page, "{\"text\":\"Hello, browser!\"}");
    }

    @Test
    void saysWhyATopicCannotBeFollowed() {
        Page page = open(shared, "localhost");
        follow(page, "user/somebody-else");
        assertThat(page.locator("#state")).hasText("refused");
        assertThat(page.locator("#why")).hasText(Pattern.compile(".*\\(topic_not_allowed\\)"));
    }

    @Test
    void saysWhyWhatIsInItsBoxWasNotPublished() {
        Page page = open(shared, "localhost");
        page.fill("#data", "{oops");
        page.click("#publish");
        assertThat(page.locator("#published")).hasText(Pattern.compile("That is not JSON: .*"));

        page.fill("#data", "\"" + "x".repeat(64 << 10) + "\"");
        page.click("#publish");
        assertThat(page.locator("#published")).hasText(Pattern.compile(".*\\(message_too_large\\)"));
        assertThat(messages(page)).hasCount(0);
    }

    // ---- what breaks

    @Test
    void goesOnByItselfWhenRedisWasRestartedAndSaysThatMessagesMayBeMissing() throws IOException {
        try (RedisServer own = RedisServer.start();
                StandaloneProcess server = StandaloneProcess.start("--redis-url", own.url())) {
            Map<String, Page> pages = openOneByEveryTransport(server);
            own.kill();
            own.restart();
            pages.forEach((waiting, page) -> {
                publishOnceTaken(server, waiting, "2");
                assertShown(page, "2", "1");
                assertThat(page.locator("#messages .gap"))
                        .hasText("A gap. Messages missed: nobody knows how many; reason: failover");
            });
        }
    }

    /** Returns pages by their clients, each of which was shown the message "1". */
    private Map<String, Page> openOneByEveryTransport(StandaloneProcess server) {
        Map<String, Page> pages = new LinkedHashMap<>();
        for (String transport : List.of("jsonp", "json", "sse", "websocket")) {
            String waiting = transport + "-" + client;
            Page page = open(server, "localhost", waiting);
            choose(page, transport);
            publish(server, waiting, "1");
            assertShown(page, "1");
            pages.put(waiting, page);
        }
        return pages;
    }

    @Test
    void waitsForARedisThatIsAwayWhenThePageComes() throws IOException {
        try (RedisServer own = RedisServer.start();
                StandaloneProcess server =
                        StandaloneProcess.start("--redis-url", own.url(), "--redis-deadline", "500ms")) {
            Page page = open(server, "localhost");
            own.kill();
            page.reload();
            assertThat(page.locator("#state")).hasText("disconnected, retrying");
            assertThat(page.locator("#why")).hasText(Pattern.compile(".*\\(redis_unavailable\\)"));
            own.restart();
            awaitWaiting(page);
            publishOnceTaken(server, client, "1");
            assertShown(page, "1");
        }
    }

    @Test
    void goesOnByItselfWhenTheGatewayWasRestarted() throws IOException {
        try (RedisServer own = RedisServer.start();
                StandaloneProcess server = StandaloneProcess.start("--redis-url", own.url())) {
            Map<String, Page> pages = openOneByEveryTransport(server);
            server.stop();
            for (Page page : pages.values()) {
                assertThat(page.locator("#state")).hasText("disconnected, retrying");
                assertThat(page.locator("#why")).hasText("http://127.0.0.1:" + server.port() + " does not answer.");
            }
            server.startAgain();
            pages.forEach((waiting, page) -> {
                awaitWaiting(page);
                publish(server, waiting, "2");
                assertShown(page, "2", "1");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsInTimeWithItsRedisWhileABrowserWaits(boolean isWholeGroupSignalled) throws IOException {
        try (StandaloneProcess server = StandaloneProcess.start()) {
            open(server, "localhost");
            List<ProcessHandle> group = server.group();
            assertTrue(group.stream().anyMatch(DemoPageIT::isRedis), "with a redis of its own");
            int redisPort = embeddedRedisPort(server);
            (isWholeGroupSignalled ? group : group.subList(0, 1)).forEach(ProcessHandle::destroy);
            Awaitility.await().atMost(STOP_TIMEOUT).until(() -> group.stream().noneMatch(DemoPageIT::runs));
            assertThrows(
                    ConnectException.class,
                    () -> new Socket(InetAddress.getLoopbackAddress(), redisPort).close(),
                    "no redis that was started again");
        }
    }

    // ---- helpers

    private Page open(StandaloneProcess server, String host) {
        return open(server, host, client);
    }

    private Page open(StandaloneProcess server, String host, String waiting) {
        Page page = profile.newPage();
        page.navigate("http://" + host + ":" + server.port() + "/#" + waiting);
        awaitWaiting(page);
        return page;
    }

    private static void choose(Page page, String transport) {
        page.check("#transport-" + transport);
        awaitWaiting(page);
    }

    private static void follow(Page page, String topics) {
        page.fill("#topics", topics);
        page.click("#follow");
    }

    private static Locator followers(Page page, String topic) {
        return page.locator("#topics-shown li[data-topic='" + topic + "'] .followers");
    }

    private static void publishToTopic(StandaloneProcess server, String topic, String data) {
        HttpResponse<String> answer = server.publishToTopic(topic, data);
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private static void reload(Page page) {
        page.reload();
        awaitWaiting(page);
    }

    private static void awaitWaiting(Page page) {
        assertThat(page.locator("#state")).hasText("waiting");
    }

    private static Locator messages(Page page) {
        return page.locator("#messages .data");
    }

    /** These are the messages that the page shows, and no others; the latest first. */
    private static void assertShown(Page page, String... data) {
        assertThat(messages(page)).hasText(data);
    }

    private String publish(StandaloneProcess server, String data) {
        return publish(server, client, data);
    }

    private static String publish(StandaloneProcess server, String waiting, String data) {
        HttpResponse<String> answer = server.publish(waiting, data);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static void publishOnceTaken(StandaloneProcess server, String waiting, String data) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> server.publish(waiting, data).statusCode() == 200);
    }

    private static boolean isFetchedAcrossOrigins(Request request) {
        URI url = URI.create(request.url());
        return url.getPath().equals("/v1/poll")
                && url.getHost().equals("127.0.0.1")
                && request.resourceType().equals("fetch");
    }

    /** Redis says who it is where its command line was; the program may have another name, as Debian's has. */
    private static boolean isRedis(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .contains("redis-server 127.0.0.1:");
        } catch (IOException hasEnded) {
            return false;
        }
    }

    /** A zombie that nobody has buried yet has no command any more. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static int embeddedRedisPort(StandaloneProcess server) {
        Matcher said =
                Pattern.compile("redis://…@127.0.0.1:(\\d+) \\(embedded\\)").matcher(server.said());
        assertTrue(said.find(), server::said);
        return Integer.parseInt(said.group(1));
    }
}
