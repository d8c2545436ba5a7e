package megacomet.standalone;

import static megacomet.web.fixture.RawHttp.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import megacomet.fixture.Http;
import megacomet.fixture.OneGateway;
import megacomet.redis.fixture.LoopThread;
import megacomet.web.Tls;
import megacomet.web.TrustedProxies;
import megacomet.web.fixture.PemFiles;
import megacomet.web.fixture.RawHttp;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Polls that come in by other doors than plain HTTP/1.1: HTTP/2 over TLS, and behind a proxy that passes TCP on. */
class DoorsIT {

    private static final byte[] PROXY_V2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    @TempDir
    Path folder;

    @Test
    void manyPollsAreHeldOverOneHttp2ConnectionAndEachEndsForItself() throws Exception {
        PemFiles pem = PemFiles.make(folder).writeTo(folder);
        Tls tls = new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try (OneGateway gateway = new OneGateway.Door().tls(tls).open()) {
            HttpClient browser =
                    HttpClient.newBuilder().sslContext(PemFiles.trusting(pem)).build();
            String poll = "https://localhost:" + gateway.port() + "/v1/poll?client=";
            CompletableFuture<HttpResponse<String>> first = send(browser, poll + "first");
            CompletableFuture<HttpResponse<String>> second = send(browser, poll + "second");
            CompletableFuture<HttpResponse<String>> third = send(browser, poll + "third&callback=cb");
            Awaitility.await().until(() -> gateway.holds() == 3);

            first.cancel(true); // a reset of its stream alone
            Awaitility.await().until(() -> gateway.holds() == 2);
            gateway.publish("second", "2");
            HttpResponse<String> answer = second.get(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS);
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(
                    "2",
                    Http.json(answer.body()).get("messages").get(0).get("data").toString());
            assertFalse(third.isDone());
            gateway.publish("third", "\"<3>\"");
            assertTrue(third.get(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .body()
                    .contains("\"data\":\"\\u003c3\\u003e\""));
            assertEquals(0, gateway.holds());
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpClient browser, String url) {
        return browser.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void behindATrustedProxyTheConnectionBeginsWithWhoItIsFrom() throws IOException {
        TrustedProxies trusted = new TrustedProxies(List.of("127.0.0.1"));
        try (OneGateway gateway =
                new OneGateway.Door().proxyProtocolFrom(trusted).open()) {
            String poll = get("/v1/poll?client=42&timeoutMs=0");
            List<byte[]> headers = List.of(
                    "PROXY TCP4 203.0.113.9 198.51.100.1 40000 8080\r\n".getBytes(StandardCharsets.US_ASCII),
                    "PROXY TCP6 2001:db8::9 2001:db8::1 40000 8080\r\n".getBytes(StandardCharsets.US_ASCII),
                    "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
                    v2(0x21, 0x11, new byte[] {(byte) 203, 0, 113, 9, (byte) 198, 51, 100, 1, 0x10, 0, 0x1f, (byte) 0x90
                    }),
                    v2(0x20, 0x00, new byte[0])); // LOCAL: the balancer's own check
            for (byte[] header : headers) {
                try (RawHttp http = RawHttp.connect(gateway.port())) {
                    RawHttp.Answer answer = http.send(header).send(poll).read();
                    assertEquals(200, answer.status());
                    assertEquals(200, http.send(poll).read().status(), "the next one needs no such header");
                }
            }
            for (String nonsense : new String[] {"", "PROXY TCP4 x y z\r\n", "PROXY " + "x".repeat(200) + "\r\n"}) {
                try (RawHttp http = RawHttp.connect(gateway.port())) {
                    assertNull(http.send(nonsense + poll).sendNoMore().read(), nonsense);
                }
            }
            try (RawHttp http = RawHttp.connect(gateway.port())) {
                assertEquals(200, http.send(headers.get(0)).send(poll).read().status(), "it still serves");
            }
        }
    }

    @Test
    void whoIsNoTrustedProxyIsRefusedWhateverItSaysWhoItIs() throws IOException {
        TrustedProxies others = new TrustedProxies(List.of("10.0.0.0/8"));
        try (OneGateway gateway =
                new OneGateway.Door().proxyProtocolFrom(others).open()) {
            RawHttp.Answer answer = RawHttp.exchange(
                    gateway.port(),
                    "PROXY TCP4 10.0.0.1 198.51.100.1 40000 8080\r\n" + get("/v1/poll?client=42&timeoutMs=0"));
            assertEquals(403, answer.status());
        }
    }

    private static byte[] v2(int command, int family, byte[] addresses) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(PROXY_V2);
        header.write(command);
        header.write(family);
        header.write(addresses.length >> 8);
        header.write(addresses.length);
        header.writeBytes(addresses);
        return header.toByteArray();
    }
}
