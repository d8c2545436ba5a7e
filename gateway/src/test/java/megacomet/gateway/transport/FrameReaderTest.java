package megacomet.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.gateway.transport.FrameReader.Read;
import megacomet.web.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {

    private static Frame frame(String text) {
        Read read = FrameReader.read(text);
        assertNull(read.problem(), text);
        return read.frame();
    }

    @Test
    void eachFrameSaysOneThing() {
        assertEquals(new Frame.Follow(List.of("a", "b/*")), frame("{\"follow\":[\"a\",\"b/*\"]}"));
        assertEquals(new Frame.Follow(List.of("a")), frame("{\"follow\":\"a\"}"));
        assertEquals(new Frame.Unfollow(List.of()), frame("{\"unfollow\":[]}"));
        assertEquals(new Frame.Ack("C"), frame(" { \"ack\" : \"C\" } "));
        assertEquals(new Frame.Refresh("T"), frame("{\"token\":\"T\"}"));
    }

    @Test
    void publishedDataIsKeptAsItIsButForWhitespaceBetweenTokens() {
        String data = "{ \"b\" : 12345678901234567890.10 ,\n \"a\":[ \"\u2028 \\u00e9 \" ] }";
        Frame.Publish publish = assertInstanceOf(
                Frame.Publish.class,
                frame("{\"publish\":{\"id\":\"i\",\"data\":" + data
                        + ",\"topic\":\"a/b\",\"key\":\"k\",\"ttlMs\":5}}"));
        assertEquals("a/b", publish.post().topic().value());
        assertEquals(
                "{\"b\":12345678901234567890.10,\"a\":[\"\u2028 \\u00e9 \"]}",
                new String(publish.post().data(), StandardCharsets.UTF_8));
        assertEquals("i", publish.post().id());
        assertEquals("k", publish.post().key());
        assertEquals(5, publish.post().ttlMs());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid_json|",
                "invalid_json|{",
                "invalid_json|{\"ack\":\"C\"} x",
                "invalid_field|[]",
                "invalid_field|1",
                "missing_field|{}",
                "unknown_field|{\"folow\":[]}",
                "invalid_field|{\"follow\":[],\"ack\":\"C\"}",
                "invalid_field|{\"follow\":{}}",
                "invalid_field|{\"follow\":[1]}",
                "invalid_field|{\"ack\":1}",
                "invalid_field|{\"token\":null}",
                "invalid_field|{\"publish\":1}",
                "missing_field|{\"publish\":{}}",
                "missing_field|{\"publish\":{\"topic\":\"a\"}}",
                "unknown_field|{\"publish\":{\"topic\":\"a\",\"data\":1,\"ttlms\":1}}",
                "duplicate_field|{\"publish\":{\"topic\":\"a\",\"topic\":\"b\",\"data\":1}}",
                "invalid_topic|{\"publish\":{\"topic\":\"a/*\",\"data\":1}}",
                "invalid_topic|{\"publish\":{\"topic\":\"meta/a\",\"data\":1}}",
                "invalid_field|{\"publish\":{\"topic\":\"a\",\"data\":1,\"ttlMs\":0}}",
                "invalid_field|{\"publish\":{\"topic\":\"a\",\"data\":1,\"ttlMs\":1.5}}",
                "invalid_field|{\"publish\":{\"topic\":\"a\",\"data\":1,\"id\":\"\"}}",
                "invalid_field|{\"publish\":{\"topic\":\"a\",\"data\":1,\"key\":\"\\ud800\"}}"
            })
    void whatIsWrongIsSaid(String code, String text) {
        assertEquals(
                code,
                FrameReader.read(text == null ? "" : text).problem().code().word());
    }

    @Test
    void theIdOfWhatWasRefusedIsKnownWhereverItStands() {
        Read read = FrameReader.read("{\"publish\":{\"topic\":\"a/*\",\"data\":{\"x\":1},\"id\":\"i\"}}");
        assertEquals(ErrorCode.INVALID_TOPIC, read.problem().code());
        assertEquals("i", read.id());
    }

    @Test
    void dataThatIsTooLargeIsRefusedByItsSizeWithoutWhitespace() {
        String most = "\"" + "x".repeat(SocketTransport.MAX_DATA_BYTES - 2) + "\"";
        frame("{\"publish\":{\"topic\":\"a\",\"data\":   " + most + "}}");
        Read read = FrameReader.read("{\"publish\":{\"topic\":\"a\",\"data\":" + most.replaceFirst("x", "xx") + "}}");
        assertEquals(ErrorCode.MESSAGE_TOO_LARGE, read.problem().code());
    }

    @Test
    void aFrameNamesAsManyTopicsAsAClientMayFollowEachOnce() {
        String same = String.join(",", java.util.Collections.nCopies(10_000, "\"a\""));
        assertEquals(
                new Frame.Follow(List.of("a")),
                FrameReader.read("{\"follow\":[" + same + "]}").frame());
        String many = java.util.stream.IntStream.range(0, 51)
                .mapToObj(i -> "\"" + i + "\"")
                .collect(java.util.stream.Collectors.joining(","));
        for (String verb : List.of("follow", "unfollow")) {
            assertEquals(
                    ErrorCode.TOO_MANY_TOPICS,
                    FrameReader.read("{\"" + verb + "\":[" + many + "]}")
                            .problem()
                            .code());
        }
    }
}
