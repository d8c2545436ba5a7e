package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdTest {

    @Test
    void lengthIsCountedInCharactersNotInUtf16() {
        String rockets = "🚀".repeat(ClientId.MAX_LENGTH);
        assertEquals(rockets, new ClientId(rockets).value());
        assertThrows(IllegalArgumentException.class, () -> new ClientId(rockets + "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "a b", "user@example.com", "ä/ö", "{tag}", "..", "مرحبا"})
    void namesThatApplicationsHaveAreTaken(String name) {
        assertEquals(name, new ClientId(name).value());
    }

    @Test
    void nobodyOutsideNamesASession() {
        assertEquals("42", ClientId.given("42").value());
        assertThrows(IllegalArgumentException.class, () -> ClientId.given("bayeux:"));
        assertThrows(IllegalArgumentException.class, () -> ClientId.given("bayeux:abcdefghijklmnopqrstuv"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "a\u007f", "\u0085", "\ud83d", "a\udc00", "\ufffd"})
    void controlsAndBrokenCharactersAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new ClientId(name));
    }
}
