package megacomet.loadtest.siege.attacks;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import megacomet.loadtest.siege.attacker.Attack;
import megacomet.loadtest.siege.attacker.Besieged;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.siege.attacker.Outcome;
import megacomet.loadtest.siege.attacker.Spoils;
import megacomet.loadtest.siege.peer.Tls;

/** HTTP/2 requests whose header values have CR, LF or NUL (RFC 9113, section 8.2.1): malformed, a stream error. */
final class Http2Values implements Attack {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String ANSWERED = "answered";
    private static final int ANSWER_MS = 3_000;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM_AND_HEADERS = 0x5;
    private static final int HEAD_BYTES = 9;
    private static final int GET_INDEXED = 0x82;
    private static final int HTTP_INDEXED = 0x86;
    private static final int AUTHORITY_NAME = 0x01;
    private static final int PATH_NAME = 0x04;

    @Override
    public String name() {
        return "http2-values";
    }

    @Override
    public String description() {
        return "HTTP/2 header values with CR, LF and NUL: malformed, not answered";
    }

    @Override
    public Needs needs() {
        return Needs.A_TLS_GATEWAY;
    }

    @Override
    public boolean mustBeCounted() {
        return false; // A malformed request is nobody's.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        for (String value : List.of("a\r\nb: c", "a\nb", "a\0b")) {
            spoils.sent(value.length());
            String ending = ask(target, value);
            spoils.ended(ending);
            if (ending.equals(ANSWERED)) {
                spoils.gained("a header value with a control character was taken");
            }
        }
        if (!ask(target, "ab").equals(ANSWERED)) {
            throw new IOException("no request was answered by HTTP/2, so that nothing is known of malformed ones");
        }
        return spoils.outcome();
    }

    private static String ask(Besieged target, String value) throws IOException {
        try (SSLSocket socket = Tls.connect(target.further(), ANSWER_MS)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, headers(value));
            socket.getOutputStream().write(out.toByteArray());
            return ending(new DataInputStream(socket.getInputStream()));
        }
    }

    /** HPACK (RFC 7541): indexed fields, and literals without indexing or Huffman's code. */
    private static byte[] headers(String value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(GET_INDEXED);
        out.write(HTTP_INDEXED);
        literal(out, AUTHORITY_NAME, "localhost");
        literal(out, PATH_NAME, "/v1/poll?timeoutMs=0");
        out.write(0);
        text(out, "x-value");
        text(out, value);
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int name, String value) throws IOException {
        out.write(name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) throws IOException {
        out.write(text.length());
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.write(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        out.write(new byte[] {0, 0, 0, (byte) stream});
        out.write(payload);
    }

    /** What the first frame says that concerns the stream. */
    private static String ending(DataInputStream in) throws IOException {
        try {
            while (true) {
                int lengthAndType = in.readInt();
                in.skipNBytes(HEAD_BYTES - Integer.BYTES);
                switch (lengthAndType & 0xff) {
                    case HEADERS, DATA -> {
                        return ANSWERED;
                    }
                    case RST_STREAM -> {
                        return "stream error";
                    }
                    case GOAWAY -> {
                        return "connection error";
                    }
                    default -> in.skipNBytes(lengthAndType >>> Byte.SIZE);
                }
            }
        } catch (EOFException | SocketException cut) {
            return Outcome.CUT;
        } catch (SocketTimeoutException nothing) {
            return "no answer";
        }
    }
}
