package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import megacomet.web.fixture.PemFiles;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.RawHttp.Answer;
import megacomet.web.fixture.RawHttp2;
import megacomet.web.fixture.Served;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers might read differently are refused, whichever way they come. */
class FramingIT {

    private static final String CHUNKED =
            "POST /body HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";

    @TempDir
    private static Path folder;

    private static PemFiles certificate;
    /** Reads as gateways do, which count connections. */
    private static Served counting;
    /** Reads as the other ports do. */
    private static Served plain;

    private static Served http2;

    @BeforeAll
    static void serve() throws Exception {
        counting = new Served(1_000, null, (door, server, router) -> {
            new Connections(Vertx.currentContext().owner(), door).on(server);
            routes(server, router);
        });
        plain = new Served(null, FramingIT::routes);
        certificate = PemFiles.make(folder).writeTo(folder);
        http2 = new Served(new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem")), FramingIT::routes);
    }

    @AfterAll
    static void close() {
        counting.close();
        plain.close();
        http2.close();
    }

    private static void routes(HttpServer server, Router router) {
        BodyReader reader = new BodyReader(Vertx.currentContext().owner(), new Guard(new Meters()));
        router.post("/body")
                .handler(context -> reader.read(context.request(), BodyLimits.ofKnown(1 << 20, BodyLimits.Pace.WHOLE))
                        .onSuccess(body -> {
                            try (body) {
                                context.end(body.buffer());
                            }
                        })
                        .onFailure(context::fail));
        router.get("/").handler(context -> context.end("ok"));
    }

    private static void assertRefused(String request) throws IOException {
        for (Served served : List.of(counting, plain)) {
            try (RawHttp http = RawHttp.connect(served.port())) {
                Answer answer = http.send(request + RawHttp.get("/")).read();
                assertEquals(400, answer.status(), request);
                assertTrue(answer.body().contains("\"code\":\"invalid_request\""), answer.body());
                assertNull(http.read(), "what came behind it was taken for a request");
            }
        }
    }

    private static void assertTaken(String expected, String request) throws IOException {
        for (Served served : List.of(counting, plain)) {
            try (RawHttp http = RawHttp.connect(served.port())) {
                assertEquals(
                        expected, http.send(request + RawHttp.get("/")).read().body(), request);
                assertEquals("ok", http.read().body(), "the next on the connection");
            }
        }
    }

    // ---- HTTP/1

    @ParameterizedTest
    @ValueSource(
            strings = {"content-length: 5|transfer-encoding: chunked", "transfer-encoding: chunked|content-length: 5"})
    void aLengthThatIsSaidTwiceIsRefusedAndItsConnectionClosed(String headers) throws IOException {
        assertRefused("POST /body HTTP/1.1\r\nhost: localhost\r\n" + headers.replace("|", "\r\n")
                + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    void aTransferCodingInHttp10IsRefused() throws IOException {
        assertRefused("POST /body HTTP/1.0\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: y",
                "host: localhost|host: localhost",
                "host:",
                "host: :80",
                "host: local host",
                "host: a,b",
                "host: a/b",
                "host: user@a",
                "host: a:b",
                "host: a:999999",
                "host: [::1",
                "host: []",
                "host: http://a"
            })
    void aHostThatIsNoneOrTwoIsRefused(String headers) throws IOException {
        assertRefused("GET / HTTP/1.1\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.example:8080", "127.0.0.1:1", "[::1]", "[fe80::1]:443", "xn--a_b.example", "a:"})
    void aHostThatCanBeOneIsTaken(String host) throws IOException {
        assertTaken("ok", "GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;a=b|hello|0||",
                "5;a|hello|0;z=\"x y;\"||",
                "5 ; a = b|hello|0||",
                "005|hello|00||",
                "5|hello|0|x-sum: 1|y: 2||"
            })
    void chunkExtensionsAndTrailersArePassedOver(String chunks) throws IOException {
        assertTaken("hello", CHUNKED + chunks.replace("|", "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5x|hello|0||",
                "0x5|hello|0||",
                " 5|hello|0||",
                "5 5|hello|0||",
                "|",
                ";a|",
                "5|hello!|0||",
                "5|hell|0||",
                "99999999|",
                "5;a=\n|hello|0||",
                "0|GET / HTTP/1.1|host|"
            })
    void aChunkThatIsNoneIsAnsweredAndItsConnectionClosed(String chunks) throws IOException {
        assertRefused(CHUNKED + chunks.replace("|", "\r\n"));
    }

    @Test
    void chunkExtensionsWithoutEndAreRefused() throws IOException {
        assertRefused(CHUNKED + "5;" + "a".repeat(2_000) + "\r\nhello\r\n");
        assertRefused(CHUNKED + ("1;" + "a".repeat(900) + "\r\nx\r\n").repeat(10) + "0\r\n\r\n");
    }

    @Test
    void aBodyInPiecesIsReadWhereverTheyAreCut() throws IOException {
        String request = CHUNKED + "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nx: y\r\n\r\n";
        try (RawHttp http = RawHttp.connect(plain.port())) {
            for (int i = 0; i < request.length(); i++) {
                http.send(request.substring(i, i + 1));
            }
            assertEquals("hello world", http.read().body());
            assertEquals("ok", http.send(RawHttp.get("/")).read().body());
        }
    }

    // ---- HTTP/2

    private static int exchangeHttp2(String... more) throws Exception {
        List<String> headers = new ArrayList<>(List.of(":method", "GET", ":scheme", "https", ":path", "/"));
        headers.addAll(Arrays.asList(more));
        try (RawHttp2 http = new RawHttp2(http2.port(), PemFiles.trusting(certificate))) {
            return http.exchange(headers.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\r\nhost: evil", " a", "a ", "\ta"})
    void aValueOfHttp2ThatCouldEndALineElsewhereIsRefused(String value) throws Exception {
        int status = exchangeHttp2(":authority", "localhost", "x", value);
        assertTrue(status == 400 || status == 0, "" + status);
    }

    @Test
    void anAuthorityOfHttp2ThatIsNoneIsRefused() throws Exception {
        for (String[] headers : new String[][] {
            {"x", "y"},
            {":authority", "a b"},
            {":authority", ""},
            {":authority", "localhost", "host", "other"},
            {":authority", "localhost", "host", "localhost", "host", "localhost"}
        }) {
            int status = exchangeHttp2(headers);
            assertTrue(status == 400 || status == 0, Arrays.toString(headers) + ": " + status);
        }
    }

    @Test
    void whatIsWellFormedIsTaken() throws Exception {
        assertEquals(200, exchangeHttp2(":authority", "localhost:8443", "x", "a b"));
        assertEquals(200, exchangeHttp2("host", "localhost"));
    }
}
