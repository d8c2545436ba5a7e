package megacomet.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.TopicPattern;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;
import org.junit.jupiter.api.Test;

class FollowsTest {

    private static final Permissions OPEN = Permissions.open(new ClientId("42"));
    private final Follows follows = new Follows();

    private List<TopicPattern> of(String... names) {
        return follows.of(List.of(names), OPEN);
    }

    private static void assertRefused(ErrorCode code, Runnable work) {
        assertEquals(code, assertThrows(Problem.class, work::run).code());
    }

    private static List<String> names(int count, String form) {
        return IntStream.range(0, count).mapToObj(form::formatted).toList();
    }

    @Test
    void equalListsAreTheSameInWhateverOrderAndHoweverOftenANameIsThere() {
        List<TopicPattern> list = of("b", "a/*", "b");
        assertEquals(List.of(new TopicPattern("a/*"), new TopicPattern("b")), list);
        assertSame(list, of("a/*", "b"));
        assertSame(list, follows.with(of("b"), List.of("a/*"), OPEN));
        assertSame(list, follows.without(of("a/*", "b", "c"), List.of(new TopicPattern("c"))));
        assertSame(list.get(1), of("b", "z").get(0), "topics are shared by different lists");
    }

    @Test
    void whatIsNoTopicIsRefused() {
        for (String wrong : List.of("", "a//b", "/a", "*/a", "meta/x", "user/*", "a b", "a".repeat(201))) {
            assertRefused(ErrorCode.INVALID_TOPIC, () -> of("a", wrong));
        }
    }

    @Test
    void moreThanAClientMayFollowIsRefused() {
        assertEquals(50, follows.of(names(50, "a/%d"), OPEN).size());
        assertRefused(ErrorCode.TOO_MANY_TOPICS, () -> follows.of(names(51, "a/%d"), OPEN));
        assertEquals(10, follows.of(names(10, "a/%d/*"), OPEN).size());
        assertRefused(ErrorCode.TOO_MANY_TOPICS, () -> follows.of(names(11, "a/%d/*"), OPEN));
        List<TopicPattern> full = follows.of(names(50, "a/%d"), OPEN);
        assertRefused(ErrorCode.TOO_MANY_TOPICS, () -> follows.with(full, List.of("b"), OPEN));
        assertSame(full, follows.with(full, List.of("a/7"), OPEN), "it follows that one already");
    }

    @Test
    void whatTheTokenDoesNotAllowIsRefused() {
        Permissions some = Permissions.of(new ClientId("42"), List.of("a"), List.of());
        assertRefused(ErrorCode.TOPIC_NOT_ALLOWED, () -> follows.of(List.of("a", "b"), some));
    }

    @Test
    void moreListsThanCanBeRememberedAreStillRight() {
        for (int i = 0; i < 5_000; i++) {
            assertEquals("t/" + i, of("t/" + i).get(0).value());
        }
        assertSame(of("t/4999"), of("t/4999"));
    }

    @Test
    void aNameThatComesThousandsOfTimesIsOne() {
        List<String> names = new ArrayList<>(Collections.nCopies(8_000, "a"));
        names.add("b");
        assertEquals(2, follows.of(names, Permissions.open(new ClientId("42"))).size());
        assertEquals(2, follows.named(names).size());
    }

    /** The names are no topics, so that looking at one of them would be another error. */
    @Test
    void aListThatIsTooLongIsRefusedBeforeItsNamesAreLookedAt() {
        List<String> names = IntStream.range(0, 8_000).mapToObj(i -> "//" + i).toList();
        assertRefused(ErrorCode.TOO_MANY_TOPICS, () -> follows.of(names, Permissions.open(new ClientId("42"))));
        assertRefused(ErrorCode.TOO_MANY_TOPICS, () -> follows.named(names));
    }
}
