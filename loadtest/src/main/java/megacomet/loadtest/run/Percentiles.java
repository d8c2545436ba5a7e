package megacomet.loadtest.run;

import megacomet.loadtest.measure.Latencies;
import org.HdrHistogram.Histogram;

/** A histogram's usual figures, in milliseconds. */
public record Percentiles(
        long count,
        double minMs,
        double p50Ms,
        double p90Ms,
        double p99Ms,
        double p999Ms,
        double p9999Ms,
        double maxMs) {

    public static Percentiles of(Histogram histogram) {
        boolean isEmpty = histogram.getTotalCount() == 0;
        return new Percentiles(
                histogram.getTotalCount(),
                isEmpty ? 0 : histogram.getMinValue() / 1_000.0,
                Latencies.ms(histogram, 50),
                Latencies.ms(histogram, 90),
                Latencies.ms(histogram, 99),
                Latencies.ms(histogram, 99.9),
                Latencies.ms(histogram, 99.99),
                isEmpty ? 0 : histogram.getMaxValue() / 1_000.0);
    }
}
