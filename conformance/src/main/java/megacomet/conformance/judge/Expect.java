package megacomet.conformance.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import megacomet.conformance.wire.Answer;
import megacomet.conformance.wire.Json;
import megacomet.conformance.wire.Mismatch;

/** What statements expect. Each returns when it is so, and throws a {@link Mismatch} otherwise. */
public final class Expect {

    private Expect() {}

    public static void that(boolean holds, String expected, Object came) {
        if (!holds) {
            throw new Mismatch(expected, String.valueOf(came));
        }
    }

    public static void successful(JsonNode reply) {
        that(!reply.isMissingNode(), "a successful reply", "none");
        that(reply.path("successful").isBoolean() && reply.path("successful").asBoolean(), "successful:true", reply);
    }

    public static void unsuccessful(JsonNode reply) {
        that(!reply.isMissingNode(), "an unsuccessful reply", "none");
        that(reply.path("successful").isBoolean() && !reply.path("successful").asBoolean(), "successful:false", reply);
    }

    /** A refusal with an error of that code. */
    public static void refused(JsonNode reply, String... codes) {
        unsuccessful(reply);
        String error = reply.path("error").asText();
        boolean known = List.of(codes).stream().anyMatch(code -> error.startsWith(code + ":"));
        that(known, "an error with code " + String.join(" or ", codes), reply);
    }

    public static void advised(JsonNode reply, String reconnect) {
        that(
                reconnect.equals(reply.path("advice").path("reconnect").asText()),
                "advice.reconnect \"" + reconnect + "\"",
                reply);
    }

    /** Advice with all three of its members. */
    public static void wholeAdvice(JsonNode reply) {
        JsonNode advice = reply.path("advice");
        that(
                advice.path("reconnect").isTextual()
                        && advice.path("interval").isNumber()
                        && advice.path("timeout").isNumber(),
                "advice with reconnect, interval and timeout",
                reply);
    }

    public static void noAdvice(JsonNode reply) {
        that(!reply.has("advice"), "no advice", reply);
    }

    public static void status(Answer answer, int status) {
        that(answer.status() == status, "HTTP " + status, answer);
    }

    public static void atOnce(Answer answer) {
        took(answer.tookMs(), 0, Probe.AT_ONCE_MS);
    }

    /** That something took so long. */
    public static void took(long tookMs, long leastMs, long mostMs) {
        if (tookMs < leastMs || tookMs > mostMs) {
            String expected = leastMs == 0 ? "at most " + mostMs + " ms" : leastMs + " to " + mostMs + " ms";
            throw Mismatch.ofTime(expected, tookMs + " ms");
        }
    }

    /** The data of these events, one after the other, and nothing else. */
    public static void data(List<JsonNode> events, Object... data) {
        List<JsonNode> came = events.stream().map(event -> event.path("data")).toList();
        List<JsonNode> expected = List.of(data).stream().map(Json::value).toList();
        that(came.toString().equals(expected.toString()), "events with data " + expected, events);
    }

    /** The data of these events and nothing else, in any order: channels have none between them. */
    public static void dataInAnyOrder(List<JsonNode> events, Object... data) {
        List<String> came = events.stream()
                .map(event -> event.path("data").toString())
                .sorted()
                .toList();
        List<String> expected = List.of(data).stream()
                .map(each -> Json.value(each).toString())
                .sorted()
                .toList();
        that(came.equals(expected), "events with data " + expected + ", in any order", events);
    }
}
