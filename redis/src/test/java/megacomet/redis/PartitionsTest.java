package megacomet.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.redis.link.SlotMap;
import org.junit.jupiter.api.Test;

class PartitionsTest {

    @Test
    void slotsAreThoseOfTheClusterSpecification() {
        // The specification's own check value, and two that `CLUSTER KEYSLOT` gives.
        assertEquals(0x31C3 % SlotMap.SLOTS, Partitions.slotOf("123456789"));
        assertEquals(12_182, Partitions.slotOf("foo"));
        assertEquals(5_061, Partitions.slotOf("bar"));
    }

    @Test
    void everyEvenShareOfTheSlotsHasAnEvenShareOfThePartitions() {
        Partitions partitions = new Partitions(256);
        for (int masters = 1; masters <= 16; masters++) {
            int[] share = new int[masters];
            for (int p = 0; p < partitions.count(); p++) {
                share[partitions.slot(p) * masters / SlotMap.SLOTS]++;
            }
            int even = partitions.count() / masters;
            for (int count : share) {
                assertTrue(Math.abs(count - even) <= 2, masters + " masters: " + count + " instead of " + even);
            }
        }
    }

    @Test
    void everyPartitionHasATagAndASlotOfItsOwn() {
        for (int count : new int[] {1, 2, 3, 7, 100, 255, 256}) {
            Partitions partitions = new Partitions(count);
            Set<Integer> slots = new HashSet<>();
            for (int p = 0; p < count; p++) {
                assertEquals(partitions.slot(p), Partitions.slotOf(partitions.tag(p)));
                assertEquals(p, partitions.withTag(partitions.tag(p)));
                slots.add(partitions.slot(p));
            }
            assertEquals(count, slots.size());
        }
        assertThrows(IllegalArgumentException.class, () -> new Partitions(0));
        assertThrows(IllegalArgumentException.class, () -> new Partitions(257));
    }

    @Test
    void clientsSpreadEvenlyAlsoWithNamesInARow() {
        Partitions partitions = new Partitions(256);
        int[] clients = new int[256];
        IntStream.range(0, 256_000).forEach(i -> clients[partitions.of(new ClientId("user-" + i))]++);
        for (int count : clients) {
            assertTrue(count > 800 && count < 1_200, "a partition with " + count + " of 256,000 clients");
        }
    }
}
