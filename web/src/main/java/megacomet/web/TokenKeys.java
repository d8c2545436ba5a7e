package megacomet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The keys with which browsers' tokens may be signed: a secret (HS256), public keys in PEM (RS256, ES256), or a JWKS file
 * (RFC 7517) of any of these. No other algorithm is taken, and {@code none} least of all.
 */
public final class TokenKeys {

    /** A shorter secret could be guessed (RFC 7518, section 3.2). */
    public static final int MIN_SECRET_BYTES = 32;

    /** What each key type signs with here. */
    private static final Map<String, String> ALGORITHMS = Map.of("oct", "HS256", "RSA", "RS256", "EC", "ES256");

    private final JWTAuthOptions options = new JWTAuthOptions();
    private int count;

    /** @param issuer and {@code audience}: what tokens must say, each or null */
    public TokenKeys(String issuer, String audience) {
        // Times are checked by Tokens, which tells an expired token from one that is not valid yet.
        JWTOptions demands = new JWTOptions().setIgnoreExpiration(true).setIssuer(issuer);
        if (audience != null) {
            demands.setAudience(List.of(audience));
        }
        options.setJWTOptions(demands);
    }

    /** Adds a secret for HS256; it is taken as its UTF-8 bytes. */
    public TokenKeys addSecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the token secret has " + bytes.length + " bytes, at least " + MIN_SECRET_BYTES + " are needed");
        }
        options.addPubSecKey(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(bytes)));
        count++;
        return this;
    }

    /** Adds a public key, RSA for RS256 or EC P-256 for ES256. */
    public TokenKeys addPem(Path file) throws IOException {
        String pem = Files.readString(file);
        String algorithm = algorithmOf(pem, file);
        options.addPubSecKey(new PubSecKeyOptions().setAlgorithm(algorithm).setBuffer(Buffer.buffer(pem)));
        count++;
        return this;
    }

    private static String algorithmOf(String pem, Path file) {
        String base64 = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        for (String type : List.of("RSA", "EC")) {
            try {
                byte[] der = Base64.getDecoder().decode(base64);
                KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
                return ALGORITHMS.get(type);
            } catch (GeneralSecurityException | IllegalArgumentException notThisType) {
                // the next one, perhaps
            }
        }
        throw new IllegalArgumentException(
                file.getFileName() + " is no RSA or EC public key in PEM (BEGIN PUBLIC KEY)");
    }

    /** Adds the keys of a JWKS file. */
    public TokenKeys addJwks(Path file) throws IOException {
        JsonArray keys;
        try {
            keys = new JsonObject(Files.readString(file)).getJsonArray("keys", new JsonArray());
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException(file.getFileName() + " is no JWKS: expected {\"keys\":[…]}", e);
        }
        for (int i = 0; i < keys.size(); i++) {
            addJwk(keys.getValue(i), file.getFileName() + ", key " + (i + 1));
        }
        return this;
    }

    private void addJwk(Object key, String where) {
        if (!(key instanceof JsonObject jwk)) {
            throw new IllegalArgumentException(where + ": not an object");
        }
        if ("enc".equals(jwk.getString("use"))) {
            return;
        }
        String expected = ALGORITHMS.get(jwk.getString("kty"));
        if (expected == null || !jwk.getString("alg", expected).equals(expected)) {
            throw new IllegalArgumentException(
                    where + ": only HS256 (oct), RS256 (RSA) and ES256 (EC P-256) are taken");
        }
        if ("EC".equals(jwk.getString("kty")) && !"P-256".equals(jwk.getString("crv"))) {
            throw new IllegalArgumentException(where + ": ES256 needs the curve P-256");
        }
        JsonObject signing = jwk.copy().put("alg", expected);
        try {
            // The checker would leave out a key that it cannot read, and with no key at all it would check nothing.
            new io.vertx.ext.auth.impl.jose.JWK(signing);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(where + ": it cannot be read as a key", e);
        }
        options.addJwk(signing);
        count++;
    }

    /** Whether no key was added; then no token could be checked. */
    public boolean isEmpty() {
        return count == 0;
    }

    JWTAuthOptions options() {
        if (isEmpty()) {
            throw new IllegalStateException("no key to check tokens with");
        }
        return options;
    }
}
