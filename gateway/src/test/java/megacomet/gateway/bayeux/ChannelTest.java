package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {

    @Test
    void aChannelIsATopicWithASlashBeforeIt() {
        assertEquals("a/b", new Channel("/a/b").topic().value());
        assertEquals("/a/b", Channel.of(new Channel("/a/b").topic()));
        assertEquals("a/**", new Channel("/a/**").pattern().value());
        assertEquals("**", new Channel("/**").pattern().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "//a", "/a/", "/a//b", "/a/*/b", "/a/b*", "/a/***", "/a<b>", "/a b"})
    void whatIsNoNameIsNeitherPublishedToNorFollowed(String name) {
        assertNull(new Channel(name).topic());
        assertNull(new Channel(name).pattern());
        assertFalse(new Channel(name).isName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/meta/subscribe/x", "/meta/handshake/", "/meta/x", "/meta"})
    void whatBeginsLikeAMetaChannelIsPublishedToByNobody(String name) {
        assertTrue(new Channel(name).isMeta());
        assertNull(new Channel(name).topic());
    }

    @Test
    void aPatternIsNoName() {
        assertNull(new Channel("/a/*").topic());
        assertFalse(new Channel("/a/*").isName());
    }

    @Test
    void serviceChannelsAreNamesAndNoTopics() {
        assertTrue(new Channel("/service/status").isService());
        assertTrue(new Channel("/service/status").isName());
        assertNull(new Channel("/service/status").topic());
        assertFalse(new Channel("/service//x").isName());
        assertFalse(new Channel("/services/x").isService());
    }
}
