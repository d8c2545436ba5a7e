package megacomet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import megacomet.gateway.GatewayOptions;
import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.TopicRules;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.standalone.Converters.Size;
import megacomet.web.KeyFiles;
import megacomet.web.Listen;
import megacomet.web.Origins;
import megacomet.web.Rate;
import megacomet.web.TokenKeys;
import megacomet.web.TokenPolicy;
import megacomet.web.TrustedProxies;
import picocli.CommandLine.Option;

/** The options of the browsers' side. */
final class BrowserOptionsGroup {

    /** More than a browser gets through that sends its next poll with each message; a hundredth of a core. */
    private static final Rate DEFAULT_POLL_RATE = new Rate(200, 1_000);

    /** More than a healthy gateway meets when another has died and its browsers come. */
    private static final Rate DEFAULT_ACCEPT_RATE = new Rate(5_000, 20_000);

    /** The longest life of a token that can be asked for: ten years. */
    private static final long MAX_LIFE_MS = 315_360_000_000L;

    private KeyFiles<TokenKeys> tokenKeys;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where browsers connect. Default: every address; loopback with --open.")
    String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where browsers connect. Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain for browsers, PEM.")
    ReadableFile tlsCert;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's private key, PEM (PKCS#8).")
    ReadableFile tlsKey;

    @Option(
            names = "--jwt-secret",
            paramLabel = "TEXT",
            description = "Secret that signs browsers' tokens (HS256), at least 32 bytes. Better in the environment or"
                    + " a file: the command line is visible to others.")
    String jwtSecret;

    @Option(
            names = "--jwt-secret-file",
            paramLabel = "FILE",
            description =
                    "File of that secret; a line end at its end does not count. Files of keys are read again within"
                            + " 5s of a change, and on SIGHUP.")
    ReadableFile jwtSecretFile;

    @Option(
            names = "--jwt-public-key",
            paramLabel = "FILE",
            description = "Public key of browsers' tokens, PEM: RSA (RS256) or EC P-256 (ES256).")
    ReadableFile jwtPublicKey;

    @Option(names = "--jwks-file", paramLabel = "FILE", description = "Keys of browsers' tokens as a JWKS.")
    ReadableFile jwksFile;

    @Option(
            names = "--jwt-issuer",
            paramLabel = "TEXT",
            description = "What tokens must have as iss. Default: anything.")
    String jwtIssuer;

    @Option(
            names = "--jwt-audience",
            paramLabel = "TEXT",
            description = "What tokens must have as aud. Default: anything.")
    String jwtAudience;

    @Option(
            names = "--jwt-demand-exp",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Refuse tokens that never expire. Default: they are taken.")
    boolean jwtDemandExp;

    @Option(
            names = "--jwt-max-life",
            paramLabel = "TIME",
            description = "Refuse tokens that live longer than this from iat or from now, or never expire."
                    + " Default: no limit.")
    Duration jwtMaxLife;

    @Option(
            names = "--origins",
            paramLabel = "ORIGIN",
            split = ",",
            description = "Whose pages may use the gateway besides its own, as https://host[:port],...")
    List<String> origins = List.of();

    @Option(
            names = "--trusted-proxies",
            paramLabel = "NETWORK",
            split = ",",
            description = "Proxies whose X-Forwarded-For and X-Forwarded-Proto count, as 10.0.0.0/8,...")
    List<String> trustedProxies = List.of();

    @Option(
            names = "--proxy-protocol",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Every connection begins with a PROXY protocol header; only from --trusted-proxies.")
    boolean proxyProtocol;

    @Option(
            names = "--hold-timeout",
            paramLabel = "TIME",
            defaultValue = "55s",
            description = "How long a poll is held that does not say otherwise. Default: ${DEFAULT-VALUE}.")
    Duration holdTimeout;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "How long a client between two polls is taken for there. Default: ${DEFAULT-VALUE}.")
    Duration linger;

    @Option(
            names = "--heartbeat",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "After how long without a word a stream or WebSocket gets a sign of life."
                    + " Default: ${DEFAULT-VALUE}.")
    Duration heartbeat;

    @Option(
            names = "--stream-max-bytes",
            paramLabel = "SIZE",
            defaultValue = "256KiB",
            description = "How much waits for a stream's or WebSocket's browser that reads too slowly; with more it is"
                    + " ended. Default: ${DEFAULT-VALUE}.")
    Size streamMaxBytes;

    @Option(
            names = "--ws-deflate",
            description = "Compress messages on WebSockets, for browsers that can. Costs memory for each of them.")
    boolean webSocketDeflate;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "How many browsers' connections are served at a time. Default: what open files allow, less"
                    + " " + OpenFiles.SPARE + " and what the other ports take.")
    Integer maxConnections;

