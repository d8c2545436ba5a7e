package megacomet.web;

import megacomet.web.fixture.FakeRequest;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which names an open server may be called. */
class OpenModeTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
    void loopbacksOwnNamesPass(String host) {
        OpenMode.demandLoopbackName(new FakeRequest().header("host", host).request());
        OpenMode.demandLoopbackName(new FakeRequest().authority(host).request());
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
                () -> OpenMode.demandLoopbackName(
                        new FakeRequest().header("host", host).request()));
    }

    @Test
    void aRequestWithoutANameIsRefused() {
        Refused.with(ErrorCode.HOST_NOT_ALLOWED, () -> OpenMode.demandLoopbackName(new FakeRequest().request()));
    }
}
