package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    /** Found by fuzzing: as milliseconds it was another time, which could hide that something is missing. */
    @Test
    void oneThatSaysItWasIssuedAfterAllTimeIsRefused() {
        String text = new Cursor(Cursor.tagOf(CLIENT), Long.MAX_VALUE, new Position(1, 7)).encode();
        assertThrows(IllegalArgumentException.class, () -> Cursor.parse(text));
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

    private static final int[] THREE_MASTERS = {0x12345678, -2, 77};

    /** Positions as they are after years: in microseconds, those of different masters far from each other. */
    private static Position position(Random random) {
        return new Position(
                THREE_MASTERS[random.nextInt(3)], 1_700_000_000_000_000L + random.nextLong(200_000_000_000_000L));
    }

    private static TopicPositions positions(Random random, int topics, int patterns, int partitions) {
        Map<Long, Position> byTopic = new HashMap<>();
        while (byTopic.size() < topics) {
            byTopic.put(random.nextLong(), position(random));
        }
        Set<Long> followed = new HashSet<>();
        while (followed.size() < patterns) {
            followed.add(random.nextLong());
        }
        Map<Integer, Position> byPartition = new HashMap<>();
        while (byPartition.size() < partitions) {
            byPartition.put(random.nextInt(256), position(random));
        }
        return new TopicPositions(byTopic, followed, byPartition);
    }

    private static Cursor cursor(Random random, TopicPositions topics) {
        return new Cursor(Cursor.tagOf(CLIENT), 1_790_000_000_000L, position(random), topics);
    }

    @Test
    void fiftyTopicsAndAllPartitionsOverThreeMastersFit() {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            Cursor cursor = cursor(random, positions(random, 40, 10, 256));
            assertEquals(cursor, Cursor.parse(cursor.encode()));
            Cursor most = cursor(random, positions(random, 50, 50, 256));
            assertEquals(most, Cursor.parse(most.encode()), "more than anyone may follow");
            assertTrue(
                    most.encode().length() <= Cursor.MAX_LENGTH,
                    "" + most.encode().length());
        }
    }

    @Test
    void positionsOfTopicsComeBackAsTheyWent() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            int patterns = random.nextInt(4);
            TopicPositions topics =
                    positions(random, random.nextInt(20), patterns, patterns == 0 ? 0 : random.nextInt(257));
            Cursor cursor = cursor(random, topics);
            assertEquals(cursor, Cursor.parse(cursor.encode()));
        }
        TopicPositions extremes = new TopicPositions(
                Map.of(Long.MIN_VALUE, new Position(1, 0), -1L, new Position(2, Position.MAX_NUMBER)),
                Set.of(Long.MAX_VALUE),
                Map.of(0, new Position(3, Position.MAX_NUMBER), 255, new Position(-1, 0)));
        Cursor cursor = cursor(random, extremes);
        assertEquals(cursor, Cursor.parse(cursor.encode()));
    }

    @Test
    void withTopicsCutOffAnywhereIsRefused() {
        String text = cursor(new Random(5), positions(new Random(5), 5, 2, 20)).encode();
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> Cursor.parse(cut), cut);
        }
    }
}
