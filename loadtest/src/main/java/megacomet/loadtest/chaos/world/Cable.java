package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node's connections to Redis go through, so that the network between the two can fail. What was under way then arrives
 * when it is whole again, as TCP has it.
 *
 * <p>Any thread may use it; each connection has two of its own, which end with it.
 */
public final class Cable implements AutoCloseable {

    private static final int CHUNK_BYTES = 16_384;

    /** What becomes of what is sent. */
    public enum State {
        /** It arrives. */
        WHOLE("is whole"),
        /** Nothing passes; connections stay open. */
        SILENT("lets nothing pass"),
        /** Commands arrive and are done; their answers do not. */
        ONE_WAY("lets no answer pass"),
        /** Connections are closed, and new ones as soon as they are made. */
        BROKEN("closes every connection");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** As of a cable that is so. */
        public String words() {
            return words;
        }
    }

    private final ServerSocket entrance;
    private final int redisPort;
    private final List<Socket> open = new ArrayList<>();
    private State state = State.WHOLE;

    /** Begins to serve. */
    Cable(int redisPort) throws IOException {
        this.redisPort = redisPort;
        entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + entrance.getLocalPort();
    }

    public synchronized void set(State wanted) {
        state = wanted;
        if (state == State.BROKEN) {
            List.copyOf(open).forEach(this::end);
        }
        notifyAll();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException alreadyClosed) {
            // That is what is wanted.
        }
        set(State.BROKEN);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket node = entrance.accept();
                connect(node);
            } catch (IOException closed) {
                // This one, or the entrance; then nobody comes any more.
            }
        }
    }

    private void connect(Socket node) throws IOException {
        if (!opened(node)) {
            return;
        }
        Socket redis;
        try {
            redis = new Socket(InetAddress.getLoopbackAddress(), redisPort);
        } catch (IOException redisIsAway) {
            end(node);
            return;
        }
        if (!opened(redis)) {
            end(node);
            return;
        }
        node.setTcpNoDelay(true);
        redis.setTcpNoDelay(true);
        start(() -> pump(node, redis, false));
        start(() -> pump(redis, node, true));
    }

    private void pump(Socket from, Socket to, boolean areAnswers) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                awaitPassage(areAnswers);
                out.write(chunk, 0, length);
            }
            awaitPassage(areAnswers); // Nor does anybody learn of the end while nothing passes.
        } catch (IOException closed) {
            // By one of the two, or cut.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from);
            end(to);
        }
    }

    private synchronized void awaitPassage(boolean isAnswer) throws InterruptedException {
        while (state == State.SILENT || state == State.ONE_WAY && isAnswer) {
            wait();
        }
    }

    private synchronized boolean opened(Socket socket) {
        open.add(socket);
        if (state == State.BROKEN) {
            end(socket);
            return false;
        }
        return true;
    }

    private synchronized void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is what is wanted.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cable");
        thread.setDaemon(true);
        thread.start();
    }
}
