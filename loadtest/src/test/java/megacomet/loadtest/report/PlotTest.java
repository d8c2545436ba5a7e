package megacomet.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlotTest {

    @Test
    void theHighestValueLiesWithinTheAxis() {
        String svg = new Plot("Rate", "a second")
                .add("published", new double[] {0, 10}, new double[] {0, 270})
                .toSvg();
        assertTrue(svg.contains(">300</text>"), svg);
        assertTrue(svg.contains(">2 s</text>") && svg.contains(">10 s</text>"), svg);
    }

    @Test
    void everyNineOfAPercentileAxisIsAsWide() {
        String svg = new Plot("Latency", "ms")
                .byPercentile()
                .add("latency", new double[] {0, 90, 99, 100}, new double[] {1, 2, 3, 4})
                .toSvg();
        assertTrue(svg.contains(">99.9 %</text>") && svg.contains(">99.999 %</text>"), svg);
    }

    @Test
    void nothingMeasuredIsStillAPicture() {
        String svg = new Plot("Empty <b>", "")
                .add("none", new double[0], new double[0])
                .toSvg();
        assertFalse(svg.contains("NaN") || svg.contains("Infinity") || svg.contains("<b>"), svg);
    }
}
