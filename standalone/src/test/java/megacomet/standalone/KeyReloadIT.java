package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import megacomet.fixture.Http;
import megacomet.fixture.StandaloneProcess;
import megacomet.web.KeyFiles;
import megacomet.web.fixture.Jwt;
import megacomet.web.fixture.RawHttp;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are removed or replaced while a process of its own serves. */
class KeyReloadIT {

    private static final String OLD = "an old secret of more than 32 bytes, for tests";
    private static final String NEW = "a new secret of more than 32 bytes, for tests";

    /** Four times how long a change may take. */
    private static final Duration PATIENCE = Duration.ofMillis(4 * KeyFiles.RELOAD_MS);

    @TempDir
    Path folder;

    private static String keyLine(String name, String key) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        return name + " " + HexFormat.of().formatHex(hash) + " publish,read,manage\n";
    }

    private static int stats(StandaloneProcess process, String key) throws IOException {
        return RawHttp.exchange(process.publishPort(), RawHttp.get("/v1/stats", "authorization: Bearer " + key))
                .status();
    }

    private static HttpResponse<String> poll(StandaloneProcess process, String secret) {
        String token = Jwt.hs256("{\"sub\":\"42\"}", secret.getBytes(StandardCharsets.UTF_8));
        return Http.get("http://localhost:" + process.port() + "/v1/poll?timeoutMs=0&token=" + token);
    }

    private static void hangUp(StandaloneProcess process) throws Exception {
        long pid = process.group().get(0).pid();
        assertEquals(0, new ProcessBuilder("kill", "-HUP", "" + pid).start().waitFor());
    }

    @Test
    void removedKeysAreRefusedAfterAHangupOrSomeSecondsAndABrokenFileKeepsThePreviousOnes() throws Exception {
        Path apiKeys = Files.writeString(folder.resolve("keys"), keyLine("old", "old-key") + keyLine("new", "new-key"));
        Path secret = Files.writeString(folder.resolve("secret"), OLD);
        try (StandaloneProcess process = StandaloneProcess.start(
                "--host=127.0.0.1",
                "--publish-host=127.0.0.1",
                "--api-keys",
                apiKeys.toString(),
                "--jwt-secret-file",
                secret.toString())) {
            assertEquals(200, stats(process, "old-key"));
            assertEquals(200, poll(process, OLD).statusCode());

            Files.writeString(apiKeys, keyLine("new", "new-key"));
            Files.writeString(secret, NEW);
            hangUp(process);
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertEquals(401, stats(process, "old-key")));
            assertEquals(200, stats(process, "new-key"));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertEquals(401, poll(process, OLD).statusCode()));
            assertEquals(200, poll(process, NEW).statusCode(), "the signal has not ended it");

            Files.writeString(apiKeys, "nonsense\n");
            Awaitility.await().atMost(PATIENCE).until(() -> process.said().contains("keys not reloaded"));
            assertEquals(200, stats(process, "new-key"));
            String said = process.said();
            assertTrue(said.contains("code=\"api_key_invalid\"") && said.contains("address=\"127.0.0.1\""), said);
            assertTrue(!said.contains("old-key") && !said.contains("eyJ"), said);
            String metrics = Http.get("http://localhost:" + process.managementPort() + "/metrics")
                    .body();
            assertTrue(metrics.contains("megacomet_refused_total{code=\"api_key_invalid\"}"), metrics);
            assertTrue(metrics.contains("megacomet_refused_total{code=\"token_invalid\"}"), metrics);
        }
    }
}
