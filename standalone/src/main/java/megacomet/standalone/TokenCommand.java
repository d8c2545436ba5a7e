package megacomet.standalone;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import megacomet.model.ClientId;
import megacomet.model.TopicPattern;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.standalone.Converters.Size;
import megacomet.web.LimitClaims;
import megacomet.web.TokenKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code megacomet token}: a token for trying out. In production the application makes them. */
@Command(name = "token", description = "Make a browser's token, to try it out.", mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

    @Option(names = "--client", paramLabel = "ID", required = true, description = "Whose token it is.")
    private String client;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long it is good. Default: ${DEFAULT-VALUE}.")
    private Duration ttl;

    @Option(
            names = "--topics",
            paramLabel = "PATTERN",
            split = ",",
            description = "What it may follow: topics, or patterns as news/*,room/**,...")
    private List<String> topics = List.of();

    @Option(
            names = "--publish",
            paramLabel = "PATTERN",
            split = ",",
            description = "Where to it may publish, on a WebSocket or by Bayeux: topics or patterns.")
    private List<String> publish = List.of();

    @Option(names = "--status", description = "It may ask /service/status of Bayeux how many there are.")
    private boolean isToSeeStatus;

    @Option(
            names = "--publish-rate",
            paramLabel = "N",
            description = "How many messages a second it may publish. Default: what the gateway's options say.")
    private Long publishRate;

    @Option(names = "--publish-bytes", paramLabel = "SIZE", description = "The same in bytes of data a second.")
    private Size publishBytes;

    @Option(names = "--new-topics", paramLabel = "N", description = "How many topics a minute it may begin.")
    private Long newTopics;

    @Option(names = "--max-ttl", paramLabel = "TIME", description = "The longest life of what it publishes.")
    private Duration maxTtl;

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            description = "How much of Redis's memory may be taken by what it published.")
    private Size maxBytes;

    @Option(names = "--jwt-secret", paramLabel = "TEXT", description = "Secret to sign with (HS256).")
    private String secret;

    @Option(names = "--jwt-secret-file", paramLabel = "FILE", description = "File of that secret.")
    private ReadableFile secretFile;

    @Option(
            names = "--jwt-private-key",
            paramLabel = "FILE",
            description = "Private key to sign with, PEM (PKCS#8): RSA (RS256) or EC P-256 (ES256).")
    private ReadableFile privateKey;

    @Option(names = "--jwt-issuer", paramLabel = "TEXT", description = "What it has as iss.")
    private String issuer;

    @Option(names = "--jwt-audience", paramLabel = "TEXT", description = "What it has as aud.")
    private String audience;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Checks.isWithin("--ttl (s)", ttl.toSeconds(), 1, Integer.MAX_VALUE);
        PubSecKeyOptions key = key();
        JWTOptions options = new JWTOptions()
                .setAlgorithm(key.getAlgorithm())
                .setSubject(ClientId.given(client).value())
                .setExpiresInSeconds((int) ttl.toSeconds())
                .setIssuer(issuer);
        if (audience != null) {
            options.addAudience(audience);
        }
        Vertx vertx = Vertx.vertx();
        try {
            JWTAuth auth = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key));
            spec.commandLine().getOut().println(auth.generateToken(claims(), options));
            return 0;
        } finally {
            vertx.close();
        }
    }

    private JsonObject claims() {
        JsonObject claims = new JsonObject();
        if (!topics.isEmpty()) {
            claims.put("topics", patterns(topics));
        }
        if (!publish.isEmpty()) {
            claims.put("publish", patterns(publish));
        }
        if (isToSeeStatus) {
            claims.put("status", true);
        }
        Map<String, Object> limits = limits().toMap();
        if (!limits.isEmpty()) {
            LimitClaims.of(limits); // throws if the gateway would refuse them
            claims.put(LimitClaims.CLAIM, new JsonObject(limits));
        }
        return claims;
    }

    private LimitClaims limits() {
        return new LimitClaims(
                publishRate,
                publishBytes == null ? null : publishBytes.bytes(),
                newTopics,
                maxTtl == null ? null : maxTtl.toMillis(),
                maxBytes == null ? null : maxBytes.bytes());
    }

    private static JsonArray patterns(List<String> patterns) {
        patterns.forEach(TopicPattern::new); // throws if one of them is none
        return new JsonArray(patterns);
    }

    private PubSecKeyOptions key() throws IOException {
        if (secret == null && secretFile == null && privateKey == null) {
            throw new IllegalArgumentException("--jwt-secret, --jwt-secret-file or --jwt-private-key is needed");
        }
        if (privateKey != null) {
            String pem = Files.readString(privateKey.path());
            return new PubSecKeyOptions().setAlgorithm(algorithmOf(pem)).setBuffer(Buffer.buffer(pem));
        }
        String text =
                secret != null ? secret : Files.readString(secretFile.path()).stripTrailing();
        if (text.getBytes(StandardCharsets.UTF_8).length < TokenKeys.MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the token secret must have at least " + TokenKeys.MIN_SECRET_BYTES + " bytes");
        }
        return new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(text));
    }

    private static String algorithmOf(String pem) {
        String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
        for (String[] type : new String[][] {{"RSA", "RS256"}, {"EC", "ES256"}}) {
            try {
                KeyFactory.getInstance(type[0])
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
                return type[1];
            } catch (GeneralSecurityException | IllegalArgumentException notThisType) {
                // the next one, perhaps
            }
        }
        throw new IllegalArgumentException("--jwt-private-key is no RSA or EC key in PEM (BEGIN PRIVATE KEY)");
    }
}
