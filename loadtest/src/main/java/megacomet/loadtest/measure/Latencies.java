package megacomet.loadtest.measure;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of microseconds, from 1 µs to an hour, with three significant digits; and how they travel between processes. */
public final class Latencies {

    private static final long HIGHEST_US = 3_600_000_000L;
    private static final int DIGITS = 3;

    private Latencies() {}

    public static Histogram empty() {
        Histogram histogram = new Histogram(1, HIGHEST_US, DIGITS);
        histogram.setAutoResize(false);
        return histogram;
    }

    /** Counts a value; what lies outside the range is counted at its end. */
    public static void count(Histogram histogram, long us) {
        histogram.recordValue(Math.max(1, Math.min(HIGHEST_US, us)));
    }

    /** As text, or null if it is empty. */
    public static String encode(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        byte[] bytes = new byte[length];
        buffer.rewind();
        buffer.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Adds what {@link #encode} made; null adds nothing. */
    public static void addEncoded(Histogram sum, String encoded) {
        if (encoded == null) {
            return;
        }
        try {
            sum.add(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), HIGHEST_US));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("no histogram: " + e.getMessage(), e);
        }
    }

    /** In milliseconds. */
    public static double ms(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / 1_000.0;
    }
}
