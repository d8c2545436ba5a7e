package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import megacomet.fixture.Http;
import megacomet.fixture.OneGateway;
import megacomet.web.fixture.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What any website's page can do to an open gateway on its visitor's machine: nothing. */
class OpenModeIT {

    private static OneGateway gateway;

    @BeforeAll
    static void open() {
        gateway = new OneGateway.Door().open();
    }

    @AfterAll
    static void close() {
        gateway.close();
    }

    private static RawHttp.Answer get(String target, String... headers) throws IOException {
        return RawHttp.exchange(
                gateway.port(), RawHttp.get(target, headers).replaceFirst("(?i)host: [^\r]*", "host: localhost"));
    }

    private static void assertRefused(RawHttp.Answer answer) {
        assertEquals(403, answer.status(), answer.body());
        assertEquals("origin_not_allowed", Http.json(answer.body()).get("code").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec-fetch-site: cross-site", "referer: https://evil.example/"})
    void aPageOfAnotherSiteNeitherReadsByAScriptElementNorPublishesByAnImage(String header) throws IOException {
        gateway.publish("42", "\"for this machine alone\"");
        String handshake =
                "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"callback-polling\"]}]";
        String publish = "[{\"channel\":\"/a/b\",\"data\":1}]";
        assertRefused(get("/v1/poll?client=42&timeoutMs=0&callback=cb", header));
        assertRefused(get("/v1/poll?client=42&timeoutMs=0", header));
        assertRefused(get("/v1/stream?client=42", header));
        for (String message : new String[] {handshake, publish}) {
            assertRefused(get("/bayeux?message=" + URLEncoder.encode(message, StandardCharsets.UTF_8), header));
        }
        RawHttp.Answer mine =
                get("/v1/poll?client=42&timeoutMs=0", "sec-fetch-site: same-origin", "referer: http://localhost/");
        assertTrue(mine.body().contains("for this machine alone"), mine.body());
        assertFalse(
                get("/v1/poll?client=42&timeoutMs=0&callback=cb").body().contains("error"), "curl has no such headers");
    }
}
