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
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
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
        demandLength(bytes, "the token secret");
        options.addPubSecKey(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(bytes)));
        count++;
        return this;
    }

    private static void demandLength(byte[] secret, String what) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    what + " has " + secret.length + " bytes, at least " + MIN_SECRET_BYTES + " are needed");
        }
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
        byte[] der = derOf(pem);
        for (String type : List.of("RSA", "EC")) {
            try {
                PublicKey key = KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
                if (key instanceof ECPublicKey point && !isP256(point)) {
                    throw new IllegalArgumentException(
                            file.getFileName() + " has another curve than P-256, which ES256 needs");
                }
                return ALGORITHMS.get(type);
            } catch (GeneralSecurityException notThisType) {
                // the next one, perhaps
            }
        }
        throw new IllegalArgumentException(
                file.getFileName() + " is no RSA or EC public key in PEM (BEGIN PUBLIC KEY)");
    }

    /** Returns what the PEM encloses; nothing, which is no key, if it is no base64. */
    private static byte[] derOf(String pem) {
        try {
            return Base64.getDecoder()
                    .decode(pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                            .replaceAll("\\s", ""));
        } catch (IllegalArgumentException noBase64) {
            return new byte[0];
        }
    }

    private static boolean isP256(ECPublicKey key) throws GeneralSecurityException {
        AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        return key.getParams()
                .getCurve()
                .equals(p256.getParameterSpec(ECParameterSpec.class).getCurve());
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
        if ("enc".equals(jwk.getValue("use"))) {
            return;
        }
        String expected = jwk.getValue("kty") instanceof String type ? ALGORITHMS.get(type) : null;
        if (expected == null || !jwk.getValue("alg", expected).equals(expected)) {
            throw new IllegalArgumentException(
                    where + ": only HS256 (oct), RS256 (RSA) and ES256 (EC P-256) are taken");
        }
        if (expected.equals("ES256") && !"P-256".equals(jwk.getValue("crv"))) {
            throw new IllegalArgumentException(where + ": ES256 needs the curve P-256");
        }
        JsonObject signing = jwk.copy().put("alg", expected);
        try {
            // The checker would leave out a key that it cannot read, and with no key at all it would check nothing.
            new io.vertx.ext.auth.impl.jose.JWK(signing);
            if (expected.equals("HS256")) {
                demandLength(Base64.getUrlDecoder().decode(jwk.getString("k")), "the secret");
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(where + ": it cannot be read as a key, or is a short secret", e);
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
