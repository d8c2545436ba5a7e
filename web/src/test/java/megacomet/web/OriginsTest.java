package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import megacomet.web.fixture.FakeRequest;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose pages may use a server. */
class OriginsTest {

    private static final String ALLOW = "access-control-allow-origin";

    private final Origins origins =
            new Origins(Set.of("https://shop.example", "HTTP://LOCAL.example:8000"), TrustedProxies.NONE);

    private static FakeRequest from(String origin) {
        return new FakeRequest().header("host", "push.example").header("origin", origin);
    }

    @Test
    void aRequestThatIsFromNoPagePasses() {
        FakeRequest request = new FakeRequest().header("host", "push.example");
        origins.demand(request.request());
        assertTrue(request.answered().isEmpty());
    }

    @Test
    void pagesOnTheListPassAndMayReadTheAnswer() {
        for (String origin : List.of("https://shop.example", "http://local.example:8000")) {
            FakeRequest request = from(origin);
            origins.demand(request.request());
            assertEquals(origin, request.answered().get(ALLOW));
            assertEquals("origin", request.answered().get("vary").toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void aPortThatIsTheSchemesOwnMayBeWrittenInTheList() {
        new Origins(Set.of("https://shop.example:443"), TrustedProxies.NONE)
                .demand(from("https://shop.example").request());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example",
                "https://shop.example:444",
                "https://shop.example.evil.example",
                "https://evil.example/https://shop.example",
                "https://shop.example@evil.example",
                "https://sub.shop.example",
                "https://shop.example, https://evil.example",
                "null",
                "",
                "*",
                "https://push.example"
            })
    void pagesOfAnyOtherOriginAreRefusedAndToldNothing(String origin) {
        FakeRequest request = from(origin);
        Refused.with(ErrorCode.ORIGIN_NOT_ALLOWED, () -> origins.demand(request.request()));
        assertTrue(request.answered().isEmpty());
    }

    @Test
    void theServersOwnPagesPassAlsoBehindAProxyThatEndsTls() {
        origins.demand(from("http://push.example").request());
        origins.demand(from("https://push.example").overTls().request());
        Origins behind = new Origins(Set.of(), new TrustedProxies(List.of("10.0.0.0/8")));
        behind.demand(from("https://push.example")
                .from("10.1.2.3")
                .header("x-forwarded-proto", "https")
                .request());
        Refused.with(
                ErrorCode.ORIGIN_NOT_ALLOWED,
                () -> behind.demand(from("https://push.example")
                        .from("11.1.2.3")
                        .header("x-forwarded-proto", "https")
                        .request()));
    }

    @Test
    void aBrowserThatAsksBeforehandIsToldWhatItMay() {
        FakeRequest request = from("https://shop.example");
        origins.answerPreflight(request.request(), HttpMethod.GET, HttpMethod.POST);
        assertEquals("GET, POST", request.answered().get("access-control-allow-methods"));
        assertEquals(
                "authorization, content-type, last-event-id", request.answered().get("access-control-allow-headers"));
        assertEquals(null, request.answered().get("access-control-allow-credentials"));
        Refused.with(
                ErrorCode.ORIGIN_NOT_ALLOWED,
                () -> origins.answerPreflight(from("https://evil.example").request(), HttpMethod.GET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example",
                "*",
                "https://*.shop.example",
                "https://shop.example/",
                "https://shop.example/path",
                "https://user@shop.example",
                "https://shop.example?x",
                "ftp://shop.example",
                "https://",
                "not an origin"
            })
    void whatIsNoOriginCannotBeOnTheList(String origin) {
        assertThrows(IllegalArgumentException.class, () -> new Origins(Set.of(origin), TrustedProxies.NONE));
    }
}
