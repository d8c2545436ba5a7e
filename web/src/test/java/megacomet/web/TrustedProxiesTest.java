package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import megacomet.web.fixture.FakeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word about the browser is taken. */
class TrustedProxiesTest {

    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.168.1.7", "fd00::/8"));

    private String client(String peer, String... forwarded) {
        FakeRequest request = new FakeRequest().from(peer);
        for (String line : forwarded) {
            request.header("x-forwarded-for", line);
        }
        return proxies.client(request.request());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The first is what the browser says of itself, or what somebody says who wants to be another.
                "10.0.0.1 | 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 1.1.1.1, 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | 1.1.1.1, 203.0.113.9, 10.2.2.2, 192.168.1.7 | 203.0.113.9",
                "10.0.0.1 | 10.3.3.3, 10.2.2.2 | 10.3.3.3",
                "10.0.0.1 | 2001:db8::9 | 2001:db8::9",
                "fd00::1 | 203.0.113.9 | 203.0.113.9",
                "10.0.0.1 | nonsense | 10.0.0.1",
                "10.0.0.1 | 203.0.113.9, nonsense | 10.0.0.1",
                "10.0.0.1 | localhost | 10.0.0.1",
                "10.0.0.1 | '' | 10.0.0.1",
                "10.0.0.1 | , , | 10.0.0.1",
                "203.0.113.1 | 203.0.113.9 | 203.0.113.1",
                "192.168.1.8 | 203.0.113.9 | 192.168.1.8",
                "11.0.0.1 | 203.0.113.9 | 11.0.0.1"
            })
    void theClientIsTheLastAddressThatIsNoProxyOfOurs(String peer, String forwarded, String client) {
        assertEquals(client, client(peer, forwarded));
    }

    @Test
    void aLineThatTheBrowserSentBeforeTheProxysOwnIsNotTakenForIt() {
        assertEquals("203.0.113.9", client("10.0.0.1", "1.1.1.1", "203.0.113.9"));
        assertEquals("203.0.113.9", client("10.0.0.1", "1.1.1.1, 2.2.2.2", "203.0.113.9, 10.2.2.2"));
    }

    @Test
    void withoutTheHeaderTheClientIsWhoConnected() {
        assertEquals("10.0.0.1", client("10.0.0.1"));
        assertEquals(
                "203.0.113.1",
                TrustedProxies.NONE.client(new FakeRequest().from("203.0.113.1").request()));
    }

    @Test
    void theSchemeIsTheProxysWordAndOnlyATrustedOnes() {
        assertEquals("https", scheme("10.0.0.1", "https"));
        assertEquals("https", scheme("10.0.0.1", "HTTPS"));
        assertEquals("http", scheme("10.0.0.1", "https, http"));
        assertEquals("http", scheme("10.0.0.1", "javascript"));
        assertEquals("http", scheme("203.0.113.1", "https"));
        assertEquals("https", proxies.scheme(new FakeRequest().overTls().request()));
    }

    private String scheme(String peer, String forwarded) {
        return proxies.scheme(new FakeRequest()
                .from(peer)
                .header("x-forwarded-proto", forwarded)
                .request());
    }

    @ParameterizedTest
    @CsvSource({"10.255.255.255,true", "9.255.255.255,false", "fdff::1,true", "fe00::1,false", "192.168.1.7,true"})
    void aNetworkIsItsFirstBits(String peer, boolean isTrusted) {
        assertEquals(isTrusted, proxies.isTrusted(io.vertx.core.net.SocketAddress.inetSocketAddress(1, peer)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "::/129",
                "1.2.3.400"
            })
    void whatIsNoNetworkIsRefused(String network) {
        assertThrows(IllegalArgumentException.class, () -> new TrustedProxies(List.of(network)));
    }
}
