package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

    private static BayeuxMessage only(String text) {
        List<BayeuxMessage> messages = MessageReader.read(text);
        assertEquals(1, messages.size());
        return messages.get(0);
    }

    @Test
    void anObjectByItselfIsOneMessage() {
        assertEquals("/a", only("{\"channel\":\"/a\"}").channel());
        assertEquals("/a", only("[{\"channel\":\"/a\"}]").channel());
        assertEquals(List.of(), MessageReader.read("[]"));
    }

    @Test
    void dataGoesCharacterForCharacterButForWhitespaceBetweenTokens() {
        String data = "{\"z\":123456789012345678901234567890,\"a\":\"\\u2028 \u2028 😀\",\"a\":[1,2]}";
        BayeuxMessage message = only("[{ \"data\" : " + data.replace(",", " , ") + ", \"channel\":\"/a\"}]");
        assertEquals(data, new String(message.data(), StandardCharsets.UTF_8));
        assertEquals("/a", message.channel());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "\"\"", "false"})
    void dataMayBeAnythingButAbsent(String data) {
        assertEquals(data, new String(only("{\"data\":" + data + "}").data(), StandardCharsets.UTF_8));
        assertNull(only("{\"channel\":\"/a\"}").data());
    }

    @Test
    void anIdKeepsItsKind() {
        assertEquals("\"7\"", only("{\"id\":\"7\"}").id().toString());
        assertEquals("7", only("{\"id\":7}").id().toString());
        assertNull(only("{\"id\":{\"a\":1}}").id());
        assertNull(only("{\"id\":true}").id());
    }

    @Test
    void whatIsNotKnownOrOfAnotherKindMeansNothing() {
        BayeuxMessage message = only("{\"foo\":{\"channel\":\"/x\"},\"channel\":7,\"clientId\":[1],"
                + "\"supportedConnectionTypes\":\"long-polling\",\"connectionType\":null}");
        assertNull(message.channel());
        assertNull(message.clientId());
        assertNull(message.supportedConnectionTypes());
        assertNull(message.connectionType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "\"a\"", "[7]", "[[]]", "{", "[{}", "[{}]x", "{\"data\":}", "[{\"data\":[}]"})
    void whatIsNoMessagesIsRefused(String text) {
        Problem problem = assertThrows(Problem.class, () -> MessageReader.read(text));
        assertEquals(ErrorCode.INVALID_JSON, problem.code());
    }

    @Test
    void oneRequestHasSoManyMessagesAndNoMore() {
        String most = String.join(",", Collections.nCopies(MessageReader.MAX_MESSAGES, "{}"));
        assertEquals(
                MessageReader.MAX_MESSAGES, MessageReader.read("[" + most + "]").size());
        Problem problem = assertThrows(Problem.class, () -> MessageReader.read("[{}," + most + "]"));
        assertEquals(ErrorCode.BODY_TOO_LARGE, problem.code());
    }

    @Test
    void ofAConnectThatIsHeldOnlyWhatItsReplyNeedsIsKept() {
        BayeuxMessage kept = only("{\"channel\":\"/meta/connect\",\"id\":\"1\",\"clientId\":\"x\","
                        + "\"ext\":{\"token\":\"secret\",\"timesync\":{\"tc\":1,\"l\":0,\"o\":0}}}")
                .forReply();
        assertEquals("{\"timesync\":{\"tc\":1,\"l\":0,\"o\":0}}", kept.ext().toString());
        assertNull(kept.clientId());
        assertTrue(kept.isOn(Channel.CONNECT));
    }

    @Test
    void ofConnectionTypesThoseThatWeHaveAreKeptEachOnce() {
        String many = String.join(",", Collections.nCopies(10_000, "\"x\",\"websocket\""));
        assertEquals(
                List.of("websocket"),
                only("{\"supportedConnectionTypes\":[" + many + "]}").supportedConnectionTypes());
    }

    @Test
    void ofAdviceOnlyTheTimeoutIsKept() {
        assertEquals(
                0, only("{\"advice\":{\"x\":[1,{}],\"timeout\":0,\"y\":{}}}").timeoutMs(9));
        assertEquals(9, only("{\"advice\":[1,2]}").timeoutMs(9));
        assertEquals(9, only("{\"advice\":{\"timeout\":\"7\"}}").timeoutMs(9));
    }

    @Test
    void anExtIsNoLongerThanTheApplicationIsAskedAbout() {
        String long16 = "x".repeat(MessageReader.MAX_EXT_BYTES);
        Problem problem =
                assertThrows(Problem.class, () -> MessageReader.read("{\"ext\":{\"token\":\"" + long16 + "\"}}"));
        assertEquals(ErrorCode.MESSAGE_TOO_LARGE, problem.code());
    }

    /** Each would be a value of its own otherwise, in the memory of whoever may send the message again. */
    @Test
    void messagesBeyondTheLimitAreNotReadAtAll() {
        String most = String.join(",", Collections.nCopies(MessageReader.MAX_MESSAGES, "{}"));
        Problem problem = assertThrows(Problem.class, () -> MessageReader.read("[" + most + ",{\"data\":}]"));
        assertEquals(ErrorCode.BODY_TOO_LARGE, problem.code());
    }
}
