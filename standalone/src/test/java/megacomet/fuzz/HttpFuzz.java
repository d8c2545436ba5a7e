package megacomet.fuzz;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;

/** Bytes on the socket of a server that listens as the gateway does. */
public final class HttpFuzz {

    private static final byte[] WELL_FORMED =
            "GET /well HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** Nothing here waits for anything; so this is a bound on what a slow machine takes. */
    private static final int PATIENCE_MS = 20_000;

    /**
     * Vert.x answers in the name of the protocol that it was asked in, with what an int makes of its numbers, and so do we; but
     * it says no.
     */
    private static final Pattern REFUSED = Pattern.compile("[^\\s/]+/-?\\d+\\.-?\\d+ (400|501) ");

    private static final AtomicReference<String> WRONG = new AtomicReference<>();
    private static final int PORT = start();
    private static int asked;

    private HttpFuzz() {}

    private static int start() {
        Vertx vertx = Vertx.vertx();
        Listen listen = new Listen("127.0.0.1", 0, null, false);
        HttpServer server = listen.server(vertx, Listen.FOR_MANY);
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            check(context.request());
            context.end("ok");
        });
        Future<HttpServer> started = listen.start(vertx, server, router, new Guard(new Meters()).unsent());
        return started.await().actualPort();
    }

    /** What two servers might read differently must not come so far. */
    private static void check(HttpServerRequest request) {
        boolean hasCoding = request.headers().contains("transfer-encoding");
        boolean isPlain = !request.headers().contains("")
                && (!hasCoding || request.getHeader("transfer-encoding").equalsIgnoreCase("chunked"))
                && request.headers().getAll("content-length").stream()
                                .distinct()
                                .count()
                        <= 1
                && request.headers().getAll("host").size() <= 1
                && !(hasCoding && request.headers().contains("content-length"));
        if (!isPlain) {
            WRONG.set("let through: " + request.headers());
        }
    }

    public static void http(byte[] bytes) {
        String answer = exchange(bytes);
        boolean isHttp = answer.isEmpty() || answer.startsWith("HTTP/1.");
        Holds.that(isHttp || REFUSED.matcher(answer).lookingAt(), "another protocol is refused: " + answer);
        Holds.that(WRONG.get() == null, WRONG.get());
        if (++asked % 64 == 0) {
            Holds.that(exchange(WELL_FORMED).startsWith("HTTP/1.1 200"), "others are served all along");
        }
    }

    private static String exchange(byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("a connection whose browser has said all is closed", e);
        } catch (SocketException e) {
            return ""; // It was closed while there was more to read.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
