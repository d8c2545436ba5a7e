package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicPatternTest {

    private static boolean matches(String pattern, String topic) {
        return new TopicPattern(pattern).matches(new Topic(topic));
    }

    private static boolean covers(String pattern, String other) {
        return new TopicPattern(pattern).covers(new TopicPattern(other));
    }

    @Test
    void starIsOneSegmentAndTwoStarsAreAny() {
        assertTrue(matches("a/*", "a/b"));
        assertFalse(matches("a/*", "a/b/c"));
        assertFalse(matches("a/*", "a"));
        assertFalse(matches("a/*", "ab/c"));
        assertTrue(matches("a/**", "a/b"));
        assertTrue(matches("a/**", "a/b/c"));
        assertFalse(matches("a/**", "a"));
        assertTrue(matches("*", "a"));
        assertFalse(matches("*", "a/b"));
        assertTrue(matches("**", "a/b"));
        assertTrue(matches("a/b", "a/b"));
        assertFalse(matches("a/b", "a/c"));
    }

    @Test
    void noPatternMatchesAPrivateTopicButItsName() {
        assertFalse(matches("**", "user/42"));
        assertFalse(matches("*", "user"));
        assertTrue(matches("user/42", "user/42"));
        assertFalse(covers("**", "user/42"));
        assertThrows(IllegalArgumentException.class, () -> new TopicPattern("user/*"));
        assertThrows(IllegalArgumentException.class, () -> new TopicPattern("user/**"));
    }

    @Test
    void aStarStandsAloneAndLast() {
        for (String name : List.of("", "a*", "*/a", "a/*/b", "***", "a/***", "/*", "a//*", "meta/*", "service/**")) {
            assertThrows(IllegalArgumentException.class, () -> new TopicPattern(name), name);
        }
    }

    /** All topics of up to four segments of three names, and all patterns over them. */
    private static final List<Topic> TOPICS = new ArrayList<>();

    private static final List<TopicPattern> PATTERNS = new ArrayList<>();

    static {
        List<String> names = List.of("a", "ab", "user");
        List<String> prefixes = new ArrayList<>(List.of(""));
        for (int depth = 1; depth <= 4; depth++) {
            List<String> longer = new ArrayList<>();
            for (String prefix : prefixes) {
                if (!Topic.isPrivate(prefix)) {
                    PATTERNS.add(new TopicPattern(prefix + "*"));
                    PATTERNS.add(new TopicPattern(prefix + "**"));
                }
                for (String name : names) {
                    TOPICS.add(new Topic(prefix + name));
                    PATTERNS.add(new TopicPattern(prefix + name));
                    longer.add(prefix + name + "/");
                }
            }
            prefixes = longer;
        }
    }

    @Test
    void coveringIsMatchingAllThatTheOtherMatches() {
        for (TopicPattern pattern : PATTERNS) {
            for (TopicPattern other : PATTERNS) {
                // Four segments deep every pattern of up to three has topics that tell it from others.
                if (other.value().split("/").length <= 3) {
                    boolean isAll = TOPICS.stream().filter(other::matches).allMatch(pattern::matches);
                    assertEquals(isAll, pattern.covers(other), pattern + " covers " + other);
                }
            }
        }
    }

    @Test
    void candidatesAreAllPatternsThatMatchAndEachCoversThoseBefore() {
        for (Topic topic : TOPICS) {
            List<TopicPattern> candidates = topic.candidates();
            long matching = PATTERNS.stream()
                    .filter(pattern -> pattern.isWildcard() && pattern.matches(topic))
                    .peek(pattern -> assertTrue(candidates.contains(pattern), pattern + " matches " + topic))
                    .count();
            assertEquals(matching, candidates.size(), topic + " has " + candidates);
            for (int i = 1; i < candidates.size(); i++) {
                assertTrue(candidates.get(i).covers(candidates.get(i - 1)), candidates.toString());
            }
        }
    }

    @Test
    void whatAPatternIsCoveredByIsAllThatCoversIt() {
        for (TopicPattern pattern : PATTERNS) {
            List<TopicPattern> covering = PATTERNS.stream()
                    .filter(other -> !other.equals(pattern) && other.covers(pattern))
                    .sorted()
                    .toList();
            assertEquals(covering, pattern.coveredBy().stream().sorted().toList(), "those that cover " + pattern);
        }
    }

    @Test
    void noPatternIsCoveredByALongerThanThereMayBe() {
        String parent = "x".repeat(Topic.MAX_LENGTH - 2);
        assertEquals(List.of(new TopicPattern("**")), new TopicPattern(parent + "/*").coveredBy());
    }
}
