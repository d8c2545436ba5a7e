package megacomet.gateway.transport;

import java.nio.charset.StandardCharsets;
import java.util.List;
import megacomet.gateway.hold.Advice;
import megacomet.gateway.hold.Answer;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.TopicGap;

/**
 * Answers as JSON, put together by hand: the messages' data is JSON already and is copied byte for byte, and everything
 * else is numbers and words of our own. One instance an event loop.
 */
final class AnswerJson {

    private static final int FIXED_BYTES = 256;
    private static final int BYTES_A_MESSAGE = 64;

    private final Fragments plain = new Fragments(false);
    private final Fragments script = new Fragments(true);

    /** Returns the answer as a JSON text. */
    byte[] encode(Answer answer) {
        JsonBytes out = new JsonBytes(capacity(answer.messages()), false);
        encode(answer, out);
        return out.toBytes();
    }

    /** Appends the answer as a JSON text to {@code out}, which is not for a script. */
    void encode(Answer answer, JsonBytes out) {
        write(answer, out, plain);
    }

    /**
     * Returns the answer as an event of a stream (HTML Standard, "Server-sent events"). A JSON text of ours has no line end,
     * so it is one line of data.
     *
     * @param retryMs after how long the browser should come back when it has lost the stream, or negative to leave it
     */
    byte[] encodeForEvent(Answer answer, long retryMs) {
        JsonBytes out = new JsonBytes(capacity(answer.messages()), false);
        if (retryMs >= 0) {
            out.ascii("retry: ").number(retryMs).ascii("\n");
        }
        if (answer.cursor() != null) {
            out.ascii("id: ").ascii(answer.cursor()).ascii("\n");
        }
        out.ascii("data: ");
        write(answer, out, plain);
        return out.ascii("\n\n").toBytes();
    }

    /** Returns the answer as a script that calls {@code callback} with it, and is nothing else in any reading. */
    byte[] encodeForScript(Answer answer, String callback) {
        JsonBytes out = new JsonBytes(capacity(answer.messages()) + callback.length() + 8, true);
        out.ascii("/**/").ascii(callback).ascii("(");
        write(answer, out, script);
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

    private static void write(Answer answer, JsonBytes out, Fragments fragments) {
        out.ascii("{\"messages\":[");
        boolean isFirst = true;
        for (Message message : answer.messages()) {
            if (!isFirst) {
                out.ascii(",");
            }
            if (message.topic() == null) {
                Fragments.write(message, out);
            } else {
                out.raw(fragments.of(message));
            }
            isFirst = false;
        }
        out.ascii("]");
        if (answer.cursor() != null) {
            out.ascii(",\"cursor\":\"").ascii(answer.cursor()).ascii("\"");
        }
        writeGaps(answer, out);
        if (answer.ended() != null) {
            out.ascii(",\"ended\":\"").ascii(answer.ended().word()).ascii("\"");
        }
        writeAdvice(answer.advice(), out);
        out.ascii("}");
    }

    private static void writeGaps(Answer answer, JsonBytes out) {
        if (answer.gap() == null && answer.topicGaps().isEmpty()) {
            return;
        }
        String separator = ",\"gaps\":[{";
        if (answer.gap() != null) {
            out.ascii(separator);
            writeGap(answer.gap(), out);
            separator = ",{";
        }
        for (TopicGap gap : answer.topicGaps()) {
            out.ascii(separator).ascii("\"topic\":\"").ascii(gap.topic()).ascii("\",");
            writeGap(gap.gap(), out);
            separator = ",{";
        }
        out.ascii("]");
    }

    private static void writeGap(Gap gap, JsonBytes out) {
        if (gap.isCounted()) {
            out.ascii("\"missed\":").number(gap.missed()).ascii(",");
        }
        out.ascii("\"reason\":\"").ascii(gap.reason().word()).ascii("\"}");
    }

    private static void writeAdvice(Advice advice, JsonBytes out) {
        out.ascii(",\"advice\":{\"reconnect\":\"").ascii(advice.isToRetry() ? "retry" : "none");
        out.ascii("\",\"intervalMs\":").number(advice.intervalMs());
        out.ascii(",\"timeoutMs\":").number(advice.timeoutMs()).ascii("}");
    }
}
