package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.Mailboxes.Following;
import megacomet.redis.Topics.Passed;
import org.junit.jupiter.api.Test;

class PatternBeginningTest {

    private static final TopicPattern OLD = new TopicPattern("a/*");
    private static final TopicPattern NEW = new TopicPattern("b/*");
    private static final List<TopicPattern> BOTH = List.of(OLD, NEW);
    private static final TopicPositions BROUGHT =
            new TopicPositions(Map.of(), Set.of(OLD.tag()), Map.of(0, at(10), 1, at(10)));

    private static Position at(long number) {
        return new Position(1, number);
    }

    private static Passed passed(String topic, long partitionNumber) {
        return new Passed(
                partitionNumber, new Message(new Topic(topic), 1, 0, 1, TopicMode.LOG, null, new byte[] {'1'}));
    }

    private static boolean isBefore(List<PatternBeginning> beginnings, int partition, Passed passed) {
        return beginnings.stream().anyMatch(beginning -> beginning.isBefore(partition, passed));
    }

    @Test
    void aCursorThatKnowsEveryPatternSaysAll() {
        Following known = new Following(OLD, null, Map.of(0, at(5)));
        assertEquals(List.of(), PatternBeginning.of(List.of(OLD), BROUGHT, List.of(known)));
        assertEquals(List.of(), PatternBeginning.of(BOTH, BROUGHT, List.of(new Following(NEW, null))));
    }

    @Test
    void aNewPatternGetsWhatCameAfterItBeganAndTheOthersWhatTheCursorSays() {
        Following begun = new Following(NEW, null, Map.of(0, at(20)));
        List<PatternBeginning> beginnings = PatternBeginning.of(BOTH, BROUGHT, List.of(begun));
        assertEquals(Map.of(0, at(10)), PatternBeginning.earliest(beginnings));
        assertTrue(isBefore(beginnings, 0, passed("a/x", 11)));
        assertFalse(isBefore(beginnings, 0, passed("b/x", 20)));
        assertTrue(isBefore(beginnings, 0, passed("b/x", 21)));
        assertTrue(isBefore(beginnings, 1, passed("b/x", 1)));
        assertFalse(isBefore(beginnings, 1, passed("a/x", 10)));
    }

    @Test
    void aPatternThatIsFollowedAnewDoesNotGoBackBehindThat() {
        Following anew = new Following(OLD, null, Map.of(0, at(30), 1, at(10)));
        List<PatternBeginning> beginnings = PatternBeginning.of(List.of(OLD), BROUGHT, List.of(anew));
        assertFalse(isBefore(beginnings, 0, passed("a/x", 30)));
        assertTrue(isBefore(beginnings, 0, passed("a/x", 31)));
        assertTrue(isBefore(beginnings, 1, passed("a/x", 11)));
    }
}
