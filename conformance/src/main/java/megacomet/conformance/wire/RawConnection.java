package megacomet.conformance.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;

/**
 * One TCP connection, held in the hand: what is sent goes on this one and no other, bytes may be wrong, and it can be
 * dropped in the middle.
 */
public final class RawConnection implements AutoCloseable {

    private static final int BODY_MAX_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 1 << 16;

    private final URI url;
    private final Transcript transcript;
    private final Browser browser;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** A response, taken apart. Names of headers are in lower case. */
    public record Response(int status, Map<String, String> headers, String body) {
        @Override
        public String toString() {
            return "HTTP " + status + " " + body;
        }
    }

    private RawConnection(URI url, Transcript transcript, Browser browser, Socket socket) throws IOException {
        this.url = url;
        this.transcript = transcript;
        this.browser = browser;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static RawConnection open(URI url, Transcript transcript, Outages outages, Browser browser, long patienceMs)
            throws IOException {
        boolean tls = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(url.getHost(), port), (int) patienceMs);
            socket.setSoTimeout((int) patienceMs);
            if (tls) {
                socket = ((SSLSocketFactory) SSLSocketFactory.getDefault())
                        .createSocket(socket, url.getHost(), port, true);
            }
            return new RawConnection(url, transcript, browser, socket);
        } catch (IOException e) {
            if (e instanceof ConnectException) {
                outages.notice();
            }
            socket.close();
            throw e;
        }
    }

    /** Posts a body of the endpoint and waits for the response. */
    public Response post(byte[] body) throws IOException {
        sendPost(body);
        return read();
    }

    public void sendPost(byte[] body) throws IOException {
        String head = "POST " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + cookie() + "\r\n\r\n";
        transcript.began("POST " + url + " on a connection of its own", head + shown(body));
        write(head.getBytes(StandardCharsets.US_ASCII));
        try {
            for (int at = 0; at < body.length && in.available() == 0; at += PIECE_BYTES) {
                out.write(body, at, Math.min(PIECE_BYTES, body.length - at));
                out.flush();
            }
        } catch (IOException closedWhileSending) {
            // A server may answer, and close, before it has read what is too much. The answer is what counts.
            transcript.happened("writing ended early", closedWhileSending.toString());
        }
    }

    /** Sends a GET of the endpoint with a query, and waits for nothing. */
    public void sendGet(String query) throws IOException {
        String head =
                "GET " + url.getRawPath() + query + " HTTP/1.1\r\nHost: " + url.getAuthority() + cookie() + "\r\n\r\n";
        transcript.began("GET " + url + query + " on a connection of its own", head);
        write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private String cookie() {
        String cookie = browser.cookieHeader();
        return cookie.isEmpty() ? "" : "\r\nCookie: " + cookie;
    }

    public Response read() throws IOException {
        String statusLine = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] header = line.split(":", 2);
            headers.merge(header[0].toLowerCase(Locale.ROOT), header[1].strip(), (a, b) -> a + ", " + b);
        }
        String body = new String(body(headers), StandardCharsets.UTF_8);
        transcript.happened("response on that connection", statusLine + "\n" + headers + "\n\n" + body);
        return new Response(Integer.parseInt(statusLine.split(" ")[1]), headers, body);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(exactly(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";")[0].strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        if (length > BODY_MAX_BYTES) {
            throw new IOException("a response of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the response ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed without a response");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String shown(byte[] body) {
        return body.length > BODY_MAX_BYTES
                ? "(" + body.length + " bytes)"
                : new String(body, StandardCharsets.ISO_8859_1);
    }

    /** Drops the connection, whatever was going on. */
    @Override
    public void close() throws IOException {
        transcript.happened("the connection of its own was dropped", "");
        socket.close();
    }
}
