package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import megacomet.web.HeadReader.Kind;
import megacomet.web.fixture.ReadAlike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadReaderTest {

    private static final String BROWSER = "GET /v1/poll?client=42&n=1 HTTP/1.1\r\nHost: push.example:8080\r\n"
            + "Connection: keep-alive\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n"
            + "Origin: https://app.example\r\nAuthorization:  Bearer e30.e30.x \r\nAccept-Language: en-US,en;q=0.9\r\n\r\n";
    private static final int MUTATIONS = 20_000;

    private final HeadReader reader = new HeadReader("/v1/poll");

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private Kind read(String text) {
        return reader.read(bytes(text));
    }

    @Test
    void aBrowsersHeadIsTakenApart() {
        assertEquals(Kind.WANTED, read(BROWSER));
        assertEquals("client=42&n=1", reader.query());
        assertEquals("push.example:8080", reader.host());
        assertEquals("https://app.example", reader.origin());
        assertEquals("Bearer e30.e30.x", reader.authorization());
    }

    @Test
    void nothingIsLeftOfTheHeadBefore() {
        read(BROWSER);
        assertEquals(Kind.WANTED, read("GET /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n"));
        assertEquals("", reader.query());
        assertEquals("a", reader.host());
        assertNull(reader.origin());
        assertNull(reader.authorization());
    }

    @Test
    void whereverItIsCutItIsBegun() {
        for (int length = 1; length < BROWSER.length(); length++) {
            assertEquals(Kind.BEGUN, read(BROWSER.substring(0, length)), BROWSER.substring(0, length));
        }
    }

    @Test
    void oneThatIsTooLongIsNotPlain() {
        String head = "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx: ";
        int room = HeadReader.MAX_BYTES - head.length() - 4;
        assertEquals(Kind.WANTED, read(head + "y".repeat(room) + "\r\n\r\n"));
        assertEquals(Kind.OTHER, read(head + "y".repeat(room + 1) + "\r\n\r\n"));
        assertEquals(Kind.OTHER, read(head + "y".repeat(9_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/polls HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll/x?y HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
                "HEAD /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "OPTIONS /v1/poll HTTP/1.1\r\nhost: a\r\norigin: b\r\n\r\n"
            })
    void otherPlainHeads(String head) {
        assertEquals(Kind.PLAIN, read(head));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/poll HTTP/1.1\r\n\r\n",
                "GET /v1/poll HTTP/1.0\r\nhost: a\r\n\r\n",
                "GET  HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET  /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll  HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll?a#b HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll?\u00e9 HTTP/1.1\r\nhost: a\r\n\r\n",
                "get /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "POST /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\norigin: b\r\nOrigin: b\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nauthorization: b\r\nAuthorization: b\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nContent-Length: 0\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nConnection: close\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nConnection: keep-alive, upgrade\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nUpgrade: h2c\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nExpect: 100-continue\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx: y\r\n z\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\n x: y\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost : a\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\n: y\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx: y\u0000\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx: y\rz\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\nx: y\n\r\n\r\n",
                "GET /v1/poll HTTP/1.1\nhost: a\n\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\n\r\nGET /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /v1/poll HTTP/1.1\r\nhost: a\r\n\r\nG",
                "\r\nGET /v1/poll HTTP/1.1\r\nhost: a\r\n\r\n",
                "\r\n\r\n\r\n"
            })
    void whatIsNotPlainIsLeftToOthers(String bytes) {
        assertEquals(Kind.OTHER, read(bytes));
    }

    /** Whatever it takes for plain, a whole reader of HTTP reads as that one request and nothing else. */
    @Test
    void itNeverReadsWhatOthersReadDifferently() {
        SplittableRandom random = new SplittableRandom(1);
        int plain = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            String text = mutated(random);
            plain += ReadAlike.check(reader, text.getBytes(StandardCharsets.ISO_8859_1)) ? 1 : 0;
        }
        assertNotEquals(0, plain);
    }

    private static String mutated(SplittableRandom random) {
        StringBuilder text = new StringBuilder(BROWSER);
        String hostile = "\r\n\t :\u0000,/?#%&=AGx0\u00ff";
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(text.length());
            char one = hostile.charAt(random.nextInt(hostile.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, one);
                case 1 -> text.insert(at, one);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        return text.toString();
    }
}
