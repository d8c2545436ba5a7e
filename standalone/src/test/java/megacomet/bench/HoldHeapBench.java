package megacomet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.embedded.RedisServer;

/**
 * How much of a gateway's heap an idle poll takes: a gateway process holds {@value #DEFAULT_POLLS} polls with seven ordinary
 * request headers, and its live heap after a full collection is compared with that before the first of them.
 *
 * <p>{@code make bench-hold-heap} runs it. What it leaves out: the kernel's memory for sockets, and memory beside the heap.
 */
public final class HoldHeapBench {

    private static final int DEFAULT_POLLS = 19_000;
    private static final int PORT = 18_080;
    private static final int MANAGEMENT_PORT = 18_090;
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private static final Pattern FILLER = Pattern.compile("\\d+\\s+(\\d+)\\s+\\[Ljdk\\.internal\\.vm\\.FillerElement");

    private HoldHeapBench() {}

    public static void main(String[] arguments) throws Exception {
        int polls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_POLLS;
        double limitKb = Runtime.version().feature() >= 25 ? 3.2 : 3.6;
        try (RedisServer redis = RedisServer.start()) {
            Process gateway = startGateway(redis.url());
            try {
                awaitReady();
                warmUp();
                long before = liveHeapBytes(gateway.pid());
                List<SocketChannel> browsers = open(polls);
                awaitHolds(polls);
                long after = liveHeapBytes(gateway.pid());
                double kb = (after - before) / 1024.0 / polls;
                System.out.printf(
                        "%s, Java %s: %,d idle polls, live heap %,d -> %,d bytes, %.2f KB a poll%n",
                        LocalDate.now(), javaVersion(gateway.pid()), polls, before, after, kb);
                browsers.forEach(HoldHeapBench::close);
                if (kb > limitKb) {
                    System.out.printf("TOO MUCH: at most %.1f KB is allowed%n", limitKb);
                    System.exit(1);
                }
            } finally {
                gateway.destroy();
                gateway.waitFor(15, TimeUnit.SECONDS);
            }
        }
    }

    private static Process startGateway(String redisUrl) throws IOException {
        return new ProcessBuilder(
                        "bin/megacomet",
                        "gateway",
                        "--open",
                        "--redis-url",
                        redisUrl,
                        "--port",
                        "" + PORT,
                        "--management-port",
                        "" + MANAGEMENT_PORT,
                        "--hold-timeout",
                        "10m",
                        "--log-level",
                        "warn")
                .inheritIO()
                .start();
    }

    private static void awaitReady() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            try {
                if (get(MANAGEMENT_PORT, "/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // again
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("the gateway did not become ready");
    }

    /** Loads the classes and fills the pools that the first few polls need. */
    private static void warmUp() throws Exception {
        List<SocketChannel> first = open(200);
        awaitHolds(200);
        first.forEach(HoldHeapBench::close);
        awaitHolds(0);
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

    private static void awaitHolds(int holds) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Matcher metric = Pattern.compile("(?m)^megacomet_holds (\\S+)$")
                    .matcher(get(MANAGEMENT_PORT, "/metrics").body());
            if (metric.find() && Double.parseDouble(metric.group(1)) == holds) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("there were never " + holds + " holds");
    }

    private static long liveHeapBytes(long pid) throws Exception {
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            String histogram = jcmd(pid, "GC.class_histogram");
            Matcher total = TOTAL.matcher(histogram);
            if (!total.find()) {
                throw new IllegalStateException("jcmd printed no total");
            }
            // The parallel collector leaves holes where what died lay among what lives, and counts them here.
            Matcher filler = FILLER.matcher(histogram);
            long holes = filler.find() ? Long.parseLong(filler.group(1)) : 0;
            bytes = Math.min(bytes, Long.parseLong(total.group(1)) - holes);
        }
        return bytes;
    }

    private static String javaVersion(long pid) throws Exception {
        return jcmd(pid, "VM.version").lines().skip(1).findFirst().orElse("?");
    }

    private static String jcmd(long pid, String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), "" + pid, command)
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            out.lines().forEach(line -> said.append(line).append('\n'));
        }
        process.waitFor();
        return said.toString();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void close(SocketChannel browser) {
        try {
            browser.close();
        } catch (IOException alreadyClosed) {
            // that is what we want
        }
    }
}
