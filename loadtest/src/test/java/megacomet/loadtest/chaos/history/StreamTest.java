package megacomet.loadtest.chaos.history;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StreamTest {

    private static boolean covers(String name, String topic) {
        return Stream.topic(name).covers(Stream.topic(topic));
    }

    @Test
    void aNameCoversItselfAndNoMailbox() {
        assertTrue(covers("a/b", "a/b"));
        assertFalse(covers("a/b", "a/c"));
        assertFalse(Stream.topic("a").covers(Stream.mailbox("a")));
        assertFalse(Stream.mailbox("a").covers(Stream.topic("a")));
    }

    @Test
    void aPatternCoversOneSegmentOrAll() {
        assertTrue(covers("a/*", "a/b"));
        assertFalse(covers("a/*", "a/b/c"));
        assertFalse(covers("a/*", "a/"));
        assertTrue(covers("a/**", "a/b/c"));
        assertFalse(covers("a/**", "b/c"));
    }
}
