package megacomet.loadtest.siege.attacks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import megacomet.loadtest.siege.Attack;
import megacomet.loadtest.siege.Besieged;
import megacomet.loadtest.siege.Deadline;
import megacomet.loadtest.siege.Outcome;
import megacomet.loadtest.siege.Spoils;
import megacomet.loadtest.siege.peer.Peer;

/** HTTP/2 requests whose header values have CR, LF or NUL (RFC 9113, section 8.2.1): malformed, a stream error. */
final class Http2Values implements Attack {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final long ANSWER_MS = 1_000;
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
    public boolean mustBeCounted() {
        return false; // A malformed request is nobody's.
    }

    @Override
    public Outcome run(Besieged target, Deadline deadline) throws Exception {
        Spoils spoils = new Spoils();
        for (String value : new String[] {"a\r\nb: c", "a\nb", "a\0b"}) {
            spoils.sent(value.length());
            try (Peer peer = Peer.connect(target.gateway())) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
                frame(out, SETTINGS, 0, 0, new byte[0]);
                frame(out, HEADERS, END_STREAM_AND_HEADERS, 1, headers(value));
                peer.send(out.toByteArray(), deadline);
                String ending = ending(peer);
                spoils.ended(ending);
                if (ending.equals("answered")) {
                    spoils.gained("a header value with a control character was taken");
                }
            }
        }
        return spoils.outcome();
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
    private static String ending(Peer peer) throws InterruptedException {
        Deadline deadline = Deadline.in(ANSWER_MS);
        do {
            peer.look();
            byte[] got = peer.got();
            for (int at = 0; at + HEAD_BYTES <= got.length; ) {
                int length = (got[at] & 0xff) << 16 | (got[at + 1] & 0xff) << 8 | got[at + 2] & 0xff;
                switch (got[at + 3]) {
                    case HEADERS, DATA -> {
                        return "answered";
                    }
                    case RST_STREAM -> {
                        return "stream error";
                    }
                    case GOAWAY -> {
                        return "connection error";
                    }
                    default -> at += HEAD_BYTES + length;
                }
            }
            deadline.pause(5);
        } while (!deadline.isOver() && !peer.isClosed());
        return peer.isClosed() ? Outcome.CUT : "no answer";
    }
}
