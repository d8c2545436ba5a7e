package megacomet.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of a stream.
 *
 * @param topic whose it is; null in a client's mailbox
 * @param number its place in the stream; the next message has a greater one
 * @param atMs when Redis took it, epoch milliseconds of the stream's master
 * @param expiryMs the end of its life, on the same clock; from then on it is delivered to nobody
 * @param mode what its stream keeps
 * @param key in a {@link TopicMode#LATEST} topic, which message it replaces: that with the same key; else null
 * @param data its JSON in UTF-8, without insignificant whitespace, otherwise as it was published; never changed
 */
public record Message(Topic topic, long number, long atMs, long expiryMs, TopicMode mode, String key, byte[] data) {

    /** The version of the envelope that {@link #fromEnvelope} reads and the scripts write. */
    public static final int ENVELOPE_VERSION = 1;

    /** What an envelope has before the data: version, flags, number, publish time, expiry. */
    public static final int ENVELOPE_HEADER_BYTES = 1 + 1 + 8 + 8 + 8;

    /** The bits of an envelope's flags: the mode in the lower two, and whether a key comes before the data. */
    private static final int MODE = 3;

    private static final int HAS_KEY = 4;

    /** A message of a client's mailbox. */
    public Message(long number, long atMs, long expiryMs, byte[] data) {
        this(null, number, atMs, expiryMs, TopicMode.LOG, null, data);
    }

    /**
     * Reads the rest of {@code bytes} as one envelope: what a stream's list holds and a wake carries.
     *
     * @param topic whose it is, or null
     * @throws IllegalArgumentException if it is none
     */
    public static Message fromEnvelope(Topic topic, ByteBuffer bytes) {
        if (bytes.remaining() < ENVELOPE_HEADER_BYTES) {
            throw new IllegalArgumentException("an envelope of " + bytes.remaining() + " bytes is too short");
        }
        int version = bytes.get();
        if (version != ENVELOPE_VERSION) {
            throw new IllegalArgumentException("an envelope of version " + version + " is not known");
        }
        int flags = bytes.get();
        long number = bytes.getLong();
        long atMs = bytes.getLong();
        long expiryMs = bytes.getLong();
        String key = null;
        if ((flags & HAS_KEY) != 0) {
            key = key(bytes);
        }
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        return new Message(topic, number, atMs, expiryMs, TopicMode.ofCode(flags & MODE), key, data);
    }

    private static String key(ByteBuffer bytes) {
        int length = bytes.remaining() < Short.BYTES ? Short.MAX_VALUE : Short.toUnsignedInt(bytes.getShort());
        if (bytes.remaining() < length) {
            throw new IllegalArgumentException("an envelope ends within its key");
        }
        byte[] key = new byte[length];
        bytes.get(key);
        return new String(key, StandardCharsets.UTF_8);
    }

    /** What the message counts for where bytes are limited. */
    public int bytes() {
        return ENVELOPE_HEADER_BYTES + data.length;
    }
}
