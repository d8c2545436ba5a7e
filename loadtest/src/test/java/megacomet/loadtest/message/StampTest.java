package megacomet.loadtest.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.loadtest.wire.Scan;
import org.junit.jupiter.api.Test;

class StampTest {

    private final List<String> found = new ArrayList<>();

    private final Stamp.Finder finder = new Stamp.Finder() {
        @Override
        public void found(int group, boolean isOfTopic, int number, int sequence, long dueUs) {
            found.add(group + " " + isOfTopic + " " + number + " " + sequence + " " + dueUs);
        }

        @Override
        public void foundForeign() {
            found.add("foreign");
        }
    };

    private static String write(String run, Publication message) {
        ByteBuf out = Unpooled.buffer();
        new Stamp(run).write(message, 100, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsWrittenIsFoundInAnyEnvelope() {
        String one = write("r1", new Publication(2, 17, 1_234_567, 0, 987_654_321_012L));
        String two = write("r1", new Publication(0, Publication.TOPIC, 0, 3, 5));
        byte[] answer = Scan.ascii("/**/cb({\"messages\":[{\"data\":\"" + one + "\"},{\"data\":\"" + two + "\"}]});");
        new Stamp("r1").findAll(answer, 0, answer.length, finder);
        assertEquals(List.of("2 false 1234567 0 987654321012", "0 true 0 3 5"), found);
    }

    @Test
    void dataHasTheSizeThatWasAskedFor() {
        assertEquals(100, write("r1", new Publication(2, 17, 1, 0, 9)).length());
    }

    @Test
    void theLargestStampFitsIntoTheLeastSize() {
        Publication largest = new Publication(99, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 999_999_999_999_999L);
        ByteBuf out = Unpooled.buffer();
        new Stamp("abcdefgh").write(largest, 0, out);
        assertTrue(out.readableBytes() <= Stamp.MIN_BYTES, out.readableBytes() + " bytes");
    }

    @Test
    void anotherRunsMessageIsForeign() {
        byte[] other = Scan.ascii(write("r2", new Publication(0, 0, 1, 1, 1)));
        new Stamp("r1").findAll(other, 0, other.length, finder);
        assertEquals(List.of("foreign"), found);
    }

    @Test
    void aStampThatIsCutOffIsNotFound() {
        String stamp = write("r1", new Publication(0, 0, 1, 1, 123));
        byte[] cut = Scan.ascii(stamp.substring(0, stamp.indexOf("123:")));
        new Stamp("r1").findAll(cut, 0, cut.length, finder);
        assertEquals(List.of(), found);
    }
}
