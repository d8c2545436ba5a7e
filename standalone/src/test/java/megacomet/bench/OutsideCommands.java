package megacomet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import megacomet.embedded.RedisServer;

/** Counts the commands that come to a Redis from outside, and so not those that scripts carry out ({@code MONITOR}). */
final class OutsideCommands implements AutoCloseable {

    private final Socket socket;
    private final AtomicLong count = new AtomicLong();

    OutsideCommands(RedisServer redis) throws IOException {
        socket = new Socket("127.0.0.1", redis.port());
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
        if (!"+OK".equals(lines.readLine())) {
            throw new IOException("Redis lets nobody MONITOR");
        }
        Thread reader = new Thread(() -> read(lines), "outside-commands");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // +1700000000.000000 [0 lua] "GET" …
                if (!line.startsWith(" lua]", line.indexOf(' ') + 3)) {
                    count.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // by us, or with Redis
        }
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
