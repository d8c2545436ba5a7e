package megacomet.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import megacomet.loadtest.run.Outcome;
import megacomet.loadtest.run.Sample;

/** Says what a run has measured: on the terminal, as JSON, and as a page that opens without a network. */
public final class Reports {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Reports() {}

    /** Prints the table. */
    public static void print(Outcome outcome, PrintWriter out) {
        for (Table.Row row : Table.of(outcome)) {
            out.printf("%-17s %s%n", row.label(), row.value());
        }
        out.flush();
    }

    /** Writes all figures. */
    public static void writeJson(Outcome outcome, Path file) {
        try {
            JSON.writeValue(file.toFile(), outcome);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Writes the page. */
    public static void writePage(Outcome outcome, Path file) {
        try {
            Files.writeString(file, page(outcome));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static String page(Outcome outcome) {
        StringBuilder rows = new StringBuilder();
        for (Table.Row row : Table.of(outcome)) {
            rows.append(
                    "<tr><th>%s</th><td>%s</td></tr>\n".formatted(Plot.escape(row.label()), Plot.escape(row.value())));
        }
        return template()
                .replace("{{title}}", "loadtest " + outcome.scenario())
                .replace("{{date}}", Plot.escape(outcome.date()))
                .replace("{{machine}}", Plot.escape(outcome.machine() + "; generator: " + outcome.java()))
                .replace("{{command}}", Plot.escape(outcome.command()))
                .replace("{{rows}}", rows)
                .replace("{{plots}}", plots(outcome));
    }

    private static String plots(Outcome outcome) {
        StringBuilder plots = new StringBuilder();
        List<Sample> samples = outcome.samples();
        double[] xs = figures(samples, Sample::atS);
        if (!outcome.latencyCurve().isEmpty()) {
            double[] percentiles = outcome.latencyCurve().stream()
                    .mapToDouble(point -> point[0])
                    .toArray();
            double[] ms = outcome.latencyCurve().stream()
                    .mapToDouble(point -> point[1])
                    .toArray();
            plots.append(new Plot("Latency by percentile", "ms from the planned time to the delivery")
                    .byPercentile()
                    .add("latency", percentiles, ms)
                    .toSvg());
            plots.append(new Plot("Latency over time", "ms")
                    .add("p50", xs, figures(samples, Sample::p50Ms))
                    .add("p99", xs, figures(samples, Sample::p99Ms))
                    .add("p99.9", xs, figures(samples, Sample::p999Ms))
                    .toSvg());
        }
        plots.append(new Plot("Rates", "a second")
                .add("delivered", xs, figures(samples, Sample::deliveriesPerS))
                .add("published", xs, figures(samples, Sample::publishedPerS))
                .add("connections", xs, figures(samples, Sample::connectsPerS))
                .add("errors", xs, figures(samples, Sample::errorsPerS))
                .toSvg());
        plots.append(new Plot("Browsers", "")
                .add("connected", xs, figures(samples, Sample::connected))
                .add("held", xs, figures(samples, Sample::held))
                .toSvg());
        if (!outcome.servers().isEmpty()) {
            plots.append(new Plot("Memory of the servers", "MB, resident")
                    .add("RSS", xs, figures(samples, Sample::serversRssMb))
                    .toSvg());
            plots.append(new Plot("CPU of the servers", "%, 100 is one core")
                    .add("CPU", xs, figures(samples, Sample::serversCpuPercent))
                    .toSvg());
        }
        return plots.toString();
    }

    private static double[] figures(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).toArray();
    }

    private static String template() {
        String name = "report.html";
        try (var in = Reports.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " is missing", e);
        }
    }
}
