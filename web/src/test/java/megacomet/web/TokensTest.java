package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import megacomet.web.fixture.Jwt;
import megacomet.web.fixture.Refused;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are good. They are made here by hand, with nothing of what checks them. */
class TokensTest {

    private static final byte[] SECRET = "a secret of more than 32 bytes, for tests".getBytes(StandardCharsets.UTF_8);
    private static final String CLAIMS = "{\"sub\":\"42\"}";
    private static final String RS256 = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    private static final String ES256 = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}";

    private static Vertx vertx;
    private static KeyPair rsa;
    private static KeyPair ec;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        vertx = Vertx.vertx();
        KeyPairGenerator rsaKeys = KeyPairGenerator.getInstance("RSA");
        rsaKeys.initialize(2_048);
        rsa = rsaKeys.generateKeyPair();
        KeyPairGenerator ecKeys = KeyPairGenerator.getInstance("EC");
        ecKeys.initialize(new ECGenParameterSpec("secp256r1"));
        ec = ecKeys.generateKeyPair();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    private static Tokens bySecret() {
        return Tokens.with(vertx, new TokenKeys(null, null).addSecret(new String(SECRET, StandardCharsets.UTF_8)));
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(pair.getPublic().getEncoded())
                        .replace("\r", "")
                + "\n-----END PUBLIC KEY-----\n";
    }

    private Tokens byPem(KeyPair pair) throws IOException {
        Path file = Files.writeString(folder.resolve("public.pem"), pem(pair));
        return Tokens.with(vertx, new TokenKeys(null, null).addPem(file));
    }

    private Tokens byJwks() throws IOException {
        ECPublicKey point = (ECPublicKey) ec.getPublic();
        RSAPublicKey modulus = (RSAPublicKey) rsa.getPublic();
        String keys = String.format(
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"%s\"},"
                        + "{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"n\":\"%s\",\"e\":\"%s\"},"
                        + "{\"kty\":\"EC\",\"kid\":\"e\",\"alg\":\"ES256\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}",
                Jwt.base64(SECRET),
                unsigned(modulus.getModulus(), 256),
                unsigned(modulus.getPublicExponent(), 3),
                unsigned(point.getW().getAffineX(), 32),
                unsigned(point.getW().getAffineY(), 32));
        Path file = Files.writeString(folder.resolve("jwks.json"), keys);
        return Tokens.with(vertx, new TokenKeys(null, null).addJwks(file));
    }

    private static String unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] exact = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, exact, length - (bytes.length - from), bytes.length - from);
        return Jwt.base64(exact);
    }

    private static void assertRefused(Tokens tokens, String token) {
        Problem problem = Refused.with(ErrorCode.TOKEN_INVALID, () -> tokens.check(token));
        if (token.length() > 10) {
            assertFalse(problem.getMessage().contains(token), "it repeats the token");
        }
    }

    // ---- signatures

    @Test
    void tokensSignedWithTheSecretAreGood() {
        assertEquals("42", bySecret().check(Jwt.hs256(CLAIMS, SECRET)).subject());
    }

    @Test
    void tokensSignedWithThePairOfAPublicKeyAreGood() throws IOException {
        assertEquals(
                "42",
                byPem(rsa).check(Jwt.rs256(RS256, CLAIMS, rsa.getPrivate())).subject());
        assertEquals(
                "42", byPem(ec).check(Jwt.es256(ES256, CLAIMS, ec.getPrivate())).subject());
    }

    @Test
    void tokensSignedWithAnyKeyOfAJwksAreGoodWithTheKeysNameOrWithout() throws IOException {
        Tokens tokens = byJwks();
        for (String kid : new String[] {"", ",\"kid\":\"%s\""}) {
            Function<String, String> header =
                    parts -> "{\"alg\":\"" + parts.substring(1) + "\"" + kid.formatted(parts.substring(0, 1)) + "}";
            tokens.check(Jwt.mac(header.apply("sHS256"), CLAIMS, "HmacSHA256", SECRET));
            tokens.check(Jwt.rs256(header.apply("rRS256"), CLAIMS, rsa.getPrivate()));
            tokens.check(Jwt.es256(header.apply("eES256"), CLAIMS, ec.getPrivate()));
        }
    }

    @Test
    void tokensSignedWithAnotherKeyAreRefused() throws GeneralSecurityException, IOException {
        KeyPairGenerator others = KeyPairGenerator.getInstance("RSA");
        others.initialize(2_048);
        assertRefused(
                bySecret(),
                Jwt.hs256(CLAIMS, "another secret of more than 32 bytes too".getBytes(StandardCharsets.UTF_8)));
        assertRefused(
                byPem(rsa), Jwt.rs256(RS256, CLAIMS, others.generateKeyPair().getPrivate()));
        assertRefused(byPem(rsa), Jwt.es256(ES256, CLAIMS, ec.getPrivate()));
        assertRefused(byPem(ec), Jwt.hs256(CLAIMS, SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void tokensWithoutASignatureAreRefusedHoweverTheyCallIt(String algorithm) throws IOException {
        String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
        for (Tokens tokens : new Tokens[] {bySecret(), byPem(rsa), byPem(ec), byJwks()}) {
            String unsigned = Jwt.with(header, CLAIMS, new byte[0]);
            assertRefused(tokens, unsigned);
            assertRefused(tokens, unsigned.substring(0, unsigned.length() - 1));
            assertRefused(tokens, Jwt.with("{\"typ\":\"JWT\"}", CLAIMS, new byte[0]));
            assertRefused(tokens, Jwt.mac(header, CLAIMS, "HmacSHA256", SECRET));
        }
    }

    @Test
    void aPublicKeyIsNoSecretToSignWith() throws IOException {
        byte[][] asSecrets = {
            pem(rsa).getBytes(StandardCharsets.US_ASCII),
            pem(rsa).strip().getBytes(StandardCharsets.US_ASCII),
            rsa.getPublic().getEncoded(),
            ((RSAPublicKey) rsa.getPublic()).getModulus().toByteArray()
        };
        for (byte[] asSecret : asSecrets) {
            assertRefused(byPem(rsa), Jwt.hs256(CLAIMS, asSecret));
            assertRefused(byJwks(), Jwt.hs256(CLAIMS, asSecret));
            assertRefused(byJwks(), Jwt.mac("{\"alg\":\"HS256\",\"kid\":\"r\"}", CLAIMS, "HmacSHA256", asSecret));
        }
    }

    @Test
    void otherAlgorithmsAreRefusedAlsoWithTheRightKey() {
        assertRefused(bySecret(), Jwt.mac("{\"alg\":\"HS384\"}", CLAIMS, "HmacSHA384", SECRET));
        assertRefused(bySecret(), Jwt.mac("{\"alg\":\"HS512\"}", CLAIMS, "HmacSHA512", SECRET));
        assertRefused(bySecret(), Jwt.mac("{\"alg\":\"hs256\"}", CLAIMS, "HmacSHA256", SECRET));
    }

    @Test
    void aKeyThatTheTokenBringsItselfIsNotUsed() {
        byte[] own = "a secret of the attacker's own choosing!".getBytes(StandardCharsets.UTF_8);
        String header = "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"" + Jwt.base64(own)
                + "\"},\"jku\":\"http://localhost:1/jwks\",\"kid\":\"../../dev/null\"}";
        assertRefused(bySecret(), Jwt.mac(header, CLAIMS, "HmacSHA256", own));
    }

    @Test
    void signaturesOfZerosAreRefused() throws IOException {
        for (int length : new int[] {0, 1, 32, 64, 256, 1_000}) {
            assertRefused(byPem(ec), Jwt.with(ES256, CLAIMS, new byte[length]));
            assertRefused(byPem(rsa), Jwt.with(RS256, CLAIMS, new byte[length]));
            assertRefused(bySecret(), Jwt.with("{\"alg\":\"HS256\"}", CLAIMS, new byte[length]));
        }
    }

    @Test
    void aTokenOfWhichAnythingWasChangedIsRefused() {
        Tokens tokens = bySecret();
        String good = Jwt.hs256(CLAIMS, SECRET);
        Random random = new Random(1);
        int signatureAt = good.lastIndexOf('.');
        for (int i = 0; i < 2_000; i++) {
            char[] changed = good.toCharArray();
            changed[random.nextInt(signatureAt)] ^= (char) (1 << random.nextInt(7));
            assertRefused(tokens, new String(changed));
        }
        for (int length = 1; length < good.length(); length++) {
            assertRefused(tokens, good.substring(0, length));
        }
    }

    @Test
    void whatIsNoTokenAtAllIsRefused() {
        Tokens tokens = bySecret();
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            char[] any = new char[1 + random.nextInt(60)];
            for (int j = 0; j < any.length; j++) {
                any[j] = random.nextInt(4) == 0 ? '.' : (char) random.nextInt(0x3000);
            }
            assertRefused(tokens, new String(any));
        }
        for (String json : new String[] {"", "null", "[]", "1", "\"x\"", "{}", "{", "{\"alg\":1}", "{\"alg\":null}"}) {
            assertRefused(tokens, Jwt.mac(json, CLAIMS, "HmacSHA256", SECRET));
            assertRefused(tokens, Jwt.hs256(json, SECRET));
        }
        assertRefused(tokens, "x".repeat(1 << 20));
    }

    @Test
    void aMissingTokenIsSaidToBeMissing() {
        Refused.with(ErrorCode.TOKEN_MISSING, () -> bySecret().check(null));
        Refused.with(ErrorCode.TOKEN_MISSING, () -> bySecret().check(""));
    }

    // ---- claims

    private static String claims(String more) {
        return Jwt.hs256("{\"sub\":\"42\"," + more + "}", SECRET);
    }

    private static long nowS() {
        return System.currentTimeMillis() / 1_000;
    }

    @Test
    void aTokenIsGoodUntilItExpiresAndClocksMayDifferALittle() {
        Tokens tokens = bySecret();
        assertEquals(Long.MAX_VALUE, tokens.check(Jwt.hs256(CLAIMS, SECRET)).expiryMs());
        long soonS = nowS() + 100;
        assertEquals(soonS * 1_000, tokens.check(claims("\"exp\":" + soonS)).expiryMs());
        tokens.check(claims("\"exp\":" + (nowS() - 1)));
        Refused.with(ErrorCode.TOKEN_EXPIRED, () -> tokens.check(claims("\"exp\":" + (nowS() - 20))));
        Refused.with(ErrorCode.TOKEN_EXPIRED, () -> tokens.check(claims("\"exp\":0")));
        Refused.with(ErrorCode.TOKEN_EXPIRED, () -> tokens.check(claims("\"exp\":-1e300")));
        tokens.check(claims("\"exp\":1e300"));
    }

    @Test
    void aTokenThatIsNotValidYetIsRefused() {
        Tokens tokens = bySecret();
        tokens.check(claims("\"nbf\":" + (nowS() + 1)));
        tokens.check(claims("\"nbf\":-1e300"));
        assertRefused(tokens, claims("\"nbf\":" + (nowS() + 100)));
        assertRefused(tokens, claims("\"nbf\":1e300"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"exp\":\"soon\"", "\"exp\":true", "\"exp\":[9999999999]", "\"nbf\":\"0\"", "\"nbf\":{}"})
    void timesThatAreNoNumbersAreRefused(String times) {
        assertRefused(bySecret(), claims(times));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sub\":\"\"}", "{\"sub\":42}", "{\"sub\":null}", "{\"sub\":[\"42\"]}"})
    void aTokenWithoutASubjectIsRefused(String claims) {
        assertRefused(bySecret(), Jwt.hs256(claims, SECRET));
    }

    @Test
    void issuerAndAudienceAreDemandedIfTheyAreConfigured() {
        Tokens tokens =
                Tokens.with(vertx, new TokenKeys("shop", "push").addSecret(new String(SECRET, StandardCharsets.UTF_8)));
        tokens.check(claims("\"iss\":\"shop\",\"aud\":\"push\""));
        tokens.check(claims("\"iss\":\"shop\",\"aud\":[\"mail\",\"push\"]"));
        for (String wrong : Arrays.asList(
                "\"iss\":\"shop\"",
                "\"aud\":\"push\"",
                "\"iss\":\"other\",\"aud\":\"push\"",
                "\"iss\":\"shop\",\"aud\":\"other\"",
                "\"iss\":\"shop\",\"aud\":[]",
                "\"iss\":\"shop\",\"aud\":[\"pushy\"]",
                "\"iss\":\"SHOP\",\"aud\":\"push\"",
                "\"iss\":[\"shop\"],\"aud\":\"push\"",
                "\"iss\":null,\"aud\":null",
                "\"iss\":1,\"aud\":1")) {
            assertRefused(tokens, claims(wrong));
        }
    }

    /** Each of them is compared with each topic that its client wants to follow. */
    @Test
    void aClaimNamesFiveHundredTopicsAndNoMore() {
        String most = String.join(",", java.util.Collections.nCopies(500, "\"a\""));
        Tokens tokens = bySecret();
        Function<String, String> token = topics -> Jwt.hs256("{\"sub\":\"42\",\"topics\":[" + topics + "]}", SECRET);
        assertEquals(500, tokens.check(token.apply(most)).topics().size());
        Refused.with(ErrorCode.TOKEN_INVALID, () -> tokens.check(token.apply("\"b\"," + most)));
    }

    // ---- what tokens must be like

    @Test
    void aTokenWithAnExtensionThatItsIssuerCallsCriticalIsRefused() {
        for (String crit : new String[] {"[\"exp\"]", "[\"b64\"],\"b64\":false", "[]", "null"}) {
            String header = "{\"alg\":\"HS256\",\"crit\":" + crit + "}";
            assertRefused(bySecret(), Jwt.mac(header, CLAIMS, "HmacSHA256", SECRET));
            assertRefused(bySecret(), Jwt.mac(header.replace("crit", "\\u0063rit"), CLAIMS, "HmacSHA256", SECRET));
        }
        Tokens tokens = bySecret();
        tokens.check(Jwt.hs256(CLAIMS, SECRET));
        assertRefused(tokens, Jwt.mac("{\"alg\":\"HS256\",\"crit\":[\"x\"]}", CLAIMS, "HmacSHA256", SECRET));
    }

    private static Tokens with(TokenPolicy policy) {
        return Tokens.with(vertx, policy, new Revocations());
    }

    private static TokenPolicy policy() {
        return TokenPolicy.of(new TokenKeys(null, null).addSecret(new String(SECRET, StandardCharsets.UTF_8)));
    }

    @Test
    void aTokenThatNeverExpiresIsRefusedIfAnEndIsDemanded() {
        Tokens tokens = with(policy().withExpiry());
        assertRefused(tokens, Jwt.hs256(CLAIMS, SECRET));
        assertRefused(tokens, claims("\"exp\":1e300"));
        tokens.check(claims("\"exp\":" + (nowS() + 1_000_000)));
    }

    @Test
    void aTokenThatLivesLongerThanAllowedIsRefusedWhateverItSaysOfItsIssue() {
        Tokens tokens = with(policy().withMaxLifeMs(3_600_000));
        long nowS = nowS();
        tokens.check(claims("\"exp\":" + (nowS + 3_590)));
        tokens.check(claims("\"iat\":" + nowS + ",\"exp\":" + (nowS + 3_600)));
        assertRefused(tokens, Jwt.hs256(CLAIMS, SECRET));
        assertRefused(tokens, claims("\"exp\":" + (nowS + 3_700)));
        assertRefused(tokens, claims("\"iat\":" + (nowS - 200) + ",\"exp\":" + (nowS + 3_500)));
        assertRefused(tokens, claims("\"iat\":" + (nowS + 9_000) + ",\"exp\":" + (nowS + 12_000)));
        assertRefused(tokens, claims("\"iat\":-1e300,\"exp\":" + (nowS + 10)));
    }

    @Test
    void tokensIssuedBeforeTheirSubjectsRevocationAreRefusedAndLaterOnesAreGood() {
        Revocations revocations = new Revocations();
        Tokens tokens = Tokens.with(vertx, policy(), revocations);
        long nowS = nowS();
        revocations.add("42", nowS * 1_000, Long.MAX_VALUE);
        Refused.with(ErrorCode.TOKEN_REVOKED, () -> tokens.check(claims("\"iat\":" + (nowS - 1))));
        Refused.with(ErrorCode.TOKEN_REVOKED, () -> tokens.check(Jwt.hs256(CLAIMS, SECRET)));
        tokens.check(claims("\"iat\":" + nowS));
        tokens.check(Jwt.hs256("{\"sub\":\"43\"}", SECRET));
    }

    @Test
    void tokensOfAKeyThatWasRemovedAreRefusedFromThenOn() {
        TokenKeys others = new TokenKeys(null, null).addSecret("another secret of more than 32 bytes, for tests");
        AtomicReference<TokenKeys> keys = new AtomicReference<>(policy().keys().get());
        Tokens tokens = with(new TokenPolicy(keys::get, false, TokenPolicy.ANY_LIFE));
        tokens.check(Jwt.hs256(CLAIMS, SECRET));
        keys.set(others);
        assertRefused(tokens, Jwt.hs256(CLAIMS, SECRET));
    }
}
