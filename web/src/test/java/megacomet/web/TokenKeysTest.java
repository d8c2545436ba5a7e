package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys are taken, and what is said of others: the file and the place, and nothing of what stands there. */
class TokenKeysTest {

    @TempDir
    Path folder;

    private final TokenKeys keys = new TokenKeys(null, null);

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("keys"), content);
    }

    private void assertRefused(org.junit.jupiter.api.function.Executable work, String secret) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, work);
        assertFalse(refused.getMessage().contains(secret), refused.getMessage());
        assertTrue(keys.isEmpty());
    }

    @Test
    void aShortSecretIsRefusedAndNotRepeated() {
        assertRefused(() -> keys.addSecret("thirty-one bytes are too short."), "thirty");
        assertFalse(keys.addSecret("thirty-two bytes are just enough").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----",
                "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"
            })
    void whatIsNoPublicKeyIsRefused(String content) {
        assertRefused(() -> keys.addPem(file(content)), "hunter2");
    }

    @Test
    void anEllipticCurveThatEs256DoesNotHaveIsRefused() throws GeneralSecurityException {
        KeyPairGenerator others = KeyPairGenerator.getInstance("EC");
        others.initialize(new ECGenParameterSpec("secp384r1"));
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getEncoder()
                        .encodeToString(others.generateKeyPair().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        assertRefused(() -> keys.addPem(file(pem)), pem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "[]",
                "{\"keys\":{}}",
                "{\"keys\":[1]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":1,\"k\":\"hunter2\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"hunter2\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"hunter2\"}]}",
                "{\"keys\":[{\"kty\":\"oct\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"hunter2\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}]}"
            })
    void aJwksWithAKeyThatCannotBeUsedIsRefused(String content) {
        assertRefused(() -> keys.addJwks(file(content)), "hunter2");
    }

    @Test
    void keysForEncryptionArePassedOver() throws IOException {
        keys.addJwks(file("{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\",\"n\":\"AQ\",\"e\":\"AQ\"}]}"));
        assertTrue(keys.isEmpty());
    }

    @Test
    void withoutAKeyThereIsNoChecking() {
        assertThrows(IllegalStateException.class, keys::options);
    }
}
