package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import megacomet.gateway.bayeux.Subscription.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message wants to follow, read from lists of any length. */
class SubscriptionTest {

    private static Subscription read(String json) {
        return MessageReader.read("{\"subscription\":" + json + "}").get(0).subscription();
    }

    private static String many(int count, String end) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"/a/" + i + end + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void aTextIsOneChannelAndGoesBackAsATextAnArrayAsAnArray() {
        assertEquals(new Subscription(Form.TEXT, List.of("/a")), read("\"/a\""));
        assertEquals("\"/a\"", read("\"/a\"").echo().toString());
        assertEquals("[\"/b\",\"/a\"]", read("[\"/b\",\"/a\"]").echo().toString());
    }

    @Test
    void aNameThatComesFortySixThousandTimesIsOneAndGoesBackOnce() {
        String array = String.join(",", Collections.nCopies(46_000, "\"/user/m\""));
        Subscription read = read("[" + array + "]");
        assertEquals(new Subscription(Form.ARRAY, List.of("/user/m")), read);
        assertEquals("[\"/user/m\"]", read.echo().toString());
        assertFalse(read.isMoreThanOneMayFollow());
    }

    @Test
    void ofMoreNamesThanASessionMayFollowNothingIsKeptAndNothingGoesBack() {
        assertTrue(read(many(50, "")).isUsable());
        Subscription read = read(many(43_000, "/*"));
        assertEquals(new Subscription(Form.TOO_LONG, List.of()), read);
        assertTrue(read.isMoreThanOneMayFollow());
        assertNull(read.echo());
    }

    @Test
    void aListOfFortyThreeThousandTakesLessMemoryThanItsText() {
        String text = "{\"subscription\":" + many(43_000, "/*") + "}";
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MessageReader.read(text);
        long before = threads.getCurrentThreadAllocatedBytes();
        MessageReader.read(text);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < text.length(), allocated + " bytes for " + text.length());
    }

    @Test
    void moreThanTenPatternsAreMoreThanASessionMayFollow() {
        assertFalse(read(many(10, "/*")).isMoreThanOneMayFollow());
        assertTrue(read(many(11, "/*")).isMoreThanOneMayFollow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "{\"a\":[1]}", "[]", "[7]", "[\"/a\",[\"/b\"]]", "[{}]"})
    void whatIsNeitherATextNorAnArrayOfTextsNamesNothing(String json) {
        assertEquals(Form.NOT_ONE, read(json).form());
        assertNull(read(json).echo());
    }
}
