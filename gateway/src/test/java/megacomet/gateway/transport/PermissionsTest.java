package megacomet.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import org.junit.jupiter.api.Test;

class PermissionsTest {

    private static final ClientId CLIENT = new ClientId("42");
    private static final Permissions TOKEN =
            Permissions.of(CLIENT, List.of("news", "room/**", "no//topic"), List.of("chat/*"));
    private static final Permissions OPEN = Permissions.open(CLIENT);

    private static TopicPattern pattern(String name) {
        return new TopicPattern(name);
    }

    @Test
    void aPatternMayBeFollowedIfOneOfTheTokensCoversIt() {
        assertTrue(TOKEN.mayFollow(pattern("news")));
        assertTrue(TOKEN.mayFollow(pattern("room/1")));
        assertTrue(TOKEN.mayFollow(pattern("room/1/*")));
        assertFalse(TOKEN.mayFollow(pattern("news/*")));
        assertFalse(TOKEN.mayFollow(pattern("**")));
    }

    @Test
    void aTokenThatSaysNothingAllowsNothingButThePrivateAddress() {
        Permissions none = Permissions.of(CLIENT, List.of(), List.of());
        assertFalse(none.mayFollow(pattern("news")));
        assertFalse(none.mayPublish(new Topic("news")));
        assertTrue(none.mayFollow(pattern("user/42")));
    }

    @Test
    void aPrivateAddressIsFollowedByItsClientAloneAlsoIfTheServerIsOpen() {
        assertTrue(OPEN.mayFollow(pattern("user/42")));
        assertFalse(OPEN.mayFollow(pattern("user/43")));
        assertFalse(OPEN.mayFollow(pattern("user/42/more")));
        assertTrue(OPEN.mayFollow(pattern("**")));
        Permissions greedy = Permissions.of(CLIENT, List.of("**", "user/43"), List.of("**"));
        assertFalse(greedy.mayFollow(pattern("user/43")));
    }

    @Test
    void noBrowserPublishesToAPrivateAddress() {
        assertTrue(OPEN.mayPublish(new Topic("chat/1")));
        assertFalse(OPEN.mayPublish(new Topic("user/42")));
        assertTrue(TOKEN.mayPublish(new Topic("chat/1")));
        assertFalse(TOKEN.mayPublish(new Topic("chat/1/2")));
        assertFalse(Permissions.of(CLIENT, List.of(), List.of("user/42")).mayPublish(new Topic("user/42")));
    }

    @Test
    void ofManyThoseAreForbiddenThatNoPatternOfTheTokenCovers() {
        List<TopicPattern> wanted =
                List.of(pattern("news"), pattern("b"), pattern("room/1/*"), pattern("user/42"), pattern("user/43"));
        assertEquals(List.of(pattern("b"), pattern("user/43")), TOKEN.forbidden(wanted));
        assertEquals(pattern("b"), TOKEN.firstForbidden(wanted));
        assertNull(TOKEN.firstForbidden(List.of(pattern("news"))));
    }

    /** A session's name is no segment of a topic, so it has no address that anybody could follow or publish to. */
    @Test
    void aSessionHasNoPrivateAddress() {
        Permissions session = Permissions.of(new ClientId("bayeux:abc"), List.of("**", "user/bayeux:abc"), List.of());
        assertFalse(session.mayFollow(pattern("user/abc")));
        assertThrows(IllegalArgumentException.class, () -> pattern("user/bayeux:abc"));
    }
}
