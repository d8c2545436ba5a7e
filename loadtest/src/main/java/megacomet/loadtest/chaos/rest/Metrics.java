package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.util.List;
import megacomet.loadtest.chaos.world.Server;

/** What a server says of itself to operators. */
public final class Metrics {

    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    public static Metrics of(Server server) throws IOException, InterruptedException {
        return new Metrics(server.metrics().lines().toList());
    }

    /**
     * The sum of all values with a name, and with this among their labels.
     *
     * @throws IOException if there is none: what is not measured is not 0
     */
    public long sum(String name, String label) throws IOException {
        List<String> found = lines.stream()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(label))
                .toList();
        if (found.isEmpty()) {
            throw new IOException("no " + name + " among the metrics");
        }
        return (long) found.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Whether there is such a metric. */
    public boolean has(String name) {
        return lines.stream().anyMatch(line -> line.startsWith(name + " ") || line.startsWith(name + "{"));
    }

    public long value(String name) throws IOException {
        return sum(name, "");
    }
}
