package megacomet.loadtest.message;

import io.netty.buffer.ByteBuf;
import megacomet.loadtest.wire.Scan;

/**
 * What our messages' data is: a word that says which message of which run it is, for whom, and when it was due; then filling
 * up to its size. It consists of letters, digits and colons, so that it looks the same in JSON, in a script, in an event and
 * by itself, and whoever gets it in whatever envelope finds it by its first characters.
 */
public final class Stamp {

    private static final String OPENING = "mcload:";
    private static final byte[] ANY = Scan.ascii(OPENING);

    /** The longest that a stamp gets; smaller data cannot be asked for. */
    public static final int MIN_BYTES = 80;

    private static final int FIELDS = 5;

    private final byte[] opening;

    /** @param run letters and digits that no other run has */
    public Stamp(String run) {
        opening = Scan.ascii(OPENING + run + ":");
    }

    /** Is told what was found. */
    public interface Finder {

        /** One of our messages. */
        void found(int group, boolean isOfTopic, int number, int sequence, long dueUs);

        /** A message of another run. */
        void foundForeign();
    }

    /** Appends the data of a message, without quotes, filled up to {@code size} characters. */
    public void write(Publication message, int size, ByteBuf out) {
        int start = out.writerIndex();
        out.writeBytes(opening);
        writeField(message.group(), out);
        writeField(message.isOfTopic() ? 1 : 0, out);
        writeField(message.number(), out);
        writeField(message.sequence(), out);
        writeField(message.dueUs(), out);
        for (int i = out.writerIndex() - start; i < size; i++) {
            out.writeByte('x');
        }
    }

    /** Finds all stamps in {@code bytes[from, to)}, in their order. */
    public void findAll(byte[] bytes, int from, int to, Finder finder) {
        int at = Scan.indexOf(bytes, from, to, ANY);
        while (at >= 0) {
            if (Scan.indexOf(bytes, at, Math.min(to, at + opening.length), opening) == at) {
                read(bytes, at + opening.length, to, finder);
            } else {
                finder.foundForeign();
            }
            at = Scan.indexOf(bytes, at + ANY.length, to, ANY);
        }
    }

    private static void read(byte[] bytes, int from, int to, Finder finder) {
        long group = 0;
        long isOfTopic = 0;
        long number = 0;
        long sequence = 0;
        long value = 0;
        int field = 0;
        for (int i = from; i < to && field < FIELDS; i++) {
            if (bytes[i] != ':') {
                value = value * 10 + bytes[i] - '0';
                continue;
            }
            switch (field++) {
                case 0 -> group = value;
                case 1 -> isOfTopic = value;
                case 2 -> number = value;
                case 3 -> sequence = value;
                default -> finder.found((int) group, isOfTopic == 1, (int) number, (int) sequence, value);
            }
            value = 0;
        }
    }

    private static void writeField(long value, ByteBuf out) {
        int start = out.writerIndex();
        long rest = value;
        do {
            out.writeByte((int) ('0' + rest % 10));
            rest /= 10;
        } while (rest > 0);
        for (int left = start, right = out.writerIndex() - 1; left < right; left++, right--) {
            byte swapped = out.getByte(left);
            out.setByte(left, out.getByte(right));
            out.setByte(right, swapped);
        }
        out.writeByte(':');
    }
}
