package megacomet.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * How far a client has confirmed, as it travels: the client gets it with every answer and brings it back.
 *
 * <p>It is opaque to clients. Inside are a version, the client's tag, the time of issue, a table of epochs, the mailbox's
 * position as an index into the table and a number, and a checksum; all of it in base64url. The tag keeps a cursor that
 * was mixed up by a page from confirming somebody else's mailbox; the checksum keeps one that was cut off on its way from
 * confirming more than was received. Neither is a secret: what a client may do is decided by its token.
 *
 * @param clientTag the hash of the client's id
 * @param issuedAtMs when it was made, epoch milliseconds; kept in whole seconds
 * @param mailbox how far the client's mailbox was answered
 */
public record Cursor(long clientTag, long issuedAtMs, Position mailbox) {

    /** The longest text that {@link #parse} looks at. */
    public static final int MAX_LENGTH = 4096;

    private static final int VERSION = 1;
    private static final int MAX_EPOCHS = 16;
    private static final int CHECKSUM_BYTES = 4;
    private static final int ROOM = 64;

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
        long issuedAtMs = Varint.read(bytes) * 1000;
        int epochs = (int) Varint.read(bytes);
        if (epochs < 1 || epochs > MAX_EPOCHS) {
            throw new IllegalArgumentException("a cursor with " + epochs + " epochs is not ours");
        }
        int[] table = new int[epochs];
        for (int i = 0; i < epochs; i++) {
            table[i] = bytes.getInt();
        }
        long index = Varint.read(bytes);
        long number = Varint.read(bytes);
        if (index < 0 || index >= epochs || bytes.hasRemaining()) {
            throw new IllegalArgumentException("the cursor is not ours");
        }
        return new Cursor(clientTag, issuedAtMs, new Position(table[(int) index], number));
    }

    /** Whether this cursor was made for {@code client}. */
    public boolean isOf(ClientId client) {
        return clientTag == tagOf(client);
    }

    /** Returns the text that goes to the client: fewer than 200 of {@code A-Za-z0-9_-}. */
    public String encode() {
        ByteBuffer bytes = ByteBuffer.allocate(ROOM);
        bytes.put((byte) VERSION).putLong(clientTag);
        Varint.write(bytes, issuedAtMs / 1000);
        Varint.write(bytes, 1);
        bytes.putInt(mailbox.epoch());
        Varint.write(bytes, 0);
        Varint.write(bytes, mailbox.number());
        bytes.putInt(checksum(bytes.array(), bytes.position()));
        bytes.flip();
        ByteBuffer text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        return new String(text.array(), 0, text.limit(), StandardCharsets.ISO_8859_1);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
