package megacomet.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import megacomet.model.Message;
import megacomet.model.Topic;

/**
 * What a script tells a node of which event loops follow a topic: a message was published. One a node, however many follow;
 * like every {@linkplain Wake wake} a hint, counted with them. Its bytes are laid out in topics.lua.
 *
 * @param epoch under which the numbers were given
 * @param before the number of the topic's message before it, 0 if it is the first
 * @param number the message's number
 * @param partitionNumber its number among all messages of the partition's topics, which patterns go by
 * @param loops the node's event loops that follow it, by name or by a pattern
 * @param message the message, or null if it is too long for a wake and must be read
 */
public record TopicWake(
        Topic topic, int epoch, long before, long number, long partitionNumber, int[] loops, Message message) {

    /** The kind of wake that this is; the others are in {@link Wake}. */
    static final int KIND = 5;

    /** A wake with what only the node's ears need. */
    record Received(long counter, TopicWake wake) {}

    /** Whether the bytes of a wake are of this kind. */
    static boolean isOne(byte[] bytes) {
        return bytes.length > 1 && bytes[1] == KIND;
    }

    /**
     * Reads what came on a channel.
     *
     * @throws IllegalArgumentException if it is no wake of this kind
     */
    static Received parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != 1 || in.get() != KIND) {
                throw new IllegalArgumentException("not a topic's wake of a format that is known");
            }
            int epoch = in.getInt();
            long counter = in.getLong();
            byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(name);
            Topic topic = new Topic(new String(name, StandardCharsets.US_ASCII));
            long before = in.getLong();
            long number = in.getLong();
            long partitionNumber = in.getLong();
            int[] loops = new int[Short.toUnsignedInt(in.getShort())];
            for (int i = 0; i < loops.length; i++) {
                loops[i] = Short.toUnsignedInt(in.getShort());
            }
            Message message = in.hasRemaining() ? Message.fromEnvelope(topic, in) : null;
            return new Received(counter, new TopicWake(topic, epoch, before, number, partitionNumber, loops, message));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a wake of " + bytes.length + " bytes is not whole", e);
        }
    }
}
