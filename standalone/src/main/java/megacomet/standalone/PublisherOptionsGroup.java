package megacomet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import megacomet.publisher.PublishLimits;
import megacomet.publisher.PublisherOptions;
import megacomet.publisher.WebhookOptions;
import megacomet.redis.TopicRules;
import megacomet.standalone.Converters.ReadableFile;
import megacomet.standalone.Converters.Size;
import megacomet.web.ApiKeys;
import megacomet.web.KeyFiles;
import megacomet.web.Listen;
import megacomet.web.Origins;
import megacomet.web.Rate;
import megacomet.web.TrustedProxies;
import picocli.CommandLine.Option;

/** The options of the applications' side. */
final class PublisherOptionsGroup {

    private KeyFiles<ApiKeys> keyFiles;

    @Option(
            names = "--publish-host",
            paramLabel = "HOST",
            description = "Where applications connect. Default: every address; loopback with --open.")
    String host;

    @Option(
            names = "--publish-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Where applications connect. Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(names = "--publish-tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
    ReadableFile tlsCert;

    @Option(names = "--publish-tls-key", paramLabel = "FILE", description = "The private key, PEM (PKCS#8).")
    ReadableFile tlsKey;

    @Option(
            names = "--api-keys",
            paramLabel = "FILE",
            description =
                    "Applications' keys: lines of name, SHA-256 in hex, and scopes (publish,read,manage). Read again"
                            + " within 5s of a change, and on SIGHUP.")
    ReadableFile apiKeys;

    @Option(
            names = "--message-max-bytes",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            description = "The largest message. Default: ${DEFAULT-VALUE}.")
    Size messageMaxBytes;

    @Option(
            names = "--body-max-bytes",
            paramLabel = "SIZE",
            defaultValue = "8MiB",
            description = "The largest body but for NDJSON, which may have any length. Default: ${DEFAULT-VALUE}.")
    Size bodyMaxBytes;

    @Option(
            names = "--webhook-url",
            paramLabel = "URL",
            description = "Where what happens to clients is posted; https, unless it is near. Default: nowhere.")
    URI webhookUrl;

    @Option(
            names = "--webhook-secret-file",
            paramLabel = "FILE",
            description = "Secret with which that is signed; a line end at its end does not count.")
    ReadableFile webhookSecretFile;

    @Option(
            names = "--publish-max-connections",
            paramLabel = "N",
            description = "How many connections of applications are served at a time. Default: 2000, or less where the"
                    + " process may open few files.")
    Integer maxConnections;

    @Option(
            names = "--publish-rate",
            paramLabel = "N[/s]|off",
            description = "How many messages a second each API key may publish. Default: no limit.")
    Rate publishRate;

    @Option(
            names = "--publish-burst",
            paramLabel = "N",
            description = "How many of them at once after a pause. Default: a second's worth.")
    Integer publishBurst;

    /**
     * @param maxConnections as {@link OpenFiles} has shared them out
     * @param demoPort the gateway's port, whose demo page may publish to an open server, or 0
     */
    PublisherOptions toPublisherOptions(
            int instances, boolean isOpen, int maxConnections, int demoPort, int mailboxMaxBytes, TopicRules topics) {
        Checks.isPort("--publish-port", port);
        Checks.isWithin("--message-max-bytes", messageMaxBytes.bytes(), 1, mailboxMaxBytes / 2);
        Checks.isWithin("--body-max-bytes", bodyMaxBytes.bytes(), messageMaxBytes.bytes(), 256 << 20);
        String listenHost = Hosts.choose("--publish-host", host, isOpen);
        PublishLimits limits = PublishLimits.DEFAULT;
        return new PublisherOptions(
                new Listen(listenHost, port, Hosts.tls("--publish-tls", tlsCert, tlsKey), false, maxConnections),
                instances,
                isOpen ? ApiKeys.open() : keys(),
                isOpen,
                new Origins(demoPort == 0 ? Set.of() : Hosts.loopbackOrigins(demoPort), TrustedProxies.NONE),
                new PublishLimits(
                        messageMaxBytes.asInt(),
                        bodyMaxBytes.asInt(),
                        Math.max(limits.lineMaxBytes(), 2 * messageMaxBytes.asInt()),
                        limits.clientsMaxAMessage()),
                topics,
                publishRate(),
                webhook());
    }

    private Rate publishRate() {
        if (publishRate == null && publishBurst != null) {
            throw new IllegalArgumentException("--publish-burst needs --publish-rate");
        }
        return publishBurst == null ? publishRate : publishRate.withBurst(publishBurst);
    }

    private WebhookOptions webhook() {
        if ((webhookUrl == null) != (webhookSecretFile == null)) {
            throw new IllegalArgumentException("--webhook-url and --webhook-secret-file go together");
        }
        if (webhookUrl == null) {
            return null;
        }
        try {
            String secret = Files.readString(webhookSecretFile.path()).stripTrailing();
            return new WebhookOptions(webhookUrl, secret.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ApiKeys keys() {
        if (apiKeys == null) {
            throw new IllegalArgumentException(
                    "no keys to check applications with: give --api-keys, or --open to try it out");
        }
        try {
            keyFiles = new KeyFiles<>("api keys", List.of(apiKeys.path()), () -> ApiKeys.read(apiKeys.path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ApiKeys.of(keyFiles);
    }

    /** The file of keys, to be read again when it changes; null before the options were read, and for an open server. */
    KeyFiles<ApiKeys> apiKeys() {
        return keyFiles;
    }
}
