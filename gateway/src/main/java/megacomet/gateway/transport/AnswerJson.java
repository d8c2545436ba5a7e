package megacomet.gateway.transport;

import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.gateway.hold.Advice;
import megacomet.gateway.hold.Answer;
import megacomet.model.Gap;
import megacomet.model.Message;

/**
 * Answers as JSON, put together by hand: the messages' data is JSON already and is copied byte for byte, and everything
 * else is numbers and words of our own.
 */
final class AnswerJson {

    private static final int FIXED_BYTES = 256;
    private static final int BYTES_A_MESSAGE = 64;

    private AnswerJson() {}

    /** Returns the answer as a JSON text. */
    static byte[] encode(Answer answer) {
        JsonBytes out = new JsonBytes(capacity(answer.messages()), false);
        write(answer, out);
        return out.toBytes();
    }

    /** Returns the answer as a script that calls {@code callback} with it, and is nothing else in any reading. */
    static byte[] encodeForScript(Answer answer, String callback) {
        JsonBytes out = new JsonBytes(capacity(answer.messages()) + callback.length() + 8, true);
        out.ascii("/**/").ascii(callback).ascii("(");
        write(answer, out);
        return out.ascii(");").toBytes();
    }

    /** Returns any JSON as such a script. */
    static byte[] forScript(String json, String callback) {
        byte[] data = json.getBytes(StandardCharsets.UTF_8);
        JsonBytes out = new JsonBytes(data.length + callback.length() + 8, true);
        return out.ascii("/**/")
                .ascii(callback)
                .ascii("(")
                .json(data)
                .ascii(");")
                .toBytes();
    }

    private static int capacity(List<Message> messages) {
        int bytes = FIXED_BYTES;
        for (Message message : messages) {
            bytes += message.data().length + BYTES_A_MESSAGE;
        }
        return bytes;
    }

    private static void write(Answer answer, JsonBytes out) {
        out.ascii("{\"messages\":[");
        boolean isFirst = true;
        for (Message message : answer.messages()) {
            out.ascii(isFirst ? "{\"seq\":" : ",{\"seq\":").number(message.number());
            out.ascii(",\"at\":").number(message.atMs());
            out.ascii(",\"data\":").json(message.data()).ascii("}");
            isFirst = false;
        }
        out.ascii("]");
        if (answer.cursor() != null) {
            out.ascii(",\"cursor\":\"").ascii(answer.cursor()).ascii("\"");
        }
        if (answer.gap() != null) {
            writeGap(answer.gap(), out);
        }
        if (answer.ended() != null) {
            out.ascii(",\"ended\":\"").ascii(answer.ended().word()).ascii("\"");
        }
        writeAdvice(answer.advice(), out);
        out.ascii("}");
    }

    private static void writeGap(Gap gap, JsonBytes out) {
        out.ascii(",\"gaps\":[{");
        if (gap.isCounted()) {
            out.ascii("\"missed\":").number(gap.missed()).ascii(",");
        }
        out.ascii("\"reason\":\"").ascii(gap.reason().word()).ascii("\"}]");
    }

    private static void writeAdvice(Advice advice, JsonBytes out) {
        out.ascii(",\"advice\":{\"reconnect\":\"").ascii(advice.isToRetry() ? "retry" : "none");
        out.ascii("\",\"intervalMs\":").number(advice.intervalMs());
        out.ascii(",\"timeoutMs\":").number(advice.timeoutMs()).ascii("}");
    }
}
