package megacomet.standalone;

import static megacomet.web.fixture.RawHttp.get;
import static megacomet.web.fixture.RawHttp.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.RedisFixture;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls among other requests on one connection of HTTP/1.1, which a browser keeps. */
class PollConnectionIT {

    private static Site site;
    private static int port;
    private static int clients;
    private String client;

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 1);
        port = URI.create(site.gatewayUrl(0)).getPort();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void chooseClient() {
        client = "on-one-connection-" + ++clients;
    }

    private String poll(int timeoutMs, String... headers) {
        return get("/v1/poll?client=" + client + "&timeoutMs=" + timeoutMs, headers);
    }

    private void publish(String data) {
        Http.publish(site, "{\"client\":\"" + client + "\",\"data\":" + data + "}");
    }

    private static void assertAnswered(Answer answer) {
        assertNotNull(answer, "closed without an answer");
        assertEquals(200, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"messages\":["), answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /nothing HTTP/1.1\r\nhost: localhost\r\n\r\n",
                "OPTIONS /v1/poll HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=0&callback=cb HTTP/1.1\r\nhost: localhost\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=x HTTP/1.1\r\nhost: localhost\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\nx: y\r\n z\r\n\r\n",
                "GET /v1/poll?client=43&timeoutMs=0 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nabc",
                "POST /v1/poll HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 29\r\n\r\n"
                        + "{\"client\":\"43\",\"timeoutMs\":0}\n"
            })
    void whateverComesBetweenPollsIsAnsweredInItsTurn(String between) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            assertAnswered(http.send(poll(0)).read());
            int alone = RawHttp.exchange(port, between).status();
            for (int i = 0; i < 3; i++) {
                assertEquals(alone, http.send(between).read().status());
                assertAnswered(http.send(poll(0)).read());
            }
        }
    }

    @Test
    void aPollMayComeByteByByte() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            for (byte one : poll(0).getBytes(StandardCharsets.US_ASCII)) {
                http.send(new byte[] {one});
            }
            assertAnswered(http.read());
        }
    }

    @Test
    void pollsThatAreSentTogetherAreAnsweredInTheirOrder() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(poll(60_000) + poll(0) + get("/nothing") + poll(0));
            Awaitility.await().until(() -> site.holds() == 1);
            publish("1");
            assertTrue(http.read().body().contains("\"data\":1"));
            assertAnswered(http.read());
            assertEquals(404, http.read().status());
            assertAnswered(http.read());
        }
    }

    @Test
    void whatComesWhileAPollIsHeldIsAnsweredAfterIt() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(poll(60_000));
            Awaitility.await().until(() -> site.holds() == 1);
            http.send(get("/nothing") + poll(0))
                    .send(get("/" + "x".repeat(5_000)))
                    .send(get("/" + "y".repeat(5_000)));
            publish("1");
            assertTrue(http.read().body().contains("\"data\":1"));
            assertEquals(404, http.read().status());
            assertAnswered(http.read());
            assertEquals(404, http.read().status());
            assertEquals(404, http.read().status());
        }
    }

    @Test
    void aBrowserThatGoesLeavesNoHold() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            http.send(poll(60_000));
            Awaitility.await().until(() -> site.holds() == 1);
        }
        Awaitility.await().until(() -> site.holds() == 0);
    }

    @Test
    void onePollEndsTheOtherAndTheConnectionGoesOn() throws IOException {
        try (RawHttp first = RawHttp.connect(port);
                RawHttp second = RawHttp.connect(port)) {
            first.send(poll(60_000));
            Awaitility.await().until(() -> site.holds() == 1);
            second.send(poll(60_000));
            assertTrue(first.read().body().contains("\"ended\":\"superseded\""));
            first.send(get("/nothing"));
            assertEquals(404, first.read().status());
            publish("1");
            assertTrue(second.read().body().contains("\"data\":1"));
        }
    }

    @Test
    void aPollThatAsksForItIsTheLastOfItsConnection() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            assertAnswered(http.send(poll(0)).read());
            assertAnswered(http.send(poll(0, "connection: close")).read());
            assertEquals(null, http.read());
        }
    }

    @Test
    void aBodyIsNoPoll() throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            assertAnswered(http.send(poll(0)).read());
            String body = poll(0);
            http.send(post("/nothing", "text/plain", body) + poll(0));
            assertEquals(404, http.read().status());
            assertAnswered(http.read());
        }
    }
}
