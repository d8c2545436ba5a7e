package megacomet.gateway.bayeux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What the application may answer about a handshake. */
class CallbackAuthorityTest {

    private static Visitor visitor(String more) {
        return CallbackAuthority.visitor(Buffer.buffer("{\"allow\":true" + more + "}"));
    }

    @Test
    void theApplicationNamesAnyClientButASession() {
        assertEquals("42", visitor(",\"sub\":\"42\"").subject());
        assertThrows(IllegalArgumentException.class, () -> visitor(",\"sub\":\"bayeux:abcdefghijklmnopqrstuv\""));
    }

    @Test
    void ofTopicsThatMayBeFollowedThereAreSoManyAndNoMore() {
        String most = String.join(",", Collections.nCopies(500, "\"a\""));
        assertEquals(500, visitor(",\"topics\":[" + most + "]").topics().size());
        assertThrows(IllegalArgumentException.class, () -> visitor(",\"topics\":[\"b\"," + most + "]"));
        assertThrows(IllegalArgumentException.class, () -> visitor(",\"publish\":[\"b\"," + most + "]"));
    }
}
