package megacomet.web;

import java.util.Set;
import megacomet.web.fixture.FakeRequest;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which names an open server may be called, and by whose pages. */
class OpenModeTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
    void loopbacksOwnNamesPass(String host) {
        OpenMode.demand(new FakeRequest().header("host", host).request(), Origins.NONE);
        OpenMode.demand(new FakeRequest().authority(host).request(), Origins.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example:localhost",
                "localhost:80@evil.example",
                "localhost:x",
                "127.0.0.2",
                "0.0.0.0",
                "[::]",
                "::1",
                "",
                "localhost\0"
            })
    void aNameThatSomebodyPointsToLoopbackIsRefused(String host) {
        Refused.with(
                ErrorCode.HOST_NOT_ALLOWED,
                () -> OpenMode.demand(new FakeRequest().header("host", host).request(), Origins.NONE));
    }

    @Test
    void aRequestWithoutANameIsRefused() {
        Refused.with(ErrorCode.HOST_NOT_ALLOWED, () -> OpenMode.demand(new FakeRequest().request(), Origins.NONE));
    }

    private static void ask(String... headers) {
        FakeRequest request = new FakeRequest().path("/v1/poll").header("host", "localhost:8080");
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        OpenMode.demand(request.request(), new Origins(Set.of("https://shop.example"), TrustedProxies.NONE));
    }

    @Test
    void requestsOfPagesOfThisMachineOfListedOnesAndOfNoPageAtAllPass() {
        ask();
        ask("sec-fetch-site: none");
        ask("sec-fetch-site: same-origin", "referer: http://localhost:8080/");
        ask("sec-fetch-site: same-site", "origin: http://localhost:8080");
        ask("sec-fetch-site: cross-site", "origin: http://127.0.0.1:8080"); // called localhost by its own page
        ask("sec-fetch-site: cross-site", "referer: http://[::1]:3000/page?x");
        ask("sec-fetch-site: cross-site", "origin: https://shop.example");
        ask("sec-fetch-site: cross-site", "referer: https://shop.example/cart");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sec-fetch-site: cross-site",
                "sec-fetch-site: anything",
                "referer: http://evil.example/",
                "referer: http://evil.example",
                "referer: http://localhost.evil.example/",
                "referer: http://localhost@evil.example/",
                "referer: localhost",
                "referer: x",
                "origin: null",
                "origin: http://evil.example",
                "origin: file://localhost",
                "origin: https://shop.example.evil.example"
            })
    void requestsOfAnyOtherPageAreRefusedHoweverItHidesThat(String header) {
        Refused.with(ErrorCode.ORIGIN_NOT_ALLOWED, () -> ask(header));
        Refused.with(
                ErrorCode.ORIGIN_NOT_ALLOWED,
                () -> ask(header, "sec-fetch-mode: navigate", "sec-fetch-dest: document"));
    }

    @Test
    void aLinkFromAnywhereLeadsToTheDemoPageButNotIntoAFrame() {
        FakeRequest link = new FakeRequest()
                .path("/")
                .header("host", "localhost:8080")
                .header("sec-fetch-site", "cross-site")
                .header("sec-fetch-mode", "navigate");
        Refused.with(ErrorCode.ORIGIN_NOT_ALLOWED, () -> OpenMode.demand(link.request(), Origins.NONE));
        OpenMode.demand(link.header("sec-fetch-dest", "document").request(), Origins.NONE);
    }
}
