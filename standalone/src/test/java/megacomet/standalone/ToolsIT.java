package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import megacomet.embedded.RedisServer;
import megacomet.web.TokenKeys;
import megacomet.web.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code megacomet token} and {@code megacomet doctor}. */
@Isolated("it takes the standard streams")
class ToolsIT {

    private static final String SECRET = "a-secret-of-more-than-32-bytes-for-tests";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private PrintStream stdout;
    private PrintStream stderr;

    @BeforeEach
    void listen() {
        stdout = System.out;
        stderr = System.err;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
    }

    @AfterEach
    void stopListening() {
        System.setOut(stdout);
        System.setErr(stderr);
        vertx.close();
    }

    private String run(int expected, String... arguments) {
        said.reset();
        int code = Main.run(arguments);
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(expected, code, text);
        return text.strip();
    }

    @Test
    void aTokenSignedWithASecretIsGoodForWhomItWasMadeAndForItsTime() throws IOException {
        TokenKeys keys = new TokenKeys("shop", "push").addSecret(SECRET);
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        String[] more = {"--jwt-issuer", "shop", "--jwt-audience", "push", "--ttl", "90s"};
        String[] byText = {"token", "--client", "\ud83d\ude00 42", "--jwt-secret", SECRET};
        String[] byFile = {"token", "--client", "\ud83d\ude00 42", "--jwt-secret-file", file.toString()};
        for (String[] way : new String[][] {byText, byFile}) {
            long beforeMs = System.currentTimeMillis();
            String token = run(0, concat(way, more));
            Tokens.Claims claims = Tokens.with(vertx, keys).check(token);
            assertEquals("\ud83d\ude00 42", claims.subject());
            long lifeMs = claims.expiryMs() - beforeMs;
            assertTrue(lifeMs > 80_000 && lifeMs < 4 * 90_000, lifeMs + " ms");
        }
    }

    @Test
    void aTokenAllowsWhatItWasMadeFor() {
        String[] way = {"token", "--client", "42", "--jwt-secret", SECRET};
        String[] more = {"--topics", "news/*,room/**", "--publish", "room/1", "--status"};
        Tokens tokens = Tokens.with(vertx, new TokenKeys(null, null).addSecret(SECRET));
        Tokens.Claims claims = tokens.check(run(0, concat(way, more)));
        assertEquals(List.of("news/*", "room/**"), claims.topics());
        assertEquals(List.of("room/1"), claims.publish());
        assertTrue(claims.mayAskStatus());
        assertFalse(tokens.check(run(0, way)).mayAskStatus());
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, 256"})
    void aTokenSignedWithAPrivateKeyIsGoodByItsPublicOne(String type, int bits)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        Path secret = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        Path open = pem("PUBLIC KEY", pair.getPublic().getEncoded());
        String token = run(0, "token", "--client", "42", "--jwt-private-key", secret.toString());
        Tokens tokens = Tokens.with(vertx, new TokenKeys(null, null).addPem(open));
        assertEquals("42", tokens.check(token).subject());
    }

    private Path pem(String what, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                folder.resolve(what.charAt(1) + ".pem"),
                "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    }

    @Test
    void aTokenThatNoGatewayWouldTakeIsNotMade() throws IOException {
        Path noKey = Files.writeString(folder.resolve("no.pem"), "hunter2");
        String[][] wrong = {
            {"token", "--client", "", "--jwt-secret", SECRET},
            {"token", "--client", "x".repeat(129), "--jwt-secret", SECRET},
            {"token", "--client", "42", "--jwt-secret", SECRET, "--ttl", "0s"},
            {"token", "--client", "42", "--jwt-secret", SECRET, "--ttl", "1"},
            {"token", "--client", "42", "--jwt-secret", "short"},
            {"token", "--client", "42", "--jwt-private-key", noKey.toString()},
            {"token", "--client", "42", "--jwt-private-key", "/nonexistent"}
        };
        for (String[] arguments : wrong) {
            String text = run(Main.EXIT_MISUSED, arguments);
            assertEquals(1, text.lines().count(), text);
            assertTrue(text.startsWith("megacomet: "), text);
            assertFalse(text.contains("hunter2") || text.contains(SECRET), text);
        }
    }

    @Test
    void theDoctorFindsARedisAsItShouldBeAndWhatIsDamagedInIt() throws IOException {
        try (RedisServer redis = RedisServer.start()) {
            String well = run(expectedIfFilesAllow(), "doctor", "--redis-url", redis.url());
            assertTrue(well.contains("ok   Java: "), well);
            assertTrue(well.contains("ok   Redis: " + redis.url() + " fits"), well);
            assertTrue(well.contains(" Redis build: "), well);
            assertTrue(well.contains("ok   contents: every key is as it should be"), well);

            redis.command("SET", "mc:{0}:nonsense", "x");
            String ill = run(Main.EXIT_FAILED, "doctor", "--redis-url", redis.url());
            assertTrue(ill.contains("BAD  contents: "), ill);
        }
    }

    /** On a machine that gives a process few open files, the doctor has something to say of that. */
    private int expectedIfFilesAllow() {
        String alone = run(Main.EXIT_FAILED, "doctor");
        assertTrue(alone.contains("BAD  Redis: not given"), alone);
        return alone.contains("BAD  open files") ? Main.EXIT_FAILED : 0;
    }

    @Test
    void aPasswordOfRedisComesFromAFileAndAUserFromAnOption() throws IOException {
        try (RedisServer redis = RedisServer.startProtected()) {
            redis.command("ACL", "SETUSER", "app", "on", ">hunter2", "~*", "&*", "+@all");
            String url = "redis://127.0.0.1:" + redis.port();
            Path password = Files.writeString(folder.resolve("password"), "hunter2\n");
            String[] asked = {"doctor", "--redis-url", url, "--redis-password-file", password.toString(), "--redis-user"
            };
            String well = run(
                    expectedIfFilesAllow(),
                    Stream.concat(Stream.of(asked), Stream.of("app")).toArray(String[]::new));
            assertTrue(well.contains("ok   Redis: redis://…@127.0.0.1:"), well);
            String refused = run(
                    Main.EXIT_FAILED,
                    Stream.concat(Stream.of(asked), Stream.of("default")).toArray(String[]::new));
            assertTrue(refused.contains("BAD  Redis: "), refused);
            assertFalse(refused.contains("hunter2"), refused);
        }
    }

    @Test
    void theDoctorSaysThatARedisDoesNotAnswerWithoutItsPassword() {
        String text = run(
                Main.EXIT_FAILED, "doctor", "--redis-url", "redis://:hunter2@127.0.0.1:1", "--redis-timeout", "200ms");
        assertTrue(text.contains("BAD  Redis: "), text);
        assertFalse(text.contains("hunter2"), text);
    }
}
