package megacomet.loadtest.siege;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import megacomet.loadtest.chaos.world.Programs;

/** The secrets of a run, in a folder of its own: of tokens, of applications, and of TLS. They are good nowhere else. */
final class Keyring {

    private static final String PASSWORD = "only-here";
    private static final String ALIAS = "siege";

    private final Path folder;
    private final String secret = random();
    private final String apiKey = random();
    private final String spareKey = random();

    Keyring(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(secretFile(), secret);
        Files.write(keysFile(), List.of(line("app", apiKey), line("spare", spareKey)));
    }

    String secret() {
        return secret;
    }

    String apiKey() {
        return apiKey;
    }

    String spareKey() {
        return spareKey;
    }

    Path secretFile() {
        return folder.resolve("secret");
    }

    Path keysFile() {
        return folder.resolve("keys");
    }

    /** Options of a gateway that has it speak TLS; made when they are first asked for. */
    List<String> tlsOptions() throws IOException, InterruptedException {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        if (!Files.exists(key)) {
            writePem(certificate, key);
        }
        return List.of("--tls-cert", certificate.toString(), "--tls-key", key.toString());
    }

    private void writePem(Path certificate, Path key) throws IOException, InterruptedException {
        Path store = folder.resolve("store.p12");
        Process made = new ProcessBuilder(
                        Programs.tool("keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "RSA", // Which all ciphers of TLS 1.2 can be had with, those that must be refused too.
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new IOException("keytool made no certificate: " + said);
        }
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            Files.writeString(
                    certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
            Files.writeString(
                    key,
                    pem(
                            "PRIVATE KEY",
                            keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read", e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    }

    private static String line(String name, String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return name + " " + HexFormat.of().formatHex(hash) + " publish,read";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no SHA-256 in this Java", e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
