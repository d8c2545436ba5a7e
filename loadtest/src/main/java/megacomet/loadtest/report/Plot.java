package megacomet.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** A line chart as SVG text, that needs nothing but itself. */
final class Plot {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 34;
    private static final int TOP = 16;
    private static final int BOTTOM = 30;
    private static final int TICKS = 5;

    /** Told apart by people who see colours differently, too. */
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

    private final String title;
    private final String unit;
    private final List<Series> series = new ArrayList<>();
    private boolean isPercentileAxis;

    private record Series(String name, double[] xs, double[] ys) {}

    /** A mark on an axis. */
    private record Tick(double at, String label) {}

    Plot(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** Its x are percentiles, and the nines are as wide as each other. */
    Plot byPercentile() {
        isPercentileAxis = true;
        return this;
    }

    Plot add(String name, double[] xs, double[] ys) {
        series.add(new Series(name, xs, ys));
        return this;
    }

    String toSvg() {
        DoubleUnaryOperator stretch = isPercentileAxis ? Plot::nines : x -> x;
        double maxX = max(stretch, true);
        double maxY = nice(max(y -> y, false));
        StringBuilder svg = new StringBuilder();
        append(svg, "<figure><figcaption>%s <small>%s</small>%s</figcaption>", escape(title), escape(unit), legend());
        append(svg, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, escape(title));
        for (int i = 0; i <= TICKS; i++) {
            double y = y(maxY * i / TICKS, maxY);
            append(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT);
            append(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 6,
                    y + 4,
                    label(maxY * i / TICKS));
        }
        for (Tick tick : xTicks(maxX)) {
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(tick.at(), maxX),
                    HEIGHT - 10,
                    tick.label());
        }
        for (int i = 0; i < series.size(); i++) {
            append(
                    svg,
                    "<path class=\"line\" stroke=\"%s\" d=\"%s\"/>",
                    colour(i),
                    path(series.get(i), stretch, maxX, maxY));
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private String path(Series of, DoubleUnaryOperator stretch, double maxX, double maxY) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < of.xs().length; i++) {
            append(
                    path,
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L",
                    x(stretch.applyAsDouble(of.xs()[i]), maxX),
                    y(of.ys()[i], maxY));
        }
        return path.toString();
    }

    private List<Tick> xTicks(double maxX) {
        List<Tick> ticks = new ArrayList<>();
        if (isPercentileAxis) {
            for (double percentile : new double[] {0, 50, 90, 99, 99.9, 99.99, 99.999}) {
                if (nines(percentile) <= maxX) {
                    ticks.add(new Tick(nines(percentile), label(percentile) + " %"));
                }
            }
        } else {
            double step = nice(maxX / TICKS);
            for (int i = 0; i * step <= maxX; i++) {
                ticks.add(new Tick(i * step, label(i * step) + " s"));
            }
        }
        return ticks;
    }

    private String legend() {
        StringBuilder legend = new StringBuilder();
        for (int i = 0; i < series.size(); i++) {
            append(
                    legend,
                    " <b style=\"color:%s\">%s</b>",
                    colour(i),
                    escape(series.get(i).name()));
        }
        return legend.toString();
    }

    private double max(DoubleUnaryOperator stretch, boolean isX) {
        double max = 0;
        for (Series one : series) {
            for (double value : isX ? one.xs() : one.ys()) {
                double stretched = stretch.applyAsDouble(value);
                max = Double.isFinite(stretched) ? Math.max(max, stretched) : max;
            }
        }
        return max == 0 ? 1 : max;
    }

    /** How many nines a percentile has: 90 one, 99 two. The last value of a histogram (100) is drawn at five. */
    private static double nines(double percentile) {
        return percentile >= 99.999 ? 5 : -Math.log10(1 - percentile / 100);
    }

    /** The next number above that a person would choose for an axis. */
    private static double nice(double max) {
        double power = Math.pow(10, Math.floor(Math.log10(max)));
        for (double step : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}) {
            if (max <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static double x(double value, double max) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, value / max);
    }

    private static double y(double value, double max) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / max;
    }

    private static String colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    private static String label(double value) {
        String text = String.format(Locale.ROOT, "%,.3f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    private static void append(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
