package megacomet.loadtest.siege.peer;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.siege.attacker.Deadline;

/**
 * A connection of an attacker: bytes out, bytes in, and nothing that a client would do by itself. It never blocks longer than its
 * deadline, whatever the server does or leaves undone. One thread's.
 *
 * <p>It comes from an address of its own in 127.0.0.0/8, so that what the server allows each address is not shared with honest browsers.
 */
public final class Peer implements Closeable {

    /** A receive buffer as the system has it. */
    public static final int USUAL_BUFFER = 0;

    private static final byte[] SERVER = {127, 0, 0, 1};
    private static final byte[] ATTACKER = {127, 0, 66, 1};
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int LOOK_MS = 2;
    private static final int MOST_KEPT_BYTES = 32 << 20;

    /** In one look, so that a server that sends faster than is read does not keep us there. */
    private static final int MOST_READS = 16;

    private final SocketChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocate(64 << 10);
    private byte[] got = new byte[1 << 10];
    private int size;
    private boolean isClosed;

    private Peer(SocketChannel channel) {
        this.channel = channel;
    }

    public static Peer connect(int port) throws IOException {
        return connect(port, USUAL_BUFFER);
    }

    /**
     * Connects to a port of this machine.
     *
     * @param receiveBufferBytes small for one who does not mean to read
     * @throws IOException if nobody takes the connection in time
     */
    public static Peer connect(int port, int receiveBufferBytes) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            if (receiveBufferBytes != USUAL_BUFFER) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(ATTACKER), 0));
            channel.socket().connect(new InetSocketAddress(InetAddress.getByAddress(SERVER), port), CONNECT_TIMEOUT_MS);
            channel.configureBlocking(false);
            return new Peer(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes as much as goes out now, and returns whether the connection is still there. */
    public boolean offer(ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException reset) {
            isClosed = true;
        }
        return !isClosed;
    }

    /** Writes all of it; returns false if the connection was cut or the time was over before. */
    public boolean send(byte[] bytes, Deadline deadline) throws InterruptedException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (offer(rest) && rest.hasRemaining()) {
            if (deadline.isOver()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return !isClosed;
    }

    public boolean send(String text, Deadline deadline) throws InterruptedException {
        return send(text.getBytes(StandardCharsets.UTF_8), deadline);
    }

    /** Takes in what has come, and returns whether the connection is still there. */
    public boolean look() {
        try {
            for (int i = 0; i < MOST_READS && !isClosed; i++) {
                int read = channel.read(incoming.clear());
                if (read < 0) {
                    isClosed = true;
                } else if (read == 0) {
                    break;
                } else {
                    keep(read);
                }
            }
        } catch (IOException reset) {
            isClosed = true;
        }
        return !isClosed;
    }

    /** The next HTTP response; null if none comes whole before the connection ends or the time is over. */
    public Reply reply(Deadline deadline) throws InterruptedException {
        while (true) {
            boolean isOpen = look();
            Reply reply = Reply.in(got, size);
            if (reply != null) {
                discard(reply.length());
                return reply;
            }
            if (!isOpen || deadline.isOver()) {
                return null;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    /** Waits until the server has closed the connection, reading whatever it says; returns whether it has. */
    public boolean awaitClosed(Deadline deadline) throws InterruptedException {
        while (look()) {
            if (deadline.isOver()) {
                return false;
            }
            size = 0;
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return true;
    }

    /** Waits until anything has come, or the connection is closed. */
    public void awaitSome(Deadline deadline) throws InterruptedException {
        while (look() && size == 0 && !deadline.isOver()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    /** Whether it was found to be closed so far. */
    public boolean isClosed() {
        return isClosed;
    }

    /** What has come and was not taken. */
    public byte[] got() {
        return Arrays.copyOf(got, size);
    }

    /** Takes away the first bytes of what has come. */
    void discard(int bytes) {
        System.arraycopy(got, bytes, got, 0, size - bytes);
        size -= bytes;
    }

    /** What has come of it so far, as text. */
    public String text() {
        return new String(got, 0, size, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // That is what is wanted.
        }
    }

    private void keep(int bytes) {
        if (size + bytes > MOST_KEPT_BYTES) {
            throw new IllegalStateException("more than " + MOST_KEPT_BYTES + " bytes came and nobody took them");
        }
        if (size + bytes > got.length) {
            got = Arrays.copyOf(got, Math.max(2 * got.length, size + bytes));
        }
        incoming.flip().get(got, size, bytes);
        size += bytes;
    }
}
