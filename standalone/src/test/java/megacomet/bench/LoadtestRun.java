package megacomet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;

/** What a run of the load generator wrote with {@code --json}. */
record LoadtestRun(JsonNode json) {

    static LoadtestRun read(String file) throws IOException {
        return new LoadtestRun(new ObjectMapper().readTree(new File(file)));
    }

    long deliveries() {
        return json.get("counts").get("deliveries").asLong();
    }

    double deliveriesASecond() {
        return deliveries() / json.get("measuredS").asDouble();
    }

    /** Deliveries a second of all the servers' CPU together. */
    double deliveriesACpuSecond() {
        double cpuSeconds = 0;
        for (JsonNode servers : json.get("servers")) {
            cpuSeconds += servers.get("cpuSeconds").asDouble();
        }
        return deliveries() / cpuSeconds;
    }

    /** One of the latencies, in ms. */
    double latencyMs(String percentile) {
        return json.get("latency").get(percentile).asDouble();
    }

    /** Whether nothing of it was lost, refused or otherwise wrong. */
    boolean isGood() {
        return json.get("breaches").isEmpty();
    }
}
