package megacomet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.Locale;

/**
 * A run of the load generator on a line: {@code Row NAME RUN.json} prints deliveries a second, and a CPU-second of all servers; CPU
 * and memory of each part; and the latency.
 */
public final class Row {

    private Row() {}

    public static void main(String[] arguments) throws IOException {
        JsonNode run = new ObjectMapper().readTree(new File(arguments[1]));
        long deliveries = run.get("counts").get("deliveries").asLong();
        double cpuS = 0;
        StringBuilder parts = new StringBuilder();
        for (JsonNode servers : run.get("servers")) {
            cpuS += servers.get("cpuSeconds").asDouble();
            parts.append(String.format(
                    Locale.ROOT,
                    ", %s %.0f µs %.0f MB",
                    servers.get("name").asText(),
                    1e6 * servers.get("cpuSeconds").asDouble() / deliveries,
                    servers.get("pssMb").asDouble()));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f a second, %,.0f a CPU-second (%.0f µs%s), p99 %.1f ms%n",
                arguments[0],
                deliveries / run.get("measuredS").asDouble(),
                deliveries / cpuS,
                1e6 * cpuS / deliveries,
                parts,
                run.get("latency").get("p99Ms").asDouble());
    }
}
