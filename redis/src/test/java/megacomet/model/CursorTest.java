package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorTest {

    private static final ClientId CLIENT = new ClientId("42");

    private static Cursor cursor(int epoch, long number) {
        return new Cursor(Cursor.tagOf(CLIENT), 1_790_000_000_000L, new Position(epoch, number));
    }

    @Test
    void comesBackAsItWent() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Cursor cursor = cursor(random.nextInt(), random.nextLong(Position.MAX_NUMBER + 1));
            assertEquals(cursor, Cursor.parse(cursor.encode()));
        }
    }

    @Test
    void isShortAndNeedsNoEscapingInAUrl() {
        String text = cursor(-1, Position.MAX_NUMBER).encode();
        assertTrue(text.matches("[A-Za-z0-9._~-]{1,199}"), text);
    }

    @Test
    void cutOffAnywhereIsRefused() {
        String text = cursor(7, 1_790_000_000_000_001L).encode();
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> Cursor.parse(cut), cut);
        }
    }

    @Test
    void withOneCharacterChangedIsRefused() {
        String text = cursor(7, 1_790_000_000_000_001L).encode();
        // The last character has bits that stand for nothing; a change of those alone is no change.
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertThrows(IllegalArgumentException.class, () -> Cursor.parse(changed), changed);
        }
    }

    @Test
    void anythingElseIsRefusedWithoutHarm() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            byte[] junk = new byte[random.nextInt(80)];
            random.nextBytes(junk);
            String text = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(junk);
            assertThrows(IllegalArgumentException.class, () -> Cursor.parse(text), text);
        }
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse("A".repeat(Cursor.MAX_LENGTH + 1)));
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse("🚀 not base64"));
    }

    @Test
    void knowsWhoseItIs() {
        assertTrue(cursor(1, 2).isOf(CLIENT));
        assertFalse(cursor(1, 2).isOf(new ClientId("43")));
    }
}
