package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A gateway or a publisher as a process of its own, on ports that stay the same when it is started again.
 *
 * <p>Faults use it from one thread; others may ask about it meanwhile.
 */
public final class Server {

    private static final long READY_TIMEOUT_MS = 60_000;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_TIMEOUT)
            .build();

    private final String name;
    private final List<String> command;
    private final int port;
    private final int managementPort;
    private final Path log;
    private volatile Leash leash;
    private volatile boolean isMeantToEnd;
    private volatile int starts;

    /**
     * @param name what it is called in timelines
     * @param command all but its ports
     * @param portOption the option for the port that it serves
     */
    Server(String name, List<String> command, String portOption, Path folder) {
        this.name = name;
        port = Ports.free();
        managementPort = Ports.free();
        log = folder.resolve(name + ".log");
        this.command = new ArrayList<>(command);
        this.command.addAll(List.of(portOption, "" + port, "--management-port", "" + managementPort));
    }

    public String name() {
        return name;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Where it answers operators. */
    public int managementPort() {
        return managementPort;
    }

    /** How many lines it has said in its log. */
    public long logLines() {
        try (var lines = Files.lines(log)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return leash.pid();
    }

    /** Whether it is the process that was started first. */
    public boolean hasSurvived() {
        return starts == 1 && leash.isAlive();
    }

    /** Whether it has ended and nobody meant it to. */
    public boolean hasDied() {
        return !leash.isAlive() && !isMeantToEnd;
    }

    /** What it said last. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What it says of itself to operators, in Prometheus's format. */
    public String metrics() throws IOException, InterruptedException {
        return ask("/metrics", HttpResponse.BodyHandlers.ofString()).body();
    }

    // ---- what is done to it

    /** Starts it, without waiting until it is ready. */
    public void start() throws IOException {
        start(Map.of());
    }

    /** Starts it with further variables in its environment. */
    public void start(Map<String, String> variables) throws IOException {
        isMeantToEnd = false;
        starts++;
        leash = Leash.start(log, command, variables);
    }

    public void awaitReady() throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_TIMEOUT_MS);
        while (!isReady()) {
            if (!leash.isAlive() || System.nanoTime() > endNanos) {
                throw new IOException(name + " did not get ready: " + lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** SIGKILL: it has no chance to say anything. */
    public void kill() throws IOException, InterruptedException {
        isMeantToEnd = true;
        leash.signal("KILL");
        leash.awaitEnd(READY_TIMEOUT_MS);
    }

    /** Kills it and starts another in its place, with further variables in its environment, and waits until that is ready. */
    public void replace(Map<String, String> variables) throws IOException, InterruptedException {
        kill();
        start(variables);
        awaitReady();
    }

    /** SIGSTOP: its connections stay open, and nothing is answered. */
    public void pause() throws IOException, InterruptedException {
        leash.signal("STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        leash.signal("CONT");
    }

    /** SIGTERM: it drains. Returns its exit code, or -1 if it has not ended in time. */
    public int terminate(long timeoutMs) throws IOException, InterruptedException {
        isMeantToEnd = true;
        leash.signal("TERM");
        return leash.awaitEnd(timeoutMs);
    }

    /** Ends it for good. */
    public void close() {
        isMeantToEnd = true;
        if (leash != null) {
            leash.close();
        }
    }

    void awaitEnd() throws InterruptedException {
        if (leash != null) {
            leash.awaitEnd(READY_TIMEOUT_MS);
        }
    }

    /** Whether it says that it can serve. */
    public boolean isReady() throws InterruptedException {
        try {
            return ask("/health/ready", HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private <T> HttpResponse<T> ask(String path, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(ANSWER_TIMEOUT)
                .build();
        return HTTP.send(question, body);
    }
}
