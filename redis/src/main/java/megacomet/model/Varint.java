package megacomet.model;

import java.nio.ByteBuffer;

/** Numbers from 0 up in as few bytes as they need: seven bits a byte, the least first, the top bit on all but the last. */
final class Varint {

    private static final int MAX_SHIFT = 56;

    private Varint() {}

    static void write(ByteBuffer to, long value) {
        while (value > 0x7f) {
            to.put((byte) (value | 0x80));
            value >>>= 7;
        }
        to.put((byte) value);
    }

    /**
     * @throws java.nio.BufferUnderflowException if {@code from} ends within the number
     * @throws IllegalArgumentException if the number has more than 63 bits
     */
    static long read(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
            byte b = from.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number with more than 63 bits");
    }
}
