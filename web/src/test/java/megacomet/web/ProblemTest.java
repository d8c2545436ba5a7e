package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a refusal looks like on the wire, and that it repeats nothing it should not. */
class ProblemTest {

    @Test
    void aProblemIsJsonInTheFormOfRfc9457() {
        assertEquals(
                "{\"type\":\"urn:megacomet:error:invalid_json\",\"title\":\"The body is not JSON.\",\"status\":400,"
                        + "\"code\":\"invalid_json\",\"detail\":\"why\",\"line\":2,\"column\":7}",
                Problem.at(ErrorCode.INVALID_JSON, "why", 2, 7).json().toString());
        assertEquals(
                "{\"code\":\"redis_unavailable\",\"title\":\"Redis does not answer; nothing was changed.\","
                        + "\"retry\":true,\"retryAfterMs\":1500}",
                Problem.later(ErrorCode.REDIS_UNAVAILABLE, 1_500, null)
                        .errorJson()
                        .toString());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeIsAWordWithASentenceAndAnErrorStatus(ErrorCode code) {
        assertTrue(code.word().matches("[a-z0-9]+(_[a-z0-9]+)*"), code.word());
        assertTrue(code.title().endsWith("."), code.title());
        assertTrue(code.status() >= 400 && code.status() < 600);
        assertTrue(!code.isWorthRetrying() || code.status() == 408 || code.status() == 429 || code.status() >= 500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\":eyJhbGciOiJIUzI1NiJ9.secret.secret}",
                "{\"a\":1,\"token\":secret}",
                "secret",
                "{\"token\":'secret'}",
                "{token:\"secret\"}"
            })
    void aTextThatIsNoJsonIsNotRepeated(String text) {
        try {
            new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            String said = InvalidJson.problem(e).json().toString();
            assertFalse(said.contains("secret") || said.contains("eyJ"), said);
            assertTrue(said.contains("\"line\":1,\"column\":"), said);
            return;
        }
        throw new AssertionError("it is JSON");
    }

    @Test
    void brokenUtf8IsRefusedAndNotRepaired() {
        assertEquals(
                "a\u00e9\u2028\ud83d\ude00\ufffd",
                Utf8.decode("a\u00e9\u2028\ud83d\ude00\ufffd".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        int[][] broken = {
            {0x80},
            {0xc3},
            {0xc0, 0xaf}, // "/", written too long
            {0xe0, 0x80, 0xaf},
            {0xed, 0xa0, 0x80}, // half of a surrogate pair
            {0xf4, 0x90, 0x80, 0x80}, // beyond U+10FFFF
            {0xff, 0xfe},
            {0xef, 0xbf, 0xbd, 0xff} // behind a U+FFFD that is one
        };
        for (int[] bytes : broken) {
            byte[] text = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                text[i] = (byte) bytes[i];
            }
            Refused.with(ErrorCode.INVALID_UTF8, () -> Utf8.decode(text));
        }
    }
}
