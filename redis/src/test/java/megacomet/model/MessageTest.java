package megacomet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessageTest {

    private static final byte KEYED_LATEST = 5;

    private static ByteBuffer envelope(int keyLength, String rest) {
        return ByteBuffer.allocate(Message.ENVELOPE_HEADER_BYTES + Short.BYTES + rest.length())
                .put((byte) Message.ENVELOPE_VERSION)
                .put(KEYED_LATEST)
                .putLong(7)
                .putLong(1_000)
                .putLong(2_000)
                .putShort((short) keyLength)
                .put(rest.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .flip();
    }

    @Test
    void anEnvelopeIsReadToItsEnd() {
        Message message = Message.fromEnvelope(null, envelope(3, "key1"));
        assertEquals("key", message.key());
        assertArrayEquals(new byte[] {'1'}, message.data());
    }

    /** Found by fuzzing: it was another exception, which nobody who reads envelopes expects. */
    @Test
    void anEnvelopeThatEndsWithinItsKeyIsNone() {
        assertThrows(IllegalArgumentException.class, () -> Message.fromEnvelope(null, envelope(5, "key1")));
        ByteBuffer cut = envelope(0, "").limit(Message.ENVELOPE_HEADER_BYTES + 1);
        assertThrows(IllegalArgumentException.class, () -> Message.fromEnvelope(null, cut));
    }
}
