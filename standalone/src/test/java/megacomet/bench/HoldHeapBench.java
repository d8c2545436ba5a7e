package megacomet.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import megacomet.embedded.RedisServer;

/**
 * How much of a gateway's heap an idle poll takes: a gateway process holds {@value #DEFAULT_POLLS} polls with seven ordinary
 * request headers, and its live heap after a full collection is compared with that before the first of them.
 *
 * <p>{@code make bench-hold-heap} runs it. What it leaves out: the kernel's memory for sockets, and memory beside the heap.
 */
public final class HoldHeapBench {

    private static final int DEFAULT_POLLS = 19_000;
    private static final int PORT = HeapOfGateway.PORT;

    private HoldHeapBench() {}

    public static void main(String[] arguments) throws Exception {
        int polls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_POLLS;
        double limitKb = Runtime.version().feature() >= 25 ? 3.2 : 3.6;
        boolean isWithin;
        try (RedisServer redis = RedisServer.start();
                HeapOfGateway gateway = HeapOfGateway.start(redis.url(), "--hold-timeout", "10m")) {
            warmUp(gateway);
            long before = gateway.liveBytes();
            List<SocketChannel> browsers = open(polls);
            gateway.awaitHolds(polls);
            long after = gateway.liveBytes();
            isWithin = gateway.report("idle polls", "poll", polls, before, after, limitKb);
            browsers.forEach(HoldHeapBench::close);
        }
        if (!isWithin) {
            System.exit(1);
        }
    }

    /** Loads the classes and fills the pools that the first few polls need. */
    private static void warmUp(HeapOfGateway gateway) throws Exception {
        List<SocketChannel> first = open(200);
        gateway.awaitHolds(200);
        first.forEach(HoldHeapBench::close);
        gateway.awaitHolds(0);
    }

    private static List<SocketChannel> open(int count) throws IOException {
        List<SocketChannel> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel browser = SocketChannel.open(new InetSocketAddress("127.0.0.1", PORT));
            browser.write(ByteBuffer.wrap(request(i).getBytes(StandardCharsets.US_ASCII)));
            browsers.add(browser);
        }
        return browsers;
    }

    /** As Chromium sends it. */
    private static String request(int client) {
        return "GET /v1/poll?client=user-" + client + "&timeoutMs=600000&conn=k3j5h2g4&n=1 HTTP/1.1\r\n"
                + "Host: localhost:" + PORT + "\r\n"
                + "Connection: keep-alive\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                + " Safari/537.36\r\n"
                + "Accept: */*\r\n"
                + "Referer: http://localhost:" + PORT + "/\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                + "Accept-Language: en-US,en;q=0.9\r\n"
                + "\r\n";
    }

    private static void close(SocketChannel browser) {
        try {
            browser.close();
        } catch (IOException alreadyClosed) {
            // that is what we want
        }
    }
}
