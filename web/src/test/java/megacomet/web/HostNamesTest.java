package megacomet.web;

import java.util.List;
import megacomet.web.fixture.FakeRequest;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which names the management port may be called. */
class HostNamesTest {

    private static final HostNames NAMES = new HostNames(List.of("Ops-1.internal"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:9090",
                "127.0.0.1",
                "10.1.2.3:9090",
                "[::1]",
                "[2001:DB8::7]:9090",
                "[::ffff:10.0.0.1]",
                "ops-1.internal",
                "OPS-1.INTERNAL:9090"
            })
    void addressesLoopbackAndAllowedNamesPass(String host) {
        NAMES.demand(new FakeRequest().header("host", host).request());
        NAMES.demand(new FakeRequest().authority(host).request());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9090",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "10.1.2",
                "10.1.2.3.4",
                "1.2.3.evil",
                "[evil.example]",
                "ops-1.internal.evil.example",
                "ops-1.internal:x",
                "localhost:80@evil.example",
                ""
            })
    void aNameThatAWebsiteCanHaveIsRefused(String host) {
        Refused.with(
                ErrorCode.HOST_NOT_ALLOWED,
                () -> NAMES.demand(new FakeRequest().header("host", host).request()));
    }

    @Test
    void whoSendsNoNameIsNoBrowserAndPasses() {
        NAMES.demand(new FakeRequest().request());
    }
}
