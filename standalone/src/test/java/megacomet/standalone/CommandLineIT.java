package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.world.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say when they are asked wrongly: one clear line, and an exit code. */
@Isolated("it takes the standard streams")
class CommandLineIT {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private PrintStream stderr;

    @BeforeEach
    void listen() {
        stderr = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(stderr);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private void assertOneLine() {
        assertEquals(1, said().lines().count(), said());
        assertTrue(said().startsWith("megacomet: "), said());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "gateway --nonsense",
                "gateway",
                "gateway --redis-url http://localhost",
                "gateway --redis-url redis://localhost",
                "gateway --redis-url redis://localhost --jwt-secret short",
                "gateway --redis-url redis://localhost --open --port 0",
                "gateway --redis-url redis://localhost --open --port 70000",
                "gateway --redis-url redis://localhost --open --port x",
                "gateway --redis-url redis://localhost --open --host 0.0.0.0",
                "gateway --redis-url redis://localhost --open --hold-timeout 5",
                "gateway --redis-url redis://localhost --open --hold-timeout 1ms",
                "gateway --redis-url redis://localhost --open --instances 0",
                "gateway --redis-url redis://localhost --open --partitions 257",
                "gateway --redis-url redis://localhost --open --redis-prefix {x}",
                "gateway --redis-url redis://localhost --open --trusted-proxies 10.0.0.0/33",
                "gateway --redis-url redis://localhost --open --tls-cert /nonexistent",
                "gateway --redis-url redis://localhost --open --proxy-protocol",
                "gateway --redis-url redis://localhost --open --log-level loud",
                "publisher --redis-url redis://localhost --open --topics-file /nonexistent",
                "publisher --redis-url redis://localhost --open --topics-file ../pom.xml",
                "gateway --redis-url redis://localhost --open --poll-rate 0",
                "gateway --redis-url redis://localhost --open --accept-rate 1/m",
                "publisher --redis-url redis://localhost",
                "publisher --redis-url redis://localhost --open --message-max-bytes 1GiB",
                "publisher --redis-url redis://localhost --open --publish-rate x",
                "publisher --redis-url redis://localhost --open --publish-burst 5",
                "publisher --redis-url redis://localhost --open --webhook-url http://localhost/",
                "publisher --redis-url redis://localhost --open --webhook-url ftp://x --webhook-secret-file ../pom.xml",
                "loadtest",
                "loadtest hold",
                "loadtest hold --gateway nonsense",
                "token --client 42",
                "token --jwt-secret 01234567890123456789012345678901",
                "token --client 42 --jwt-secret short",
                "token --client bayeux:x --jwt-secret 01234567890123456789012345678901",
                "token --client 42 --jwt-secret 01234567890123456789012345678901 --topics a//b",
                "token --client 42 --jwt-secret 01234567890123456789012345678901 --publish meta/x",
                "gateway --redis-url redis://localhost --open --heartbeat 1ms",
                "gateway --redis-url redis://localhost --open --stream-max-bytes 1KiB",
                "conformance",
                "conformance --url nonsense",
                "conformance --url http://localhost/bayeux --transport pigeon"
            })
    void aWrongValueGetsOneLineAndExitCode2(String arguments) {
        int code = Main.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals(Main.EXIT_MISUSED, code, said());
        assertOneLine();
    }

    @Test
    void aTokenSaysWhatItsClientMayFollowAndWhereToItMayPublish() {
        String claims = claimsOfToken("--topics", "a,b/*", "--publish", "c");
        assertTrue(claims.contains("\"topics\":[\"a\",\"b/*\"],\"publish\":[\"c\"]"), claims);
        assertFalse(claims.contains("limits"), claims);
    }

    @Test
    void aTokenSaysWhatItsClientMayCauseInRedis() {
        String claims =
                claimsOfToken("--publish-rate", "5", "--new-topics", "0", "--max-ttl", "2h", "--max-bytes", "1MiB");
        assertTrue(
                claims.contains(
                        "\"limits\":{\"publishRate\":5,\"newTopics\":0,\"maxTtlMs\":7200000,\"maxBytes\":1048576}"),
                claims);
    }

    private String claimsOfToken(String... arguments) {
        List<String> command = new ArrayList<>(List.of("token", "--client", "42", "--jwt-secret", "0".repeat(32)));
        command.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stdout = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, Main.run(command.toArray(new String[0])), said());
        } finally {
            System.setOut(stdout);
        }
        String payload = out.toString(StandardCharsets.UTF_8).split("\\.")[1];
        return new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
    }

    @Test
    void aWrongOriginIsFoundOutBeforeAnythingStarts() {
        int code = Main.run(
                "gateway",
                "--redis-url",
                "redis://localhost:1",
                "--jwt-secret",
                "0".repeat(32),
                "--origins",
                "example.com");
        assertEquals(Main.EXIT_MISUSED, code, said());
        assertOneLine();
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int code = Main.run(
                    "gateway",
                    "--open",
                    "--redis-url",
                    "redis://127.0.0.1:1",
                    "--log-level",
                    "error",
                    "--port",
                    "" + taken.getLocalPort(),
                    "--management-port",
                    "" + Ports.free());
            assertEquals(Main.EXIT_FAILED, code, said());
            assertOneLine();
            assertTrue(said().contains("port " + taken.getLocalPort() + " is taken"), said());
        }
    }

    @Test
    void aRedisOfAnotherDeploymentIsRefused() throws IOException {
        try (RedisServer redis = RedisServer.start()) {
            redis.command("SET", "mc:deployment", "format 1, partitions 16");
            int code = Main.run(
                    "publisher",
                    "--open",
                    "--redis-url",
                    redis.url(),
                    "--log-level",
                    "error",
                    "--publish-port",
                    "" + Ports.free(),
                    "--management-port",
                    "" + Ports.free());
            assertEquals(Main.EXIT_MISUSED, code, said());
            assertTrue(said().contains("partitions 16"), said());
        }
    }

    @Test
    void aRedisThatEvictsIsRefused() throws IOException {
        try (RedisServer redis = RedisServer.start("--maxmemory-policy", "allkeys-lru")) {
            int code = Main.run(
                    "publisher",
                    "--open",
                    "--redis-url",
                    redis.url(),
                    "--log-level",
                    "error",
                    "--publish-port",
                    "" + Ports.free(),
                    "--management-port",
                    "" + Ports.free());
            assertEquals(Main.EXIT_MISUSED, code, said());
            assertTrue(said().contains("noeviction"), said());
        }
    }

    @Test
    void keysFilesAreReadBeforeAnythingStartsAndNeverRepeated() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys"), "shop verysecretkey publish\n");
        int code = Main.run("publisher", "--redis-url", "redis://localhost:1", "--api-keys", keys.toString());
        assertEquals(Main.EXIT_MISUSED, code);
        assertOneLine();
        assertTrue(said().contains("keys, line 1"), said());
        assertTrue(!said().contains("verysecretkey"), said());
    }
}
