package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.embedded.RedisServer;
import megacomet.fixture.Http;
import megacomet.fixture.RawEventStream;
import megacomet.fixture.StandaloneProcess;
import megacomet.web.fixture.PemFiles;
import megacomet.web.fixture.RawHttp;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More silent connections to one port than the process may open files: whoever has something to say is served all the same,
 * at every port, and Redis stays.
 */
class SilentConnectionsIT {

    private static final int OPEN_FILES = 800;
    private static final int SILENT = 900;
    private static final int ROUNDS = 20;
    private static final String MESSAGE = "{\"client\":\"other\",\"data\":1}";

    /** Who comes is told or closed until the silent ones have been silent for a second, twice at most; times four. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    @TempDir
    Path folder;

    /** Connections that say nothing. */
    private static final class Silence implements AutoCloseable {
        private final List<SocketChannel> all = new ArrayList<>();

        Silence(int port, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                all.add(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel one : all) {
                one.close();
            }
        }
    }

    @Test
    void silentConnectionsToThePublishersPortStopNeitherItsWorkNorOthers() throws IOException {
        try (RedisServer redis = RedisServer.start();
                StandaloneProcess process =
                        StandaloneProcess.startWithOpenFiles(OPEN_FILES, "--redis-url", redis.url());
                RawEventStream events =
                        new RawEventStream("http://127.0.0.1:" + process.publishPort() + "/v1/events?");
                RawHttp upload = halfAnUpload(process);
                RawHttp held = held(process);
                Silence silence = new Silence(process.publishPort(), SILENT)) {
            awaitServed(process);
            assertEveryPortServes(process);
            assertWakes(process, held);
            upload.send("1\r\n\n\r\n0\r\n\r\n");
            RawHttp.Answer uploaded = upload.read();
            assertNotNull(uploaded, "an upload that goes on is not silent");
            assertEquals(200, uploaded.status());
            assertTrue(events.nextJson().has("event"), "a stream of events is not silent");
        }
    }

    @Test
    void silentConnectionsToTheManagementPortStopNeitherItsWorkNorOthers() throws IOException {
        try (RedisServer redis = RedisServer.start();
                StandaloneProcess process =
                        StandaloneProcess.startWithOpenFiles(OPEN_FILES, "--redis-url", redis.url());
                RawHttp held = held(process);
                Silence silence = new Silence(process.managementPort(), SILENT)) {
            awaitServed(process);
            assertEveryPortServes(process);
            assertWakes(process, held);
            assertTrue(cut(process, "gave_way") > 0, "who gave way is counted");
            assertTrue(cut(process, "no_room") > 0, "who found no room is counted");
        }
    }

    @Test
    void silentConnectionsToTheBrowsersPortStopNoBrowser() throws IOException {
        try (RedisServer redis = RedisServer.start();
                StandaloneProcess process =
                        StandaloneProcess.startWithOpenFiles(OPEN_FILES, "--redis-url", redis.url());
                RawHttp held = held(process);
                Silence silence = new Silence(process.port(), SILENT)) {
            awaitServed(process);
            assertEveryPortServes(process);
            assertWakes(process, held);
        }
    }

    @Test
    void silentConnectionsToATlsPortCountFromWhenTheyAreAccepted() throws Exception {
        PemFiles pem = PemFiles.make(folder).writeTo(folder);
        String[] options = {
            "--tls-cert",
            folder.resolve("cert.pem").toString(),
            "--tls-key",
            folder.resolve("key.pem").toString()
        };
        HttpClient browser =
                HttpClient.newBuilder().sslContext(PemFiles.trusting(pem)).build();
        try (RedisServer redis = RedisServer.start();
                StandaloneProcess process = StandaloneProcess.startWithOpenFiles(
                        OPEN_FILES, options[0], options[1], options[2], options[3], "--redis-url", redis.url());
                Silence silence = new Silence(process.port(), SILENT)) {
            HttpRequest poll = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + process.port() + "/v1/poll?client=tls&timeoutMs=0"))
                    .build();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> browser.send(poll, HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
            assertEquals(200, publish(process).status());
            awaitReady(process);
        }
    }

    private static RawHttp held(StandaloneProcess process) throws IOException {
        return RawHttp.connect(process.port()).send(RawHttp.get("/v1/poll?client=held&timeoutMs=600000"));
    }

    private static RawHttp halfAnUpload(StandaloneProcess process) throws IOException {
        return RawHttp.connect(process.publishPort())
                .send("POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n"
                        + "transfer-encoding: chunked\r\n\r\n"
                        + Integer.toHexString(MESSAGE.length()) + "\r\n" + MESSAGE + "\r\n");
    }

    private static void awaitServed(StandaloneProcess process) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            RawHttp.Answer published = publish(process);
            RawHttp.Answer polled = poll(process, "first");
            RawHttp.Answer ready = RawHttp.exchange(process.managementPort(), RawHttp.get("/health/ready"));
            return isOk(published) && isOk(polled) && isOk(ready);
        });
    }

    private static boolean isOk(RawHttp.Answer answer) {
        return answer != null && answer.status() == 200;
    }

    private static void assertEveryPortServes(StandaloneProcess process) {
        for (int i = 0; i < ROUNDS; i++) {
            String client = "round-" + i;
            // More silent ones come from the kernel's backlog as soon as some have given way.
            Awaitility.await().atMost(PATIENCE).until(() -> isOk(publish(process)));
            Awaitility.await().atMost(PATIENCE).until(() -> isOk(poll(process, client)));
            awaitReady(process);
        }
    }

    private static void awaitReady(StandaloneProcess process) {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            RawHttp.Answer ready = RawHttp.exchange(process.managementPort(), RawHttp.get("/health/ready"));
            return isOk(ready) && Http.json(ready.body()).get("redis").asBoolean();
        });
    }

    private static void assertWakes(StandaloneProcess process, RawHttp held) throws IOException {
        String message = "{\"client\":\"held\",\"data\":\"there\"}";
        assertTrue(isOk(
                RawHttp.exchange(process.publishPort(), RawHttp.post("/v1/messages", "application/json", message))));
        JsonNode woken = Http.json(held.read().body());
        assertEquals("there", woken.get("messages").get(0).get("data").asText());
    }

    private static RawHttp.Answer publish(StandaloneProcess process) throws IOException {
        return RawHttp.exchange(process.publishPort(), RawHttp.post("/v1/messages", "application/json", MESSAGE));
    }

    private static RawHttp.Answer poll(StandaloneProcess process, String client) throws IOException {
        return RawHttp.exchange(process.port(), RawHttp.get("/v1/poll?timeoutMs=0&client=" + client));
    }

    private static double cut(StandaloneProcess process, String reason) throws IOException {
        String metrics = RawHttp.exchange(process.managementPort(), RawHttp.get("/metrics"))
                .body();
        Matcher count = Pattern.compile("(?m)^megacomet_connections_cut_total\\{reason=\"" + reason + "\"} (\\S+)$")
                .matcher(metrics);
        return count.find() ? Double.parseDouble(count.group(1)) : 0;
    }
}
