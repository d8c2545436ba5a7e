package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopicTest {

    private static List<String> candidates(String topic) {
        return new Topic(topic).candidates().stream().map(TopicPattern::value).toList();
    }

    @Test
    void namesAreSegmentsJoinedBySlashes() {
        for (String name : List.of("news", "a/b/c", "A-Z_0.9!~()$@", "x".repeat(200), "metadata", "a/meta")) {
            assertEquals(name, new Topic(name).value());
        }
        for (String name : List.of("", "/", "/a", "a/", "a//b", "a b", "ä", "a/*", "*", "a?", "x".repeat(201))) {
            assertThrows(IllegalArgumentException.class, () -> new Topic(name), name);
        }
    }

    @Test
    void whatBayeuxKeepsForItselfIsRefused() {
        for (String name : List.of("meta", "meta/connect", "service", "service/x")) {
            assertThrows(IllegalArgumentException.class, () -> new Topic(name), name);
        }
    }

    @Test
    void candidatesAreThePatternsThatMatchTheNarrowestFirst() {
        assertEquals(List.of("*", "**"), candidates("a"));
        assertEquals(List.of("a/*", "a/**", "**"), candidates("a/b"));
        assertEquals(List.of("a/b/*", "a/b/**", "a/**", "**"), candidates("a/b/c"));
    }

    @Test
    void noCandidateIsLongerThanAPatternMayBe() {
        String parent = "x".repeat(Topic.MAX_LENGTH - 2);
        assertEquals(List.of(parent + "/*", "**"), candidates(parent + "/a"));
    }

    @Test
    void aClientsAddressIsItsOwnAndOfNoPattern() {
        Topic address = Topic.ofUser(new ClientId("42"));
        assertEquals("user/42", address.value());
        assertTrue(address.isPrivate());
        assertTrue(new Topic("user").isPrivate());
        assertFalse(new Topic("users/42").isPrivate());
        assertEquals(List.of(), address.candidates());
        for (String id : List.of("a/b", "ä", "a b", "*")) {
            assertNull(Topic.ofUser(new ClientId(id)), id);
        }
    }
}
