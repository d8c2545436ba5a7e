package megacomet.loadtest.dialect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes each virtual browser its token, a JWT signed by HS256, as the application of real ones would. One thread's. */
public final class Tokens {

    private static final String HEADER =
            base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));
    private static final long VALID_S = 24 * 3600;

    private final Mac mac;
    private final long expiryS = System.currentTimeMillis() / 1_000 + VALID_S;

    public Tokens(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no HmacSHA256 in this Java", e);
        }
    }

    /** With the secret in a file, as the gateway reads it: without white space at its end. Null makes none. */
    public static Tokens fromFile(String file) {
        if (file == null) {
            return null;
        }
        try {
            return new Tokens(Files.readString(Path.of(file)).stripTrailing().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException("the secret file '" + file + "' cannot be read", e);
        }
    }

    /** A token for a client, with which it may follow topics, which commas separate (null: none). */
    public String of(String client, String topics) {
        return signed("{\"sub\":\"" + client + "\""
                + (topics == null ? "" : ",\"topics\":[\"" + topics.replace(",", "\",\"") + "\"]") + ",\"exp\":"
                + expiryS + "}");
    }

    /** A token with these claims, a JSON object, as they are. */
    public String signed(String claims) {
        String signed = HEADER + "." + base64(claims.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
