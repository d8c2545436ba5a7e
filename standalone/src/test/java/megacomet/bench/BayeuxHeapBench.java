package megacomet.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.embedded.RedisServer;

/**
 * How much of a gateway's heap a Bayeux session takes whose connect is held: {@value #DEFAULT_SESSIONS} sessions over
 * long-polling, each with a cookie of its own and a subscription to a channel that all share, and the live heap after a full
 * collection compared with that before the first of them.
 *
 * <p>{@code make bench-bayeux-heap} runs it. What it leaves out: the kernel's memory for sockets, memory beside the heap, and
 * Redis.
 */
public final class BayeuxHeapBench {

    private static final int DEFAULT_SESSIONS = 10_000;
    private static final double LIMIT_KB = 4.5;
    private static final int WARM_UP_SESSIONS = 200;
    private static final Pattern CLIENT_ID = Pattern.compile("\"clientId\":\"(\\w+)\"");
    private static final Pattern COOKIE = Pattern.compile("(?i)set-cookie: ([^;]+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private BayeuxHeapBench() {}

    public static void main(String[] arguments) throws Exception {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_SESSIONS;
        boolean isWithin;
        try (RedisServer redis = RedisServer.start();
                MeasuredGateway gateway = MeasuredGateway.start(
                        redis.url(),
                        "--bayeux-timeout",
                        "10m",
                        "--bayeux-max-interval",
                        "10m",
                        "--bayeux-handshake-rate",
                        "100000")) {
            List<Socket> first = open(WARM_UP_SESSIONS);
            gateway.awaitHolds(WARM_UP_SESSIONS);
            for (Socket browser : first) {
                browser.close();
            }
            gateway.awaitHolds(0);
            long before = gateway.liveBytes();
            List<Socket> browsers = open(sessions);
            gateway.awaitHolds(sessions);
            long after = gateway.liveBytes();
            isWithin = gateway.report("Bayeux sessions held", "session", sessions, before, after, LIMIT_KB);
            for (Socket browser : browsers) {
                browser.close();
            }
        }
        if (!isWithin) {
            System.exit(1);
        }
    }

    private static List<Socket> open(int count) throws IOException {
        List<Socket> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            browsers.add(session());
        }
        return browsers;
    }

    /** A session whose second connect waits for its answer. */
    private static Socket session() throws IOException {
        Socket browser = new Socket();
        browser.connect(new InetSocketAddress("127.0.0.1", MeasuredGateway.PORT));
        browser.setTcpNoDelay(true);
        String hello = exchange(
                browser,
                "",
                "[{\"channel\":\"/meta/handshake\",\"id\":\"1\",\"version\":\"1.0\","
                        + "\"supportedConnectionTypes\":[\"long-polling\"]}]");
        String clientId = found(CLIENT_ID, hello);
        String cookie = "Cookie: " + found(COOKIE, hello) + "\r\n";
        String of = "\"clientId\":\"" + clientId + "\"";
        exchange(
                browser,
                cookie,
                "[{\"channel\":\"/meta/subscribe\",\"id\":\"2\"," + of + ",\"subscription\":\"/news\"}]");
        String connect =
                "[{\"channel\":\"/meta/connect\",\"id\":\"3\"," + of + ",\"connectionType\":\"long-polling\"}]";
        exchange(browser, cookie, connect);
        write(browser, cookie, connect.replace("\"3\"", "\"4\""));
        return browser;
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static String exchange(Socket browser, String cookie, String body) throws IOException {
        write(browser, cookie, body);
        InputStream in = browser.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head
                + new String(in.readNBytes(Integer.parseInt(found(LENGTH, head.toString()))), StandardCharsets.UTF_8);
    }

    /** As Chromium sends it. */
    private static void write(Socket browser, String cookie, String body) throws IOException {
        String request = "POST /bayeux HTTP/1.1\r\n"
                + "Host: localhost:" + MeasuredGateway.PORT + "\r\n"
                + "Connection: keep-alive\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
                + " Safari/537.36\r\n"
                + "Accept: */*\r\n"
                + "Origin: http://localhost:" + MeasuredGateway.PORT + "\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                + "Accept-Language: en-US,en;q=0.9\r\n"
                + cookie
                + "\r\n"
                + body;
        browser.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
}
