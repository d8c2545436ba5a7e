package megacomet.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import megacomet.fuzz.Holds;

/** Envelopes, cursors and names: whatever comes, they are what they say, or are refused as they say. */
public final class ModelFuzz {

    private ModelFuzz() {}

    public static void envelope(byte[] bytes) {
        Message message;
        try {
            message = Message.fromEnvelope(null, ByteBuffer.wrap(bytes));
        } catch (IllegalArgumentException refused) {
            return;
        }
        int keyBytes =
                (bytes[1] & 4) == 0 ? 0 : Short.BYTES + ByteBuffer.wrap(bytes).getShort(26);
        Holds.equal(
                bytes.length,
                Message.ENVELOPE_HEADER_BYTES + (keyBytes & 0xffff) + message.data().length,
                "no byte is left");
        byte[] end = Arrays.copyOfRange(bytes, bytes.length - message.data().length, bytes.length);
        Holds.that(Arrays.equals(end, message.data()), "the data is the end of the envelope");
        Holds.equal(ByteBuffer.wrap(bytes).getLong(2), message.number(), "the number");
        Holds.equal(ByteBuffer.wrap(bytes).getLong(18), message.expiryMs(), "the expiry");
    }

    /** The text as it is, and what it would be with the right checksum: a cursor is no secret. */
    public static void cursor(byte[] bytes) {
        cursor(new String(bytes, StandardCharsets.ISO_8859_1));
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        byte[] whole = Arrays.copyOf(bytes, bytes.length + Integer.BYTES);
        ByteBuffer.wrap(whole).putInt(bytes.length, (int) crc.getValue());
        cursor(Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
    }

    private static void cursor(String text) {
        Cursor cursor;
        try {
            cursor = Cursor.parse(text);
        } catch (IllegalArgumentException refused) {
            return;
        }
        Holds.that(text.length() <= Cursor.MAX_LENGTH, "a cursor has its length");
        Holds.that(cursor.topics().byTopic().size() <= Cursor.MAX_TOPICS, "so many topics");
        Holds.that(
                cursor.topics().byPartition().keySet().stream().allMatch(p -> p >= 0 && p < 256),
                "partitions there are");
        Holds.equal(cursor, Cursor.parse(cursor.encode()), "a cursor comes back as it went");
    }

    public static void name(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int half = text.length() / 2;
        TopicPattern one = pattern(text);
        TopicPattern first = pattern(text.substring(0, half));
        TopicPattern second = pattern(text.substring(half));
        if (one != null) {
            Holds.that(one.covers(one), "a pattern covers itself");
            Holds.that(one.coveredBy().stream().allMatch(other -> other.covers(one)), "what covers it does");
        }
        Topic topic = topic(text.substring(half));
        if (topic != null) {
            Holds.that(topic.candidates().stream().allMatch(candidate -> candidate.matches(topic)), "candidates match");
            Holds.that(first == null || matchesAsItSays(first, topic), "what matches is a candidate, or the name");
        }
        if (first != null && second != null && topic != null && first.covers(second) && second.matches(topic)) {
            Holds.that(first.matches(topic), "what covers matches as well");
        }
    }

    private static boolean matchesAsItSays(TopicPattern pattern, Topic topic) {
        boolean isAmong =
                topic.candidates().contains(pattern) || TopicPattern.of(topic).equals(pattern);
        return pattern.matches(topic) == isAmong;
    }

    private static TopicPattern pattern(String text) {
        try {
            TopicPattern pattern = new TopicPattern(text);
            Holds.that(
                    text.length() <= Topic.MAX_LENGTH && pattern.utf8().length == text.length(),
                    "a pattern is short and ASCII");
            return pattern;
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }

    private static Topic topic(String text) {
        try {
            return new Topic(text);
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }
}
