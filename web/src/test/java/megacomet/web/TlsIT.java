package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import megacomet.web.fixture.PemFiles;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.Served;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate that is replaced while the server runs, HTTP/2 where a browser can, and nothing in plain text. */
class TlsIT {

    private static final String CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";

    @TempDir
    Path folder;

    @Test
    void aReplacedCertificateIsUsedForNewConnectionsAndOldOnesLiveOn() throws Exception {
        PemFiles first = PemFiles.make(folder).writeTo(folder);
        PemFiles second = PemFiles.make(folder);
        Tls tls = new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try (Served served = new Served(
                tls,
                (server, router) -> router.get("/")
                        .handler(routing -> routing.response()
                                .end(routing.request().version().alpnName())))) {
            HttpClient patient = client(first);
            assertEquals("h2", get(patient, served).body());
            assertEquals("http/1.1", get(http1(first), served).body());
            assertEquals(first.certificate(), certificateOf(served, first, second));

            // Half a change: the files do not fit each other, or one is cut off. The former certificate stays.
            Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nMIGH");
            assertEquals(first.certificate(), certificateOf(served, first, second));

            second.writeTo(folder);
            Awaitility.await()
                    .atMost(4 * Tls.RELOAD_MS, TimeUnit.MILLISECONDS)
                    .until(() -> second.certificate().equals(certificateOf(served, first, second)));
            assertEquals("h2", get(client(second), served).body());
            assertEquals("h2", get(patient, served).body()); // on the connection that it has
            assertThrows(SSLException.class, () -> agreed(served, PemFiles.trusting(second), "TLSv1.2", CBC));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
            })
    void ofTls12AuthenticatedEncryptionWithAKeyOfItsOwnIsAgreedOn(String suite) throws Exception {
        PemFiles pem = PemFiles.make(folder).writeTo(folder);
        try (Served served = served()) {
            assertEquals(suite, agreed(served, PemFiles.trusting(pem), "TLSv1.2", suite));
        }
    }

    @Test
    void ofTls12NothingElseIsAgreedOnAndOfTls13WhatThereIs() throws Exception {
        SSLContext client = PemFiles.trusting(PemFiles.make(folder).writeTo(folder));
        try (Served served = served()) {
            for (String suite : client.getSupportedSSLParameters().getCipherSuites()) {
                if (suite.startsWith("TLS_AES") || suite.startsWith("TLS_CHACHA")) {
                    assertEquals(suite, agreed(served, client, "TLSv1.3", suite));
                } else if (!Tls.CIPHER_SUITES.contains(suite)) {
                    assertThrows(IOException.class, () -> agreed(served, client, "TLSv1.2", suite), suite);
                }
            }
        }
    }

    private Served served() throws IOException {
        Tls tls = new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        return new Served(tls, (server, router) -> router.get("/").handler(routing -> routing.end()));
    }

    /** Returns what is agreed on with a client that can do nothing else; throws if nothing is. */
    private static String agreed(Served served, SSLContext client, String version, String suite) throws Exception {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", served.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @Test
    void plainTextOnATlsPortIsNotAnsweredAndTheNextHandshakeIs() throws Exception {
        PemFiles pem = PemFiles.make(folder).writeTo(folder);
        Tls tls = new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try (Served served = new Served(
                tls,
                (server, router) ->
                        router.get("/").handler(routing -> routing.response().end("secret")))) {
            try (RawHttp plain = RawHttp.connect(served.port())) {
                assertEquals(null, plain.send(RawHttp.get("/")).read());
            }
            assertEquals("secret", get(client(pem), served).body());
            assertThrows(SSLException.class, () -> get(client(PemFiles.make(folder)), served));
        }
    }

    private static HttpClient client(PemFiles trusted) throws Exception {
        return HttpClient.newBuilder().sslContext(PemFiles.trusting(trusted)).build();
    }

    private static HttpClient http1(PemFiles trusted) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(PemFiles.trusting(trusted))
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, Served served) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + served.port() + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Which certificate a new connection is shown. */
    private static X509Certificate certificateOf(Served served, PemFiles... trusted) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) PemFiles.trusting(trusted).getSocketFactory().createSocket("127.0.0.1", served.port())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
