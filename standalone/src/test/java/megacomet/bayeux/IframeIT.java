package megacomet.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import megacomet.fixture.BayeuxClient;
import megacomet.fixture.Chromium;
import megacomet.fixture.Http;
import megacomet.fixture.Site;
import megacomet.redis.fixture.LoopThread;
import megacomet.redis.fixture.RedisFixture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The streaming iframe, in a page of a real browser that has nothing of Bayeux but a few lines of its own. */
@Isolated("Chromium needs a processor")
class IframeIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A handshake, a subscription, and the iframe; each message's data goes into {@code got}. */
    private static final String PAGE = """
            <!DOCTYPE html><script>
            const got = [];
            let session;
            function hear(messages) { got.push(...messages.map(message => message.data)); }
            async function send(message) {
              const answer = await fetch("/bayeux", {
                method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify([message])});
              return (await answer.json())[0];
            }
            async function start(channel) {
              const {clientId} = await send({channel: "/meta/handshake", version: "1.0",
                supportedConnectionTypes: ["iframe", "long-polling"]});
              session = clientId;
              await send({channel: "/meta/subscribe", clientId, subscription: channel});
              const frame = document.createElement("iframe");
              frame.src = "/bayeux/" + clientId + "?iframe=hear";
              document.body.append(frame);
              return (await send({channel: "/meta/connect", clientId, connectionType: "iframe"})).successful;
            }
            </script><body></body>
            """;

    private static Site site;
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        site = Site.open(RedisFixture.STANDALONE.options(), 2);
        chromium = Chromium.start();
    }

    @AfterAll
    static void close() {
        chromium.close();
        site.close();
    }

    @Test
    void whatIsPublishedIsGivenToAFunctionOfThePageWhateverIsInIt() {
        List<String> texts =
                List.of("plain", "</script><script>got.push(0)</script>", "<!--", "\u2028\ud83d\ude00'\"\\");
        try (BrowserContext profile = chromium.profile()) {
            String origin = site.gatewayUrl(0);
            profile.route(
                    origin + "/page",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody(PAGE)));
            Page page = profile.newPage();
            page.navigate(origin + "/page");
            assertEquals(true, page.evaluate("start('/iframe/a')"));
            for (String text : texts) {
                JsonNode message =
                        JSON.createObjectNode().put("topic", "iframe/a").put("data", text);
                Http.publish(site, message.toString());
            }
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .untilAsserted(() -> assertEquals(texts, got(page)));
        }
    }

    /** The name in the address would be a function of the document's own window, and what is published would be what it is called with. */
    @Test
    void asAPageOfItsOwnTheDocumentCallsNothingAndNoOtherPageFramesIt() {
        try (BrowserContext profile = chromium.profile()) {
            String origin = site.gatewayUrl(0);
            profile.route(
                    origin + "/page",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody(PAGE)));
            Page page = profile.newPage();
            page.navigate(origin + "/page");
            page.evaluate("start('/iframe/b')");
            String clientId = (String) page.evaluate("session");
            Page top = profile.newPage();
            // What the address names would be there to be called.
            top.addInitScript("window.called = 0; window.hear = () => window.called++;");
            top.navigate(
                    origin + "/bayeux/" + clientId + "?iframe=hear",
                    new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
            JsonNode message = JSON.createObjectNode().put("topic", "iframe/b").put("data", "for the frame");
            Awaitility.await()
                    .atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        Http.publish(site, message.toString());
                        return (int) top.evaluate("document.scripts.length") > 0;
                    });
            assertEquals(0, top.evaluate("window.called"));
        }
    }

    @Test
    void theDocumentForbidsOtherPagesToFrameItAndTakesNoPathOfMethods() throws Exception {
        BayeuxClient client = new BayeuxClient(() -> site.gatewayUrl(0)).begin(null);
        String url = site.gatewayUrl(0) + "/bayeux/" + client.clientId() + "?iframe=";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "hear"))
                .header("cookie", client.cookie())
                .build();
        HttpResponse<InputStream> document =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = document.body()) {
            String policy =
                    document.headers().firstValue("content-security-policy").orElse("");
            assertTrue(policy.contains("frame-ancestors 'self'"), policy);
            assertEquals(
                    "SAMEORIGIN",
                    document.headers().firstValue("x-frame-options").orElse(""));
            assertTrue(body.read() >= 0);
        }
        assertEquals(400, Http.get(url + "document.body.remove").statusCode());
    }

    private static List<String> got(Page page) throws Exception {
        JsonNode got = JSON.readTree((String) page.evaluate("JSON.stringify(got)"));
        return StreamSupport.stream(got.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
