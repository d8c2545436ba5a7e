package megacomet.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.gateway.hold.Advice;
import megacomet.gateway.hold.Answer;
import megacomet.gateway.hold.EndReason;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicMode;
import org.junit.jupiter.api.Test;

class AnswerJsonTest {

    private static final Advice ADVICE = new Advice(true, 0, 55_000);
    private static final String ADVICE_JSON =
            "\"advice\":{\"reconnect\":\"retry\",\"intervalMs\":0,\"timeoutMs\":55000}}";
    private final AnswerJson answers = new AnswerJson();

    private static Message ofTopic(String name, String key, String data) {
        TopicMode mode = key == null ? TopicMode.LOG : TopicMode.LATEST;
        return new Message(new Topic(name), 7, 8, 9, mode, key, data.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(List<Message> messages, Gap gap, List<TopicGap> topicGaps) {
        return new Answer(messages, "C", gap, topicGaps, ADVICE, null);
    }

    private String json(Answer answer) {
        return new String(answers.encode(answer), StandardCharsets.UTF_8);
    }

    @Test
    void messagesOfTopicsSayTheirTopicAndTheirKey() {
        Message own = new Message(1, 2, 3, "1".getBytes(StandardCharsets.UTF_8));
        Answer answer =
                answer(List.of(own, ofTopic("a/b", null, "2"), ofTopic("c", "k\"\u2028é", "3")), null, List.of());
        assertEquals(
                "{\"messages\":[{\"seq\":1,\"at\":2,\"data\":1},{\"topic\":\"a/b\",\"seq\":7,\"at\":8,\"data\":2},"
                        + "{\"topic\":\"c\",\"seq\":7,\"at\":8,\"key\":\"k\\\"\u2028é\",\"data\":3}],"
                        + "\"cursor\":\"C\"," + ADVICE_JSON,
                json(answer));
    }

    @Test
    void gapsOfTheMailboxAndOfTopicsStandInOneList() {
        Gap some = new Gap(3, Gap.Reason.EXPIRED);
        Gap unknown = new Gap(Gap.UNKNOWN, Gap.Reason.UNKNOWN);
        assertEquals(
                "{\"messages\":[],\"cursor\":\"C\",\"gaps\":[{\"missed\":3,\"reason\":\"expired\"},"
                        + "{\"topic\":\"a/*\",\"reason\":\"unknown\"}]," + ADVICE_JSON,
                json(answer(List.of(), some, List.of(new TopicGap("a/*", unknown)))));
        assertEquals(
                "{\"messages\":[],\"cursor\":\"C\",\"gaps\":[{\"topic\":\"a\",\"missed\":3,\"reason\":\"expired\"}],"
                        + ADVICE_JSON,
                json(answer(List.of(), null, List.of(new TopicGap("a", some)))));
    }

    @Test
    void anEventHasTheCursorAsItsIdAndSaysWhenToComeBackIfThatIsNew() {
        Answer ended = new Answer(List.of(), "C", null, List.of(), new Advice(false, 0, 55_000), EndReason.SUPERSEDED);
        assertEquals(
                "retry: 1500\nid: C\ndata: {\"messages\":[],\"cursor\":\"C\",\"ended\":\"superseded\","
                        + "\"advice\":{\"reconnect\":\"none\",\"intervalMs\":0,\"timeoutMs\":55000}}\n\n",
                new String(answers.encodeForEvent(ended, 1_500), StandardCharsets.UTF_8));
        String event = new String(
                answers.encodeForEvent(answer(List.of(ofTopic("a", null, "\"\u2028\"")), null, List.of()), -1),
                StandardCharsets.UTF_8);
        assertEquals(4, event.split("\n", -1).length, event);
    }

    @Test
    void aScriptEscapesMessagesOfTopicsAndTheirKeysAsAllOthers() {
        Answer answer = answer(List.of(ofTopic("a", "<\u2028", "\"</script>\"")), null, List.of());
        String script = new String(answers.encodeForScript(answer, "cb"), StandardCharsets.UTF_8);
        assertEquals(
                "/**/cb({\"messages\":[{\"topic\":\"a\",\"seq\":7,\"at\":8,\"key\":\"\\u003c\\u2028\","
                        + "\"data\":\"\\u003c/script\\u003e\"}],\"cursor\":\"C\"," + ADVICE_JSON + ");",
                script);
        assertEquals(json(answer), json(answer), "the form for scripts does not get into the other");
    }

    @Test
    void aTopicsMessageIsEncodedOnceForAllWhoGetItInTheSameForm() {
        Fragments fragments = new Fragments(false);
        Message message = ofTopic("a", null, "1");
        byte[] first = fragments.of(message);
        assertSame(first, fragments.of(message));
        Message equal = ofTopic("a", null, "1");
        assertNotSame(first, fragments.of(equal), "another publication is another message");
        assertSame(first, fragments.of(message));
        for (int i = 0; i < 16; i++) {
            fragments.of(ofTopic("b", null, "" + i));
        }
        assertNotSame(first, fragments.of(message), "it was long ago");
        Message large = ofTopic("a", null, "\"" + "x".repeat(2 << 20) + "\"");
        assertNotSame(fragments.of(large), fragments.of(large), "too large to be kept");
    }
}
