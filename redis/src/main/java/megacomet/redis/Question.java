package megacomet.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Topic;

/**
 * What one process asks a node, on the node's channel: which of its clients follow a topic? It is no wake and is not
 * counted; who asks waits for a while only. A node answers with one element of a list, whose key the question names.
 *
 * <p>The bytes of a question: format 2, limit (4 bytes), topic's length (2), topic, and the answers' key. Those of an
 * answer: for each client its name's length (2) and name.
 *
 * @param limit how many clients are wanted at most
 * @param answers the key of the list of answers, in the partition of the channel
 */
record Question(Topic topic, int limit, byte[] answers) {

    private static final int FORMAT = 2;

    /** Whether the bytes are a question; wakes are of another format. */
    static boolean isOne(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == FORMAT;
    }

    /** @throws IllegalArgumentException if it is none */
    static Question parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            in.get();
            int limit = in.getInt();
            String topic = name(in);
            byte[] answers = new byte[in.remaining()];
            in.get(answers);
            return new Question(new Topic(topic), limit, answers);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a question of " + bytes.length + " bytes is not whole", e);
        }
    }

    byte[] toBytes() {
        byte[] name = topic.utf8();
        return ByteBuffer.allocate(1 + Integer.BYTES + Short.BYTES + name.length + answers.length)
                .put((byte) FORMAT)
                .putInt(limit)
                .putShort((short) name.length)
                .put(name)
                .put(answers)
                .array();
    }

    /** Returns an answer. */
    static byte[] answer(List<ClientId> clients) {
        List<byte[]> names = clients.stream().map(ClientId::utf8).toList();
        ByteBuffer out = ByteBuffer.allocate(
                names.stream().mapToInt(name -> Short.BYTES + name.length).sum());
        names.forEach(name -> out.putShort((short) name.length).put(name));
        return out.array();
    }

    /** Reads an answer. */
    static List<ClientId> clients(byte[] answer) {
        ByteBuffer in = ByteBuffer.wrap(answer);
        List<ClientId> clients = new ArrayList<>();
        while (in.hasRemaining()) {
            clients.add(new ClientId(name(in)));
        }
        return clients;
    }

    private static String name(ByteBuffer in) {
        byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
