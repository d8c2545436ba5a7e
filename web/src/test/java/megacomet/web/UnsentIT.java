package megacomet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import megacomet.web.fixture.PemFiles;
import megacomet.web.fixture.RawHttp;
import megacomet.web.fixture.Served;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that ask and do not read, on each version of HTTP. */
class UnsentIT {

    private static final int ANSWER_BYTES = 1 << 20;
    private static final int PIPELINED = 300;

    /** What the kernel may take of answers that nobody reads: its largest send buffer, and a little. */
    private static final int KERNEL_ANSWERS = 8;

    private static final int MAX_BYTES = 64 << 20;
    private static final long DEADLINE_MS = 1_000;
    private static final long NEVER_MS = 600_000;

    private final Meters meters = new Meters();
    private final AtomicInteger served = new AtomicInteger();

    @TempDir
    Path folder;

    private Served serve(Tls tls, int maxBytes, long deadlineMs) throws IOException {
        return new Served(
                tls,
                new Guard(meters, Guard.Budgets.defaults().withUnsent(new Unsent.Limits(maxBytes, deadlineMs))),
                this::routes);
    }

    private Tls tls() throws Exception {
        PemFiles.make(folder).writeTo(folder);
        return new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    private void routes(HttpServer server, Router router) {
        router.get("/large").handler(routing -> {
            served.incrementAndGet();
            routing.response().end(Buffer.buffer(new byte[ANSWER_BYTES]));
        });
        router.post("/echo")
                .handler(routing -> routing.request()
                        .body()
                        .onSuccess(body -> routing.response().end(body)));
    }

    /** Who does not read: with the smallest receive buffer, so that it is soon felt. */
    private static Socket reluctant(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private double metric(String name) {
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(meters.scrape());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private double unread() {
        return metric("megacomet_connections_cut_total{reason=\"unread\"}");
    }

    @Test
    void whoPipelinesAndReadsNothingIsServedNoFurtherThanTheKernelTakes() throws IOException {
        try (Served server = serve(null, MAX_BYTES, DEADLINE_MS);
                Socket socket = reluctant(server.port())) {
            socket.getOutputStream().write(ascii(RawHttp.get("/large").repeat(PIPELINED)));
            Awaitility.await().until(() -> unread() == 1);
            assertTrue(served.get() <= KERNEL_ANSWERS, served + " were answered");
        }
    }

    @Test
    void whatNobodyReadsIsCountedAndAfterTheDeadlineTheConnectionIsCut() throws IOException {
        try (Served server = serve(null, MAX_BYTES, DEADLINE_MS);
                Socket socket = reluctant(server.port())) {
            socket.getOutputStream().write(ascii(RawHttp.get("/large").repeat(PIPELINED)));
            Awaitility.await().until(() -> metric("megacomet_unsent_bytes") > 0);
            assertTrue(metric("megacomet_unsent_bytes") <= 2 * ANSWER_BYTES);
            Awaitility.await().atMost(4 * DEADLINE_MS, TimeUnit.MILLISECONDS).until(() -> unread() == 1);
            assertEquals(0, metric("megacomet_unsent_bytes"));
        }
    }

    @Test
    void whoReadsAtLastGetsEveryAnswerAndLosesNoBody() throws IOException {
        int answers = 20;
        String post = RawHttp.post("/echo", "text/plain", "a body that waited");
        try (Served server = serve(null, MAX_BYTES, NEVER_MS);
                Socket socket = reluctant(server.port())) {
            socket.getOutputStream().write(ascii((RawHttp.get("/large") + post).repeat(answers)));
            Awaitility.await().until(() -> metric("megacomet_unsent_bytes") > 0);
            InputStream in = socket.getInputStream();
            for (int i = 0; i < answers; i++) {
                assertEquals(ANSWER_BYTES, body(in).length);
                assertEquals("a body that waited", new String(body(in), StandardCharsets.US_ASCII));
            }
        }
    }

    /** Reads an answer with a length. */
    private static byte[] body(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        Matcher length = Pattern.compile("content-length: (\\d+)").matcher(head.toString(StandardCharsets.US_ASCII));
        assertTrue(length.find(), head.toString(StandardCharsets.US_ASCII));
        return in.readNBytes(Integer.parseInt(length.group(1)));
    }

    @Test
    void onHttp2WhatWaitsForTheWindowIsCountedAndMoreRequestsWait() throws Exception {
        try (Served server = serve(tls(), MAX_BYTES, DEADLINE_MS)) {
            HttpClient client = http2(server);
            for (int i = 0; i < 50; i++) {
                get(client, server).onSuccess(HttpClientResponse::pause); // and so no window is opened
                if (i == 0) {
                    Awaitility.await().until(() -> metric("megacomet_unsent_bytes") >= ANSWER_BYTES);
                }
            }
            Awaitility.await().atMost(4 * DEADLINE_MS, TimeUnit.MILLISECONDS).until(() -> unread() == 1);
            assertTrue(served.get() <= 2, served + " were answered");
            assertEquals(0, metric("megacomet_unsent_bytes"));
        }
    }

    @Test
    void onHttp2WhoReadsGetsEveryAnswer() throws Exception {
        try (Served server = serve(tls(), MAX_BYTES, NEVER_MS)) {
            HttpClient client = http2(server);
            Future<?> all = Future.all(IntStream.range(0, 20)
                    .mapToObj(i -> get(client, server).compose(HttpClientResponse::body))
                    .toList());
            all.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals(20, served.get());
            Awaitility.await().until(() -> metric("megacomet_unsent_bytes") == 0);
        }
    }

    private static HttpClient http2(Served server) {
        return server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setUseAlpn(true)
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false));
    }

    private static Future<HttpClientResponse> get(HttpClient client, Served server) {
        return client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/large")
                .compose(HttpClientRequest::send);
    }

    @Test
    void whenTheBudgetIsSpentThoseThatReadNothingAreCutAtOnceAndWhoReadsIsServed() throws IOException {
        Socket[] sockets = new Socket[60];
        try (Served server = serve(null, 8 << 20, NEVER_MS)) {
            for (int i = 0; i < sockets.length; i++) {
                sockets[i] = reluctant(server.port());
                sockets[i].getOutputStream().write(ascii(RawHttp.get("/large").repeat(KERNEL_ANSWERS)));
            }
            Awaitility.await().until(() -> metric("megacomet_connections_cut_total{reason=\"unsent_budget\"}") > 0);
            RawHttp.Answer answer = RawHttp.exchange(server.port(), RawHttp.get("/large"));
            assertEquals(ANSWER_BYTES, answer.body().length());
            Awaitility.await().until(() -> metric("megacomet_unsent_bytes") < 8 << 20);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
