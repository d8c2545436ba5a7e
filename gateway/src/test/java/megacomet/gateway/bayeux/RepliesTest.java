package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import megacomet.model.Message;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.web.LimitClaims;
import org.junit.jupiter.api.Test;

/** What clients are told: replies, advice, extensions and deliveries. */
class RepliesTest {

    private static final Pattern ERROR =
            Pattern.compile("\\d{3}:[A-Za-z0-9\\-_!~()$@ /*.,]*:[A-Za-z0-9\\-_!~()$@ /*.]*");

    private static BayeuxMessage message(String text) {
        return MessageReader.read(text).get(0);
    }

    private static Message published(String topic, long number, long atMs, String data) {
        return new Message(
                new Topic(topic),
                number,
                atMs,
                Long.MAX_VALUE,
                TopicMode.LOG,
                null,
                data.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aReplyHasTheMessagesIdAsItCame() {
        ObjectNode reply = Replies.successful(message("{\"channel\":\"/a\",\"id\":7,\"clientId\":\"secret\"}"));
        assertEquals("{\"channel\":\"/a\",\"id\":7,\"successful\":true}", reply.toString());
        assertFalse(Replies.successful(message("{\"channel\":\"/a\"}")).has("id"));
    }

    @Test
    void whoSaysTheTimeIsToldIt() {
        ObjectNode reply = Replies.successful(message("{\"channel\":\"/a\",\"timestamp\":\"now\"}"));
        assertTrue(reply.get("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d\\d"));
    }

    @Test
    void whateverAChannelIsCalledItsErrorIsOne() {
        for (String name : List.of("/a:b", "/\"x\",y", "/ü", "x".repeat(500), "")) {
            assertTrue(ERROR.matcher(Errors.forbidden(name)).matches(), Errors.forbidden(name));
            assertTrue(ERROR.matcher(Errors.invalid(name)).matches(), Errors.invalid(name));
        }
    }

    @Test
    void adviceIsAlwaysWhole() {
        Advices advices = new Advices(BayeuxOptions.DEFAULT);
        for (ObjectNode advice : List.of(
                advices.retry(), advices.retry(5), advices.handshake(), advices.none(), advices.multipleClients())) {
            assertTrue(advice.has("reconnect") && advice.has("interval") && advice.has("timeout"), advice.toString());
        }
        assertEquals(2_000, advices.multipleClients().get("interval").asInt());
    }

    @Test
    void timesAreComparedForWhoAsksAndUnlessTheyAreCloseEnough() {
        long nowMs = System.currentTimeMillis();
        BayeuxMessage first = message("{\"ext\":{\"timesync\":{\"tc\":" + (nowMs - 9) + ",\"l\":0,\"o\":0}}}");
        ObjectNode reply = Replies.successful(first);
        TimeSync.answer(first, reply, nowMs);
        assertEquals(nowMs - 9, reply.get("ext").get("timesync").get("tc").asLong());
        assertEquals(-9, reply.get("ext").get("timesync").get("a").asLong());
        BayeuxMessage close = message("{\"ext\":{\"timesync\":{\"tc\":" + nowMs + ",\"l\":5,\"o\":1}}}");
        ObjectNode silent = Replies.successful(close);
        TimeSync.answer(close, silent, nowMs);
        assertFalse(silent.has("ext"));
    }

    @Test
    void aDeliveryIsTheChannelAndTheDataAsItCame() {
        Deliveries deliveries = new Deliveries();
        ObjectNode reply = Replies.successful(message("{\"channel\":\"/meta/connect\",\"id\":\"1\"}"));
        byte[] json = deliveries.encode(List.of(published("a/b", 1, 1, "{\"x\":1E400}")), List.of(reply));
        assertEquals(
                "[{\"channel\":\"/a/b\",\"data\":{\"x\":1E400}},"
                        + "{\"channel\":\"/meta/connect\",\"id\":\"1\",\"successful\":true}]",
                new String(json, StandardCharsets.UTF_8));
        assertEquals("[]", new String(deliveries.encode(List.of(), List.of()), StandardCharsets.UTF_8));
    }

    @Test
    void aScriptCannotBeBrokenOutOf() {
        byte[] script =
                new Deliveries().encodeForScript(List.of(published("a", 1, 1, "\"</script>\u2028\"")), List.of(), "cb");
        assertEquals(
                "/**/cb([{\"channel\":\"/a\",\"data\":\"\\u003c/script\\u003e\\u2028\"}]);",
                new String(script, StandardCharsets.UTF_8));
    }

    @Test
    void messagesComeInTheOrderOfTheirTimesAndThoseOfATopicInItsOwn() {
        Message later = published("a", 1, 20, "1");
        Message clockWentBack = published("a", 2, 5, "2");
        Message earlier = published("b", 9, 10, "3");
        assertEquals(List.of(earlier, later, clockWentBack), ByTime.sorted(List.of(later, clockWentBack, earlier)));
    }

    @Test
    void noticesForTheSessionItselfGoIntoTheReply() {
        byte[] notice = "{\"com.megacomet.tabs\":{\"pending\":[\"two\"]}}".getBytes(StandardCharsets.UTF_8);
        Message told = new Message(1, 1, 2, notice);
        Message other = published("a", 1, 1, "1");
        ObjectNode reply = Replies.successful(message("{\"channel\":\"/meta/connect\"}"));
        assertEquals(List.of(other), Tabs.takeNotices(List.of(told, other), reply));
        assertEquals(
                "{\"com.megacomet.tabs\":{\"pending\":[\"two\"]}}",
                reply.get("ext").toString());
    }

    @Test
    void aSessionsOwnerIsReadAsItWasWritten() {
        Visitor visitor = new Visitor(
                "42", List.of("a/**"), List.of(), 5, 3, true, "tab", new LimitClaims(100L, null, 0L, 5L, null));
        assertEquals(visitor, Visitor.parse(visitor.toBytes()));
        assertEquals(Visitor.ANYBODY, Visitor.parse(Visitor.ANYBODY.toBytes()));
        assertTrue(visitor.isExpired());
    }
}
