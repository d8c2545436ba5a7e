package megacomet.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Browsers that have sent a gateway a poll as Chromium would, and wait. */
public final class IdlePolls implements AutoCloseable {

    private final int port;
    private final String prefix;
    private final List<SocketChannel> browsers = new ArrayList<>();

    private IdlePolls(int port, String prefix) {
        this.port = port;
        this.prefix = prefix;
    }

    /**
     * Opens them.
     *
     * @param port the gateway's
     * @param prefix with what their client ids begin
     */
    public static IdlePolls open(int port, String prefix, int count) throws IOException {
        IdlePolls polls = new IdlePolls(port, prefix);
        polls.come(count);
        return polls;
    }

    /** Opens more of them. */
    void come(int more) throws IOException {
        for (int last = browsers.size() + more; browsers.size() < last; ) {
            SocketChannel browser = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            browser.write(ByteBuffer.wrap(
                    request(port, prefix + "-" + browsers.size()).getBytes(StandardCharsets.US_ASCII)));
            browsers.add(browser);
        }
    }

    private static String request(int port, String client) {
        return "GET /v1/poll?client=" + client + "&timeoutMs=600000&conn=k3j5h2g4&n=1 HTTP/1.1\r\n"
                + "Host: localhost:" + port + "\r\n"
                + "Connection: keep-alive\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                + " Safari/537.36\r\n"
                + "Accept: */*\r\n"
                + "Referer: http://localhost:" + port + "/\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                + "Accept-Language: en-US,en;q=0.9\r\n"
                + "\r\n";
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel browser : browsers) {
            browser.close();
        }
    }
}