    @Option(
            names = "--poll-rate",
            paramLabel = "N[/s]|off",
            description = "How many polls a second each client may send, to one event loop; as many at once."
                    + " Default: 200/s, and 1000 at once.")
    Rate pollRate = DEFAULT_POLL_RATE;

    @Option(
            names = "--accept-rate",
            paramLabel = "N[/s]|off",
            description = "How many of browsers' connections are taken a second, and as many at once; the rest are told"
                    + " to come later. Default: 5000/s, and 20000 at once.")
    Rate acceptRate = DEFAULT_ACCEPT_RATE;

    /** @param maxConnections as {@link OpenFiles} has shared them out */
    GatewayOptions toGatewayOptions(
            int instances,
            boolean isOpen,
            int maxConnections,
            TopicRules topicRules,
            String publishUrl,
            BayeuxOptions bayeux) {
        Checks.isPort("--port", port);
        Checks.isWithin("--hold-timeout (ms)", holdTimeout.toMillis(), 1_000, 600_000);
        Checks.isWithin("--linger (ms)", linger.toMillis(), 1_000, 600_000);
        Checks.isWithin("--heartbeat (ms)", heartbeat.toMillis(), 1_000, 600_000);
        Checks.isWithin("--stream-max-bytes", streamMaxBytes.bytes(), 64 << 10, 64 << 20);
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException("--proxy-protocol needs --trusted-proxies");
        }
        TrustedProxies proxies = new TrustedProxies(trustedProxies);
        String listenHost = Hosts.choose("--host", host, isOpen);
        RoomOptions room = RoomOptions.DEFAULT
                .withTimeoutMs((int) holdTimeout.toMillis())
                .withLingerMs(linger.toMillis())
                .withStreams(heartbeat.toMillis(), streamMaxBytes.asInt());
        return new GatewayOptions(
                new Listen(listenHost, port, Hosts.tls("--tls", tlsCert, tlsKey), proxyProtocol, maxConnections),
                instances,
                room,
                isOpen ? null : tokenPolicy(),
                new Origins(allowedOrigins(isOpen), proxies),
                proxies,
                webSocketDeflate,
                topicRules,
                pollRate,
                acceptRate,
                publishUrl,
                bayeux);
    }

    private Set<String> allowedOrigins(boolean isOpen) {
        Set<String> allowed = new HashSet<>(origins);
        if (isOpen) {
            allowed.addAll(Hosts.loopbackOrigins(port));
        }
        allowed.removeIf(String::isBlank);
        return allowed;
    }

    private TokenPolicy tokenPolicy() {
        List<Path> files = Stream.of(jwtSecretFile, jwtPublicKey, jwksFile)
                .filter(Objects::nonNull)
                .map(ReadableFile::path)
                .toList();
        try {
            tokenKeys = new KeyFiles<>("token keys", files, this::readTokenKeys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TokenPolicy policy = new TokenPolicy(tokenKeys::current, jwtDemandExp, TokenPolicy.ANY_LIFE);
        if (jwtMaxLife == null) {
            return policy;
        }
        Checks.isWithin("--jwt-max-life (ms)", jwtMaxLife.toMillis(), 1_000, MAX_LIFE_MS);
        return policy.withMaxLifeMs(jwtMaxLife.toMillis());
    }

    /** The files of token keys, to be read again when they change; null before the options were read, and for an open server. */
    KeyFiles<TokenKeys> tokenKeys() {
        return tokenKeys;
    }

    private TokenKeys readTokenKeys() throws IOException {
        TokenKeys keys = new TokenKeys(jwtIssuer, jwtAudience);
        if (jwtSecret != null) {
            keys.addSecret(jwtSecret);
        }
        if (jwtSecretFile != null) {
            keys.addSecret(Files.readString(jwtSecretFile.path()).stripTrailing());
        }
        if (jwtPublicKey != null) {
            keys.addPem(jwtPublicKey.path());
        }
        if (jwksFile != null) {
            keys.addJwks(jwksFile.path());
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key to check browsers' tokens with: give --jwt-secret-file,"
                    + " --jwt-public-key or --jwks-file, or --open to try it out");
        }
        return keys;
    }
}
