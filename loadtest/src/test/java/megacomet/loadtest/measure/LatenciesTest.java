package megacomet.loadtest.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void histogramsOfTwoProcessesMergeAsIfItHadBeenOne() {
        Histogram whole = Latencies.empty();
        Histogram merged = Latencies.empty();
        for (int part = 0; part < 2; part++) {
            Histogram mine = Latencies.empty();
            for (int i = part; i < 10_000; i += 2) {
                Latencies.count(mine, i * 37L);
                Latencies.count(whole, i * 37L);
            }
            Latencies.addEncoded(merged, Latencies.encode(mine));
        }
        assertEquals(whole, merged);
        assertEquals(10_000, merged.getTotalCount());
        assertEquals(whole.getValueAtPercentile(99.9), merged.getValueAtPercentile(99.9));
    }

    @Test
    void whatLiesOutsideIsCountedAtTheEnd() {
        Histogram histogram = Latencies.empty();
        Latencies.count(histogram, -5);
        Latencies.count(histogram, Long.MAX_VALUE);
        assertEquals(2, histogram.getTotalCount());
        assertEquals(1, histogram.getMinValue());
    }

    @Test
    void anEmptyHistogramIsNotSent() {
        assertNull(Latencies.encode(Latencies.empty()));
        Histogram sum = Latencies.empty();
        Latencies.addEncoded(sum, null);
        assertEquals(0, sum.getTotalCount());
    }

    @Test
    void threeDigitsAreKept() {
        Histogram histogram = Latencies.empty();
        Latencies.count(histogram, 123_400);
        assertEquals(123.4, Latencies.ms(histogram, 50), 0.1234);
    }

    @Test
    void garbageIsNoHistogram() {
        assertThrows(RuntimeException.class, () -> Latencies.addEncoded(Latencies.empty(), "AAAA"));
    }
}
