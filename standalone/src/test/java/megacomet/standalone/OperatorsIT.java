package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Http;
import megacomet.fixture.StandaloneProcess;
import megacomet.redis.fixture.LoopThread;
import megacomet.web.fixture.RawHttp;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What those see who run a process: its health while Redis is there and away, its metrics, and its log. */
class OperatorsIT {

    @Test
    void healthMetricsAndLogTellWhatThereIsToKnowAndNoPayload() throws IOException {
        try (RedisServer redis = RedisServer.start();
                StandaloneProcess process = StandaloneProcess.start("--redis-url", redis.url())) {
            String management = "http://localhost:" + process.managementPort();
            assertEquals(200, Http.get(management + "/health/live").statusCode());
            assertEquals(
                    "{\"status\":\"ready\",\"stopping\":false,\"redis\":true,\"gateway\":true}",
                    Http.get(management + "/health/ready").body());

            assertEquals(200, process.publish("42", "\"a-secret-payload\"").statusCode());
            HttpResponse<String> polled = Http.get(
                    "http://localhost:" + process.port() + "/v1/poll?client=42&timeoutMs=0&token=eyJ-no-token");
            assertTrue(polled.body().contains("a-secret-payload"));
            assertMetrics(Http.get(management + "/metrics"));
            for (String path : new String[] {"/health/live", "/health/ready", "/metrics"}) {
                RawHttp.Answer refused = RawHttp.exchange(
                        process.managementPort(), "GET " + path + " HTTP/1.1\r\nhost: evil.example\r\n\r\n");
                assertEquals(403, refused.status(), "an open process answers to loopback's names only");
            }

            redis.kill();
            awaitReadiness(management, 503, false);
            assertEquals(200, Http.get(management + "/health/live").statusCode());
            redis.restart();
            awaitReadiness(management, 200, true);

            process.stop();
            assertLog(process.said());
        }
    }

    private static void awaitReadiness(String management, int status, boolean isRedisThere) {
        Awaitility.await().atMost(LoopThread.PATIENCE_MS, TimeUnit.MILLISECONDS).until(() -> {
            HttpResponse<String> ready = Http.get(management + "/health/ready");
            JsonNode parts = Http.json(ready.body());
            return ready.statusCode() == status
                    && parts.get("redis").asBoolean() == isRedisThere
                    && parts.get("gateway").asBoolean() == isRedisThere;
        });
    }

    /** Names and units as {@code Meters} and docs have them; Prometheus's text format. */
    private static void assertMetrics(HttpResponse<String> metrics) {
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.headers().firstValue("content-type").orElseThrow());
        String text = metrics.body();
        for (String sample : List.of(
                "megacomet_holds ",
                "megacomet_seats ",
                "megacomet_connections ",
                "megacomet_hearing 1.0",
                "megacomet_polls_total{outcome=\"delivered\",transport=\"json\"} 1.0",
                "megacomet_deliveries_total{transport=\"json\"} 1.0",
                "megacomet_delivery_latency_seconds_count 1",
                "megacomet_delivery_latency_seconds_bucket{le=\"0.001\"}",
                "megacomet_wake_latency_seconds_count ",
                "megacomet_loop_lag_seconds_count ",
                "megacomet_publishes_total{outcome=\"queued\"} 1.0",
                "megacomet_publish_bytes_count 1",
                "megacomet_redis_script_seconds_count{done=\"true\",verb=\"publish\"} 1",
                "jvm_memory_used_bytes{",
                "process_files_open_files ")) {
            assertTrue(text.contains("\n" + sample), sample + " is missing in\n" + text);
        }
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> assertTrue(line.matches("[a-z_][a-z0-9_]*(\\{.*})? \\S+"), line));
        assertFalse(text.contains("client="), "a label for each client would never end");
    }

    /** One line an event, with a time, a level, where and what; also of Redis's going and coming. */
    private static void assertLog(String said) {
        assertFalse(said.contains("a-secret-payload"), said);
        assertFalse(said.contains("eyJ-no-token"), said);
        List<String> lines =
                said.lines().filter(line -> line.matches("\\d{4}-.*")).toList();
        for (String line : lines) {
            assertTrue(line.matches("\\S+Z (INFO |WARN |ERROR) \\S+ .+"), line);
        }
        for (String event : List.of(
                "gateway serves",
                "publisher API serves",
                "redis does not answer as it should why=",
                "redis answers again")) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(event)), event + " in\n" + said);
        }
    }
}
