package megacomet.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.run.Outcome;
import megacomet.loadtest.run.Percentiles;

/** The figures of a run as lines of a label and what it says: for the terminal and for the page. */
final class Table {

    /** A line. */
    record Row(String label, String value) {}

    private Table() {}

    static List<Row> of(Outcome outcome) {
        List<Row> rows = new ArrayList<>();
        int browsers = outcome.profile().browsers();
        add(rows, "browsers", "%,d in %,d processes, opened in %.1f s", browsers, outcome.workers(), outcome.openS());
        add(
                rows,
                "held",
                "%,d after the opening, %,d when the measuring ended, which took %.1f s",
                outcome.heldAtStart(),
                outcome.heldAtEnd(),
                outcome.measuredS());
        addMessages(rows, outcome);
        outcome.storms().forEach(storm -> addStorm(rows, storm));
        addMemory(rows, outcome, browsers);
        for (Map.Entry<String, Long> error : outcome.counts().errors.entrySet()) {
            add(rows, "error", "%,d × %s", error.getValue(), error.getKey());
        }
        if (outcome.wasInterrupted()) {
            add(rows, "interrupted", "before its time");
        }
        add(rows, "verdict", "%s", verdict(outcome));
        return rows;
    }

    private static String verdict(Outcome outcome) {
        if (!outcome.breaches().isEmpty()) {
            return String.join("; ", outcome.breaches());
        }
        return outcome.wasInterrupted() ? "good, as far as it came" : "good";
    }

    private static void addMessages(List<Row> rows, Outcome outcome) {
        Counts counts = outcome.counts();
        add(rows, "requests", "%,d, %,d answers, %,d connections", counts.requests, counts.answers, counts.connects);
        if (!outcome.profile().isPublishing()) {
            return;
        }
        add(
                rows,
                "published",
                "%,d planned, %,d accepted, %,d refused, %,d not sent",
                counts.planned,
                counts.published,
                counts.refused,
                counts.unsent);
        add(
                rows,
                "delivered",
                "%,d (%,d lost, %,d duplicated, %,d reordered; %,d of other runs; gaps told: %,d)",
                counts.deliveries,
                counts.lost,
                counts.duplicated,
                counts.reordered,
                counts.foreign,
                counts.gaps);
        addPercentiles(rows, "latency", outcome.latency());
        for (String part : List.of("first", "half", "all", "deliveries")) {
            if (outcome.fanout().containsKey(part)) {
                addPercentiles(rows, "topic, " + part, outcome.fanout().get(part));
            }
        }
        addPercentiles(rows, "sent late", outcome.lateness());
    }

    private static void addStorm(List<Row> rows, Outcome.Storm storm) {
        if (storm.allBackS() > 0) {
            add(rows, "storm", "all %,d back in %.2f s", storm.back(), storm.allBackS());
        } else {
            add(rows, "storm", "%,d back, not all", storm.back());
        }
        addPercentiles(rows, "away", storm.away());
    }

    private static void addMemory(List<Row> rows, Outcome outcome, int browsers) {
        for (Outcome.Processes servers : outcome.servers()) {
            add(
                    rows,
                    servers.name(),
                    "PSS %,.1f MB → %,.1f MB (%.2f KB a browser), CPU %.1f s = %.0f %%",
                    servers.pssMbBefore(),
                    servers.pssMb(),
                    (servers.pssMb() - servers.pssMbBefore()) * 1_024 / browsers,
                    servers.cpuSeconds(),
                    servers.cpuPercent());
        }
        double serversS = outcome.servers().stream()
                .mapToDouble(Outcome.Processes::cpuSeconds)
                .sum();
        if (serversS > 0 && outcome.counts().deliveries > 0) {
            double perSecond = outcome.counts().deliveries / serversS;
            add(
                    rows,
                    "servers' CPU",
                    "%.1f s: %,.0f deliveries a CPU-second, %.1f µs each",
                    serversS,
                    perSecond,
                    1e6 / perSecond);
        }
        add(
                rows,
                "generator",
                "PSS %,.1f MB (%.2f KB a browser), CPU %.1f s = %.0f %%",
                outcome.browsers().pssMb(),
                outcome.browsers().pssMb() * 1_024 / browsers,
                outcome.browsers().cpuSeconds(),
                outcome.browsers().cpuPercent());
        add(
                rows,
                "kernel",
                "slab %,.1f MB → %,.1f MB (%.2f KB a browser)",
                outcome.kernel().slabMbBefore(),
                outcome.kernel().slabMb(),
                (outcome.kernel().slabMb() - outcome.kernel().slabMbBefore()) * 1_024 / browsers);
    }

    private static void addPercentiles(List<Row> rows, String label, Percentiles of) {
        if (of.count() > 0) {
            add(
                    rows,
                    label,
                    "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  p99.99 %.2f  max %.2f ms",
                    of.p50Ms(),
                    of.p90Ms(),
                    of.p99Ms(),
                    of.p999Ms(),
                    of.p9999Ms(),
                    of.maxMs());
        }
    }

    private static void add(List<Row> rows, String label, String format, Object... values) {
        rows.add(new Row(label, String.format(Locale.ROOT, format, values)));
    }
}
