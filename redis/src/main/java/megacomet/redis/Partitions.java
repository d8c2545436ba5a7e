package megacomet.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import megacomet.model.ClientId;
import megacomet.model.Hash64;
import megacomet.model.Topic;
import megacomet.redis.link.SlotMap;

/**
 * The fixed groups of clients (and topics) whose Redis keys share a hash tag, and so a slot, and so a master.
 *
 * <p>The slots are cut into as many equal bands as there are partitions, and each partition's tag is the first in the
 * order 0, 1, …, z, 10, … (base 36) that falls into its band. So the partitions are spread evenly over any even spread
 * of slots; the numbers themselves as tags would not be. The count is fixed for a deployment.
 */
public final class Partitions {

    /** How many there are unless said otherwise, and the most there can be. */
    public static final int DEFAULT_COUNT = 256;

    private final String[] tags;
    private final int[] slots;

    /** @throws IllegalArgumentException unless {@code count} is 1 to 256 */
    public Partitions(int count) {
        if (count < 1 || count > DEFAULT_COUNT) {
            throw new IllegalArgumentException("there are 1 to " + DEFAULT_COUNT + " partitions, not " + count);
        }
        this.tags = new String[count];
        this.slots = new int[count];
        for (int candidate = 0, missing = count; missing > 0; candidate++) {
            String tag = Integer.toString(candidate, Character.MAX_RADIX);
            int slot = slotOf(tag);
            int band = slot * count / SlotMap.SLOTS;
            if (tags[band] == null) {
                tags[band] = tag;
                slots[band] = slot;
                missing--;
            }
        }
    }

    public int count() {
        return tags.length;
    }

    /** Returns the partition that a client belongs to. */
    public int of(ClientId client) {
        return of(client.utf8());
    }

    /** Returns the partition that a topic belongs to. */
    public int of(Topic topic) {
        return of(topic.utf8());
    }

    int of(byte[] name) {
        return ofTag(Hash64.of(name));
    }

    /** Returns the partition of a topic that cursors know by that tag. */
    public int ofTag(long tag) {
        return (int) Long.remainderUnsigned(tag, tags.length);
    }

    /** Returns the text between braces in the partition's keys. */
    public String tag(int partition) {
        return tags[partition];
    }

    /** Returns the slot of the partition's keys. */
    public int slot(int partition) {
        return slots[partition];
    }

    /** Returns the partition with this tag, or -1. */
    int withTag(String tag) {
        return Arrays.asList(tags).indexOf(tag);
    }

    /** CRC-16/XMODEM modulo 16,384, as the Redis Cluster specification has it ("Key distribution model"). */
    static int slotOf(String tag) {
        int crc = 0;
        for (byte b : tag.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
        }
        return crc & 0xffff & SlotMap.SLOTS - 1;
    }
}
