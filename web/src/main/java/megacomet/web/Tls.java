package megacomet.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS from a certificate chain and a private key in PEM, with HTTP/2 by ALPN. The files are looked at every
 * {@value #RELOAD_MS} ms; when they have changed, new connections get the new certificate, and old ones live on.
 *
 * @param certificates the server's certificate and those that vouch for it
 * @param key its private key, PKCS#8
 */
public record Tls(Path certificates, Path key) {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    /**
     * What is agreed on with the other side: of TLS 1.2 only what encrypts with authentication (AEAD) and a key of that
     * connection alone (ECDHE), as RFC 9325, section 4.2 recommends; of TLS 1.3 everything.
     */
    static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

    /** How often the files are looked at, in ms. */
    public static final long RELOAD_MS = 5_000;

    /** Makes the server speak TLS. */
    void on(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(read())
                .setSslHandshakeTimeout(Door.HANDSHAKE_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setEnabledSecureTransportProtocols(VERSIONS);
        CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
    }

    /** Keeps a listening server's certificate up to date, until its event loop ends. */
    void keepFresh(Vertx vertx, HttpServer server) {
        Buffer[] used = {content()};
        vertx.setPeriodic(
                RELOAD_MS,
                timer -> vertx.executeBlocking(this::content).onSuccess(now -> {
                    if (!now.equals(used[0])) {
                        used[0] = now;
                        reload(server);
                    }
                }));
    }

    private void reload(HttpServer server) {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(read()).setApplicationLayerProtocols(List.of("h2", "http/1.1"));
        options.setEnabledSecureTransportProtocols(VERSIONS);
        CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        // By force: the options are the same paths as before, and Vert.x would take them for the same files.
        server.updateSSLOptions(options, true)
                .onSuccess(done -> LOG.atInfo()
                        .addKeyValue("certificates", certificates.getFileName())
                        .log("tls certificate reloaded"))
                .onFailure(failure -> LOG.atError()
                        .addKeyValue("why", failure.getMessage())
                        .log("tls certificate not reloaded, the former stays"));
    }

    private PemKeyCertOptions read() {
        return new PemKeyCertOptions().setCertPath(certificates.toString()).setKeyPath(key.toString());
    }

    private Buffer content() {
        try {
            return Buffer.buffer().appendBytes(Files.readAllBytes(certificates)).appendBytes(Files.readAllBytes(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
