package megacomet.loadtest.siege.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.siege.attacker.Deadline;
import megacomet.loadtest.wire.WebSocketFrames;

/** A WebSocket of an attacker (RFC 6455), with frames as he likes them. One thread's. */
public final class Socket implements Closeable {

    private static final int SWITCHING = 101;
    private static final int COMPRESSED = 0x40;
    private static final int MOST_HEAD_BYTES = 14;
    private static final int LOOK_MS = 2;
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: bWVnYWNvbWV0IHNpZWdlMQ==";

    private final Peer peer;
    private String closed;

    private Socket(Peer peer) {
        this.peer = peer;
    }

    /**
     * Opens one.
     *
     * @param headers beside those of the upgrade
     * @throws IOException if it is refused; the message is how
     */
    public static Socket open(int port, String path, Deadline deadline, String... headers)
            throws IOException, InterruptedException {
        Peer peer = Peer.connect(port);
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = UPGRADE;
        peer.send(Requests.get(path, all), deadline);
        Reply reply = peer.reply(deadline);
        if (reply == null || reply.status() != SWITCHING) {
            peer.close();
            throw new IOException(reply == null ? "no answer" : reply.said());
        }
        return new Socket(peer);
    }

    public boolean send(String text, Deadline deadline) throws InterruptedException {
        return peer.send(frame(WebSocketFrames.TEXT, text.getBytes(StandardCharsets.UTF_8)), deadline);
    }

    /** Sends a frame whose payload is compressed already (RFC 7692). */
    public boolean sendCompressed(byte[] payload, Deadline deadline) throws InterruptedException {
        return peer.send(frame(COMPRESSED | WebSocketFrames.TEXT, payload), deadline);
    }

    /** The next text; null if none comes before it is closed or the time is over. Other frames are passed over. */
    public String next(Deadline deadline) throws InterruptedException {
        while (true) {
            String text = poll();
            if (text != null || isClosed() || deadline.isOver()) {
                return text;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    /** A text that has come, or null. */
    public String poll() {
        peer.look();
        while (closed == null) {
            byte[] got = peer.got();
            int head = headLength(got);
            long length = head < 0 ? 0 : length(got, head);
            if (head < 0 || got.length < head + length) {
                return null;
            }
            peer.discard(head + (int) length);
            int opcode = got[0] & 0x0f;
            if (opcode == WebSocketFrames.TEXT) {
                return new String(got, head, (int) length, StandardCharsets.UTF_8);
            }
            if (opcode == WebSocketFrames.CLOSE) {
                closed = length < 2
                        ? "closed"
                        : "closed " + (ByteBuffer.wrap(got, head, 2).getShort() & 0xffff);
            }
        }
        return null;
    }

    public boolean isClosed() {
        return closed != null || peer.isClosed();
    }

    /** How it was closed: with a code, or simply cut. */
    public String ending() {
        return closed != null ? closed : peer.isClosed() ? "cut" : "open";
    }

    @Override
    public void close() {
        peer.close();
    }

    private static int headLength(byte[] got) {
        if (got.length < 2) {
            return -1;
        }
        int length = got[1] & 0x7f;
        int head = length == 127 ? 10 : length == 126 ? 4 : 2;
        return got.length < head ? -1 : head;
    }

    private static long length(byte[] got, int head) {
        if (head == 2) {
            return got[1] & 0x7f;
        }
        return head == 4
                ? ByteBuffer.wrap(got, 2, 2).getShort() & 0xffff
                : ByteBuffer.wrap(got, 2, 8).getLong();
    }

    private static byte[] frame(int opcode, byte[] payload) {
        ByteBuf frame = Unpooled.buffer(MOST_HEAD_BYTES + payload.length);
        WebSocketFrames.write(opcode, payload, frame);
        return ByteBufUtil.getBytes(frame);
    }
}
