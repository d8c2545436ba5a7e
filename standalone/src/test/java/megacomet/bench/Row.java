package megacomet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;

/**
 * A run of the load generator on a line: {@code Row NAME RUN.json} prints deliveries a second, and a CPU-second of all servers; CPU
 * and memory of each part; and the latency.
 */
public final class Row {

    private Row() {}

    public static void main(String[] arguments) throws IOException {
        LoadtestRun run = LoadtestRun.read(arguments[1]);
        StringBuilder parts = new StringBuilder();
        for (JsonNode servers : run.json().get("servers")) {
            parts.append(String.format(
                    Locale.ROOT,
                    ", %s %.0f µs %.0f MB",
                    servers.get("name").asText(),
                    1e6 * servers.get("cpuSeconds").asDouble() / run.deliveries(),
                    servers.get("pssMb").asDouble()));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f a second, %,.0f a CPU-second (%.0f µs%s), p99 %.1f ms%n",
                arguments[0],
                run.deliveriesASecond(),
                run.deliveriesACpuSecond(),
                1e6 / run.deliveriesACpuSecond(),
                parts,
                run.latencyMs("p99Ms"));
    }
}
