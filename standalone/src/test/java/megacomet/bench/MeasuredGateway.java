package megacomet.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.fixture.LiveHeap;
import megacomet.loadtest.machine.Proc;

/** A gateway in a process of its own, whose heap and CPU are looked at. */
final class MeasuredGateway implements AutoCloseable {

    static final int PORT = 18_080;

    private static final int MANAGEMENT_PORT = 18_090;

    /** Seldom, because the answer is work for the gateway. */
    private static final int LOOK_EVERY_MS = 200;

    private final Process process;

    private MeasuredGateway(Process process) {
        this.process = process;
    }

    /** Starts one and waits until it is ready. */
    static MeasuredGateway start(String redisUrl, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "bin/megacomet",
                "gateway",
                "--open",
                "--redis-url",
                redisUrl,
                "--port",
                "" + PORT,
                "--management-port",
                "" + MANAGEMENT_PORT,
                "--log-level",
                "warn"));
        command.addAll(List.of(more));
        MeasuredGateway gateway =
                new MeasuredGateway(new ProcessBuilder(command).inheritIO().start());
        awaitReady(MANAGEMENT_PORT);
        return gateway;
    }

    /** Waits until the process whose management port this is says that it is ready. */
    static void awaitReady(int managementPort) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            try {
                if (get(managementPort, "/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // again
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("nothing became ready on port " + managementPort);
    }

    /** Waits until so many browsers wait. */
    void awaitHolds(int holds) throws Exception {
        for (int i = 0; i < 60_000 / LOOK_EVERY_MS; i++) {
            Matcher metric = Pattern.compile("(?m)^megacomet_holds (\\S+)$")
                    .matcher(get(MANAGEMENT_PORT, "/metrics").body());
            if (metric.find() && Double.parseDouble(metric.group(1)) == holds) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
        throw new IllegalStateException("there were never " + holds + " holds");
    }

    /** Returns the CPU that it has taken since its start. */
    double cpuSeconds() {
        return Proc.cpuSeconds(process.pid());
    }

    /** Returns how many bytes of its heap are live. */
    long liveBytes() throws Exception {
        return LiveHeap.bytes(process.pid());
    }

    /**
     * Prints what one of {@code count} takes, and whether that is too much.
     *
     * @param whats what they are, and {@code what} one of them
     * @param beforeBytes what was live when there were none
     * @return whether it is as little as is allowed
     */
    boolean report(String whats, String what, int count, long beforeBytes, long afterBytes, double limitKb)
            throws Exception {
        double kb = (afterBytes - beforeBytes) / 1024.0 / count;
        System.out.printf(
                "%s, Java %s: %,d %s, live heap %,d -> %,d bytes, %.2f KB a %s%n",
                LocalDate.now(), javaVersion(), count, whats, beforeBytes, afterBytes, kb, what);
        boolean isWithin = kb <= limitKb;
        if (!isWithin) {
            System.out.printf("TOO MUCH: at most %.1f KB is allowed%n", limitKb);
        }
        return isWithin;
    }

    String javaVersion() throws Exception {
        return LiveHeap.jcmd(process.pid(), "VM.version")
                .lines()
                .skip(1)
                .findFirst()
                .orElse("?");
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(15, TimeUnit.SECONDS);
    }
}
