package megacomet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, whose heap is looked at. */
final class HeapOfGateway implements AutoCloseable {

    static final int PORT = 18_080;

    private static final int MANAGEMENT_PORT = 18_090;
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern FILLER = Pattern.compile("\\d+\\s+(\\d+)\\s+\\[Ljdk\\.internal\\.vm\\.FillerElement");

    private final Process process;

    private HeapOfGateway(Process process) {
        this.process = process;
    }

    /** Starts one and waits until it is ready. */
    static HeapOfGateway start(String redisUrl, String... more) throws Exception {
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
        HeapOfGateway gateway =
                new HeapOfGateway(new ProcessBuilder(command).inheritIO().start());
        gateway.awaitReady();
        return gateway;
    }

    private void awaitReady() throws Exception {
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

    /** Waits until so many browsers wait. */
    void awaitHolds(int holds) throws Exception {
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

    /** Returns how many bytes of its heap are live. */
    long liveBytes() throws Exception {
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            String histogram = jcmd("GC.class_histogram");
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

    private String javaVersion() throws Exception {
        return jcmd("VM.version").lines().skip(1).findFirst().orElse("?");
    }

    private String jcmd(String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked = new ProcessBuilder(jcmd.toString(), "" + process.pid(), command)
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(asked.getInputStream()))) {
            out.lines().forEach(line -> said.append(line).append('\n'));
        }
        asked.waitFor();
        return said.toString();
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
