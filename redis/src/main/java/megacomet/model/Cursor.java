package megacomet.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * How far a client has confirmed, as it travels: the client gets it with every answer and brings it back.
 *
 * <p>It is opaque to clients. Inside are a version, the client's tag, the time of issue, a table of epochs, the mailbox's
 * position as an index into the table and a number, the positions of topics, and a checksum; all of it in base64url. The tag
 * keeps a cursor that was mixed up by a page from confirming somebody else's mailbox; the checksum keeps one that was cut
 * off on its way from confirming more than was received. Neither is a secret: what a client may do is decided by its token.
 *
 * <p>Numbers of topics and partitions are written as what they are above the least of them, and partitions as a map of bits
 * and the numbers of those that have one; so 50 topics and all 256 partitions fit into {@link #MAX_LENGTH}.
 *
 * @param clientTag the hash of the client's id
 * @param issuedAtMs when it was made, epoch milliseconds; kept in whole seconds
 * @param mailbox how far the client's mailbox was answered
 * @param topics how far its topics were
 */
public record Cursor(long clientTag, long issuedAtMs, Position mailbox, TopicPositions topics) {

    /** The longest text that {@link #parse} looks at. */
    public static final int MAX_LENGTH = 4096;

    /** The most topics and patterns that one client follows. */
    public static final int MAX_TOPICS = 50;

    private static final int VERSION = 1;
    private static final int MAX_EPOCHS = 64;
    private static final int CHECKSUM_BYTES = 4;
    private static final int PARTITION_BYTES = 32;

    /** As milliseconds it is a number that a double holds, as all are here. */
    private static final long MAX_ISSUED_AT_S = Position.MAX_NUMBER / 1000;

    /** The longest varint is eight bytes: numbers are below 2^53, and an index of 64 makes them six bits longer. */
    private static final int VARINT_BYTES = 9;

    /** A cursor of a client that follows no topics. */
    public Cursor(long clientTag, long issuedAtMs, Position mailbox) {
        this(clientTag, issuedAtMs, mailbox, TopicPositions.NONE);
    }

    /** Returns the tag by which cursors know {@code client}. */
    public static long tagOf(ClientId client) {
        return Hash64.of(client.utf8());
    }

    /**
     * Reads a cursor that a client brought.
     *
     * @throws IllegalArgumentException if it is not whole or was not made by us
     */
    public static Cursor parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a cursor of " + text.length() + " characters is too long");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            int end = bytes.limit() - CHECKSUM_BYTES;
            if (end < 1 || bytes.getInt(end) != checksum(bytes.array(), end)) {
                throw new IllegalArgumentException("the cursor is not whole");
            }
            bytes.limit(end);
            if (bytes.get() != VERSION) {
                throw new IllegalArgumentException("the cursor is of another version");
            }
            return read(bytes);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the cursor is not whole", e);
        }
    }

    private static Cursor read(ByteBuffer bytes) {
        long clientTag = bytes.getLong();
        long issuedAtS = Varint.read(bytes);
        if (issuedAtS > MAX_ISSUED_AT_S) {
            throw new IllegalArgumentException("the cursor is not ours");
        }
        int[] epochs = new int[count(bytes, 1, MAX_EPOCHS)];
        for (int i = 0; i < epochs.length; i++) {
            epochs[i] = bytes.getInt();
        }
        Position mailbox = position(bytes, epochs, 0);
        TopicPositions topics = bytes.hasRemaining() ? readTopics(bytes, epochs) : TopicPositions.NONE;
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("the cursor is not ours");
        }
        return new Cursor(clientTag, issuedAtS * 1000, mailbox, topics);
    }

    private static TopicPositions readTopics(ByteBuffer bytes, int[] epochs) {
        Map<Long, Position> byTopic = new HashMap<>();
        Set<Long> patterns = new HashSet<>();
        Map<Integer, Position> byPartition = new HashMap<>();
        int topics = count(bytes, 0, MAX_TOPICS);
        long least = Varint.read(bytes);
        for (int i = 0; i < topics; i++) {
            byTopic.put(bytes.getLong(), position(bytes, epochs, least));
        }
        int followed = count(bytes, 0, MAX_TOPICS);
        for (int i = 0; i < followed; i++) {
            patterns.add(bytes.getLong());
        }
        if (followed > 0) {
            byte[] present = new byte[PARTITION_BYTES];
            bytes.get(present);
            long lowest = Varint.read(bytes);
            for (int partition = 0; partition < PARTITION_BYTES * 8; partition++) {
                if ((present[partition / 8] & 1 << partition % 8) != 0) {
                    byPartition.put(partition, position(bytes, epochs, lowest));
                }
            }
        }
        return new TopicPositions(byTopic, patterns, byPartition);
    }

    private static int count(ByteBuffer bytes, int least, int most) {
        long count = Varint.read(bytes);
        if (count < least || count > most) {
            throw new IllegalArgumentException("the cursor is not ours");
        }
        return (int) count;
    }

    /** Numbers and epochs' places in the table are woven into one: the place in the lowest digit, to the base of its size. */
    private static Position position(ByteBuffer bytes, int[] epochs, long above) {
        long woven = Varint.read(bytes);
        if (woven < 0) {
            throw new IllegalArgumentException("the cursor is not ours");
        }
        return new Position(epochs[(int) (woven % epochs.length)], above + woven / epochs.length);
    }

    /** Whether this cursor was made for {@code client}. */
    public boolean isOf(ClientId client) {
        return clientTag == tagOf(client);
    }

    /** Returns the text that goes to the client: of {@code A-Za-z0-9_-}, and fewer than 200 of them if it follows nothing. */
    public String encode() {
        List<Integer> epochs = epochs();
        int room = 64
                + epochs.size() * Integer.BYTES
                + (topics.byTopic().size() + topics.patterns().size()) * (Long.BYTES + VARINT_BYTES)
                + PARTITION_BYTES
                + topics.byPartition().size() * VARINT_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(room);
        bytes.put((byte) VERSION).putLong(clientTag);
        Varint.write(bytes, issuedAtMs / 1000);
        Varint.write(bytes, epochs.size());
        epochs.forEach(bytes::putInt);
        write(bytes, epochs, mailbox, 0);
        if (!topics.isEmpty()) {
            writeTopics(bytes, epochs);
        }
        bytes.putInt(checksum(bytes.array(), bytes.position()));
        bytes.flip();
        ByteBuffer text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        return new String(text.array(), 0, text.limit(), StandardCharsets.ISO_8859_1);
    }

    private List<Integer> epochs() {
        List<Integer> epochs = new ArrayList<>(1);
        epochs.add(mailbox.epoch());
        topics.byTopic().values().forEach(position -> addOnce(epochs, position.epoch()));
        topics.byPartition().values().forEach(position -> addOnce(epochs, position.epoch()));
        if (epochs.size() > MAX_EPOCHS) {
            throw new IllegalStateException("a cursor over " + epochs.size() + " Redis masters is too long");
        }
        return epochs;
    }

    private static void addOnce(List<Integer> epochs, int epoch) {
        if (!epochs.contains(epoch)) {
            epochs.add(epoch);
        }
    }

    private void writeTopics(ByteBuffer bytes, List<Integer> epochs) {
        Varint.write(bytes, topics.byTopic().size());
        long least = least(topics.byTopic());
        Varint.write(bytes, least);
        topics.byTopic().forEach((tag, position) -> {
            bytes.putLong(tag);
            write(bytes, epochs, position, least);
        });
        Varint.write(bytes, topics.patterns().size());
        topics.patterns().forEach(bytes::putLong);
        if (!topics.patterns().isEmpty()) {
            byte[] present = new byte[PARTITION_BYTES];
            topics.byPartition().keySet().forEach(partition -> present[partition / 8] |= (byte) (1 << partition % 8));
            bytes.put(present);
            long lowest = least(topics.byPartition());
            Varint.write(bytes, lowest);
            new TreeMap<>(topics.byPartition()).values().forEach(position -> write(bytes, epochs, position, lowest));
        }
    }

    private static long least(Map<?, Position> positions) {
        return positions.values().stream().mapToLong(Position::number).min().orElse(0);
    }

    private static void write(ByteBuffer bytes, List<Integer> epochs, Position position, long above) {
        Varint.write(bytes, (position.number() - above) * epochs.size() + epochs.indexOf(position.epoch()));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
