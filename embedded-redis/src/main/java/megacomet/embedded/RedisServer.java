package megacomet.embedded;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real Redis server as a child of this process, on loopback, without persistence.
 *
 * <p>It never outlives this process: a small shell holds the other end of a pipe, and when the pipe closes, even because
 * this process was killed, the shell ends the server. Data is lost when the server ends.
 *
 * <p>Methods block and may be called from any thread, but from one at a time.
 */
public final class RedisServer implements AutoCloseable {

    /** How long a server may take until it answers. */
    static final long START_TIMEOUT_MS = 30_000;

    /**
     * Another thread of this process has started a program just while the server's was being written, and that one had it
     * open for a moment.
     */
    private static final String BUSY = "Text file busy";

    private static final long STOP_TIMEOUT_MS = 3_000;
    private static final int PASSWORD_BYTES = 32;

    /**
     * $1 is the server's folder; the server's pid is told on standard output; when standard input ends, the server does, and
     * its folder is removed. It stays until the server is gone also when a terminal's Ctrl-C reaches both.
     */
    private static final String WATCHDOG = """
            trap '' INT TERM
            folder=$1; shift
            exec 3<&0
            "$@" </dev/null >>"$folder/log" 2>&1 3<&- &
            server=$!
            echo $server
            (read -r _ <&3; kill -9 $server; rm -rf "$folder") >/dev/null 2>&1 &
            watchdog=$!
            while kill -0 $server 2>/dev/null; do wait $server; code=$?; done
            kill -9 $watchdog 2>/dev/null
            wait $watchdog 2>/dev/null
            exit $code
            """;

    private final Path folder;
    private final int port;
    /** Or null, if whoever reaches the port may do anything. */
    private final String password;

    private final Map<String, String> environment;
    private final List<String> arguments;
    private Process watchdog;
    private long pid;

    private RedisServer(
            Path folder, int port, String password, Map<String, String> environment, List<String> arguments) {
        this.password = password;
        this.folder = folder;
        this.port = port;
        this.environment = Map.copyOf(environment);
        this.arguments = List.copyOf(arguments);
    }

    /**
     * Starts a server on a free port and waits until it answers.
     *
     * @param arguments further options of {@code redis-server}, as on its command line
     */
    public static RedisServer start(String... arguments) throws IOException {
        return start(Ports.free(), arguments);
    }

    /** Starts a server on {@code port} and waits until it answers. */
    public static RedisServer start(int port, String... arguments) throws IOException {
        RedisServer server = launch(port, Map.of(), arguments);
        server.awaitUp();
        return server;
    }

    /**
     * Starts a server on a free port that serves only those who know its password, which {@link #url} has: the system's, if it is
     * as new as ours, because that one is patched. Every user of the
     * machine can reach a loopback port, and whoever reaches a Redis without a password can run code as its user. The password is
     * made anew each time and stands in a file of a folder that only this user can open, never on a command line.
     */
    public static RedisServer startProtected() throws IOException {
        Path folder = Files.createTempDirectory("megacomet-redis");
        String password = HexFormat.of().formatHex(random(PASSWORD_BYTES));
        Path secret = Files.writeString(folder.resolve("secret.conf"), "requirepass " + password + "\n");
        RedisServer server = new RedisServer(folder, Ports.free(), password, Map.of(), List.of(secret.toString()));
        server.launch();
        server.awaitUp();
        return server;
    }

    /** Starts a server with further variables in its environment, on a free port, and waits until it answers. */
    public static RedisServer start(Map<String, String> environment, String... arguments) throws IOException {
        RedisServer server = launch(Ports.free(), environment, arguments);
        server.awaitUp();
        return server;
    }

    /** Starts a server without waiting, for those that start several. */
    static RedisServer launch(int port, Map<String, String> environment, String... arguments) throws IOException {
        Path folder = Files.createTempDirectory("megacomet-redis");
        RedisServer server = new RedisServer(folder, port, null, environment, List.of(arguments));
        server.launch();
        return server;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    public int port() {
        return port;
    }

    /** The server's own process, not the shell's that watches it. */
    public long pid() {
        return pid;
    }

    /** {@code redis://127.0.0.1:port}, with the password if the server has one. */
    public String url() {
        return "redis://" + (password == null ? "" : ":" + password + "@") + "127.0.0.1:" + port;
    }

    /** Sends one command on a connection of its own and returns the reply as text. */
    public String command(String... words) throws IOException {
        return Wire.command(port, password, words);
    }

    /** Calls {@code action} once, on some thread, when the server that runs now has ended for whatever reason. */
    public void whenEnded(Runnable action) {
        watchdog.onExit().thenRun(action);
    }

    /** Starts the server again, empty, on the same port, and waits until it answers. It must have ended. */
    public void restart() throws IOException {
        Files.deleteIfExists(folder.resolve("dump.rdb"));
        launch();
        awaitUp();
    }

    /** Has the server save what it has and end, and starts it again with that. */
    public void restartWithData() throws IOException {
        try {
            command("SHUTDOWN", "SAVE", "NOW");
        } catch (EOFException ended) {
            // That is its answer.
        }
        awaitEnd();
        launch();
        awaitUp();
    }

    /** Ends the server at once ({@code SIGKILL}) and waits until it is gone. */
    public void kill() throws IOException {
        signal("KILL");
        awaitEnd();
    }

    /** Stops the server in its tracks ({@code SIGSTOP}): its connections stay open and nothing is answered. */
    public void pause() throws IOException {
        signal("STOP");
    }

    /** Lets a paused server go on. */
    public void resume() throws IOException {
        signal("CONT");
    }

    /** Ends the server and removes its files. */
    @Override
    public void close() {
        try {
            // There is nothing that it would save, and asked politely it takes more than a second.
            signal("KILL");
        } catch (IOException alreadyGone) {
            // What matters is that it is gone.
        }
        awaitEnd();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException leftInTheTemporaryFolder) {
            // The operating system clears its temporary folder.
        }
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "redis-watchdog"));
        command.add(folder.toString());
        command.add(RedisBinary.in(folder, password != null));
        // A configuration file, where there is one, comes first.
        arguments.stream().filter(argument -> argument.endsWith(".conf")).forEach(command::add);
        command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"));
        arguments.stream().filter(argument -> !argument.endsWith(".conf")).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        watchdog = builder.start();
        BufferedReader told =
                new BufferedReader(new InputStreamReader(watchdog.getInputStream(), StandardCharsets.US_ASCII));
        pid = Long.parseLong(told.readLine());
    }

    void awaitUp() throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (true) {
            try {
                if (isOurs(command("INFO", "server"))) {
                    return;
                }
                throw new IOException("another server answers there");
            } catch (IOException notYet) {
                if (!watchdog.isAlive() && lastLogLine().endsWith(BUSY) && System.nanoTime() < end) {
                    launch();
                } else if (!watchdog.isAlive() || System.nanoTime() > end) {
                    throw new IOException("redis-server on port " + port + " did not start: " + lastLogLine(), notYet);
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean isOurs(String info) {
        return info.contains("process_id:" + pid + "\r\n");
    }

    private String lastLogLine() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("log"));
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    private void awaitEnd() {
        try {
            if (!watchdog.waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                watchdog.descendants().forEach(ProcessHandle::destroyForcibly);
                watchdog.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) throws IOException {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
