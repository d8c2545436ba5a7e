package megacomet.loadtest.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

    private static final String FIXED =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 11\r\n\r\nhello world";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX: y\r\n\r\n";
    private static final String AFTER_EARLY_HINTS =
            "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world";
    static final List<String> RESPONSES = List.of(FIXED, CHUNKED, AFTER_EARLY_HINTS);

    private final ResponseReader reader = new ResponseReader();

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private boolean read(String text) {
        return reader.read(bytes(text));
    }

    @ParameterizedTest
    @FieldSource("RESPONSES")
    void itDoesNotMatterWhereTheBytesAreCutInTwo(String response) {
        for (int cut = 0; cut <= response.length(); cut++) {
            ResponseReader cutReader = new ResponseReader();
            boolean isComplete = cutReader.read(bytes(response.substring(0, cut)));
            assertEquals(cut == response.length(), isComplete, "cut at " + cut);
            assertTrue(isComplete || cutReader.read(bytes(response.substring(cut))), "cut at " + cut);
            assertEquals("hello world", cutReader.body(), "cut at " + cut);
            assertEquals(200, cutReader.status());
        }
    }

    @ParameterizedTest
    @FieldSource("RESPONSES")
    void bytesMayComeOneByOne(String response) {
        for (int i = 0; i < response.length() - 1; i++) {
            assertFalse(read(response.substring(i, i + 1)));
        }
        assertTrue(read(response.substring(response.length() - 1)));
        assertEquals("hello world", reader.body());
    }

    @ParameterizedTest
    @FieldSource("RESPONSES")
    void theNextResponsesBytesAreLeft(String response) {
        ByteBuf both = bytes(response + FIXED);
        assertTrue(reader.read(both));
        assertEquals(FIXED.length(), both.readableBytes());
        reader.reset();
        assertTrue(reader.read(both));
        assertEquals("hello world", reader.body());
        assertEquals("application/json", reader.header("Content-Type"));
    }

    @Test
    void aResponseWithoutLengthEndsWithItsConnection() {
        assertFalse(read("HTTP/1.1 200 OK\r\n\r\nhello"));
        assertTrue(reader.isHeadComplete());
        assertTrue(reader.endsConnection());
        assertTrue(reader.end());
        assertEquals("hello", reader.body());
    }

    @Test
    void aResponseCutShortIsNotComplete() {
        assertFalse(read("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"));
        assertFalse(reader.end());
    }

    @Test
    void notModifiedHasNoBody() {
        assertTrue(read("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"));
        assertEquals(304, reader.status());
    }

    @Test
    void anEmptyBodyIsComplete() {
        assertTrue(read("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
        assertTrue(reader.endsConnection());
        assertEquals("", reader.body());
    }

    @Test
    void aStreamKeepsOnlyWhatIsNotUnderstoodYet() {
        read("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\ndata: a\r\n");
        assertEquals("data: a", reader.body());
        reader.discard(5);
        assertEquals(" a", reader.body());
        assertNull(reader.header("transfer-encoding"));
        read("1\r\nb\r\n");
        assertEquals(" ab", reader.body());
        reader.discard(3);
        assertEquals(0, reader.bytes().length);
    }

    @Test
    void afterTheSwitchOfProtocolsEverythingIsBody() {
        assertFalse(read("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\nabc"));
        assertEquals(101, reader.status());
        assertEquals("abc", reader.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffff\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n"
            })
    void whatIsNoResponseIsRefused(String bytes) {
        assertThrows(MalformedResponse.class, () -> read(bytes));
    }

    @Test
    void headersHaveALimit() {
        assertThrows(MalformedResponse.class, () -> read("HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000)));
    }
}
