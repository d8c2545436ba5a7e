package megacomet.loadtest.chaos.browsers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import megacomet.loadtest.chaos.history.Delivery;
import megacomet.loadtest.chaos.history.GapTold;
import megacomet.loadtest.chaos.history.Stream;
import megacomet.loadtest.chaos.publish.Letter;

/** Reads all that an answer brings, of whatever transport. */
final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GAPS_CHANNEL = "/service/gaps";

    private Answers() {}

    /** Is told what is in an answer. */
    interface Listener {

        void delivered(Stream stream, long seq, long atMs, int number);

        void missed(Stream stream, int missed, String reason);
    }

    /** Reads the answer in {@code bytes[from, to)}; a script's wrapping does not matter. */
    static void read(String client, byte[] bytes, int from, int to, Listener listener) {
        int start = from;
        while (bytes[start] != '{' && bytes[start] != '[') {
            start++;
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(bytes, start, to - start); // It ends where the value does.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (answer.isArray()) {
            readBayeux(client, answer, listener);
            return;
        }
        for (JsonNode message : answer.path("messages")) {
            listener.delivered(
                    stream(client, message.path("topic")),
                    message.path("seq").asLong(),
                    message.path("at").asLong(),
                    number(message.path("data")));
        }
        for (JsonNode gap : answer.path("gaps")) {
            listener.missed(
                    stream(client, gap.path("topic")),
                    missed(gap),
                    gap.path("reason").asText());
        }
    }

    private static void readBayeux(String client, JsonNode messages, Listener listener) {
        for (JsonNode message : messages) {
            String channel = message.path("channel").asText();
            if (channel.equals(GAPS_CHANNEL)) {
                for (JsonNode gap : message.path("data")) {
                    JsonNode of = gap.path("channel");
                    Stream stream = of.isMissingNode() ? Stream.mailbox(client) : Stream.topic(topic(of.asText()));
                    listener.missed(stream, missed(gap), gap.path("reason").asText());
                }
            } else if (!channel.startsWith("/meta/")) {
                listener.delivered(Stream.topic(topic(channel)), 0, 0, number(message.path("data")));
            }
        }
    }

    private static Stream stream(String client, JsonNode topic) {
        return topic.isMissingNode() ? Stream.mailbox(client) : Stream.topic(topic.asText());
    }

    private static String topic(String channel) {
        return channel.substring(1);
    }

    private static int missed(JsonNode gap) {
        return gap.path("missed").asInt(GapTold.UNKNOWN);
    }

    private static int number(JsonNode data) {
        return data.isTextual() ? Letter.numberIn(data.asText()) : Delivery.FOREIGN;
    }
}
