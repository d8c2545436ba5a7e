package megacomet.model;

import java.nio.ByteBuffer;

/**
 * One message of a stream.
 *
 * @param number its place in the stream; the next message has a greater one
 * @param atMs when Redis took it, epoch milliseconds of the stream's master
 * @param expiryMs the end of its life, on the same clock; from then on it is delivered to nobody
 * @param data its JSON in UTF-8, without insignificant whitespace, otherwise as it was published; never changed
 */
public record Message(long number, long atMs, long expiryMs, byte[] data) {

    /** The version of the envelope that {@link #fromEnvelope} reads and the scripts write. */
    public static final int ENVELOPE_VERSION = 1;

    /** What an envelope has before the data: version, flags, number, publish time, expiry. */
    public static final int ENVELOPE_HEADER_BYTES = 1 + 1 + 8 + 8 + 8;

    /**
     * Reads the rest of {@code bytes} as one envelope: what a stream's list holds and a wake carries.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Message fromEnvelope(ByteBuffer bytes) {
        if (bytes.remaining() < ENVELOPE_HEADER_BYTES) {
            throw new IllegalArgumentException("an envelope of " + bytes.remaining() + " bytes is too short");
        }
        int version = bytes.get();
        if (version != ENVELOPE_VERSION) {
            throw new IllegalArgumentException("an envelope of version " + version + " is not known");
        }
        bytes.get(); // flags: none yet
        long number = bytes.getLong();
        long atMs = bytes.getLong();
        long expiryMs = bytes.getLong();
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        return new Message(number, atMs, expiryMs, data);
    }

    /** What the message counts for where bytes are limited. */
    public int bytes() {
        return ENVELOPE_HEADER_BYTES + data.length;
    }
}
