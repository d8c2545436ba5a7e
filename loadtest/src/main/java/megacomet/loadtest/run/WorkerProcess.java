package megacomet.loadtest.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import megacomet.loadtest.profile.Share;
import megacomet.loadtest.worker.Line;
import megacomet.loadtest.worker.WorkerMain;
import megacomet.loadtest.worker.WorkerSpec;

/** A worker in a JVM of its own: the same Java with the same classes as this one. Its lines come into a queue. */
final class WorkerProcess {

    private static final int BASE_HEAP_MB = 64;
    private static final int BASE_HEAP_MB_OF_MANY = 24;

    /** A browser, and as much again for what comes and goes. */
    private static final int BROWSER_HEAP_BYTES = 4 << 10;

    private final int index;
    private final Process process;
    private volatile String lastWords = "it said nothing";

    /** What came from a worker; without a line, its end. */
    record Event(WorkerProcess worker, Line line) {}

    private WorkerProcess(int index, Process process) {
        this.index = index;
        this.process = process;
    }

    static WorkerProcess start(WorkerSpec spec, BlockingQueue<Event> events) {
        try {
            WorkerProcess worker = new WorkerProcess(spec.worker(), new ProcessBuilder(command(spec)).start());
            worker.read(worker.process.getErrorStream(), worker::complain, () -> {});
            worker.read(
                    worker.process.getInputStream(),
                    line -> events.add(new Event(worker, Line.parse(line))),
                    () -> events.add(new Event(worker, null)));
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException("a worker cannot be started: " + e.getMessage(), e);
        }
    }

    int index() {
        return index;
    }

    long pid() {
        return process.pid();
    }

    /** Why it has ended. */
    String obituary() {
        try {
            int code = process.waitFor();
            // 3 is what the JVM exits with for want of memory, as the flag below tells it to.
            return code == 3
                    ? "a worker process ran out of memory; give a smaller --files-per-process"
                    : "a worker process ended with code " + code + ": " + lastWords;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Sends a command. One that is gone gets none. */
    void send(String command) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            lastWords = "it does not listen: " + e.getMessage();
        }
    }

    /** Keeps what it said last, but for where in the code that was. */
    private void complain(String line) {
        if (!line.startsWith("\tat ")) {
            lastWords = line;
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    private static List<String> command(WorkerSpec spec) {
        int browsers = spec.groups().stream()
                .mapToInt(group -> Share.of(group.browsers(), spec.worker(), spec.workers())
                        .count())
                .sum();
        boolean isOneOfMany = spec.workers() > Runtime.getRuntime().availableProcessors();
        int heapMb = (isOneOfMany ? BASE_HEAP_MB_OF_MANY : BASE_HEAP_MB)
                + (int) ((long) browsers * BROWSER_HEAP_BYTES >> 20);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC", // One thread works here, and there may be fifty such processes.
                "-Xmx" + heapMb + "m",
                "-Xms" + heapMb
                        + "m", // Nothing that is not used is taken, and a heap that grows is collected as a whole.
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Dio.netty.tryReflectionSetAccessible=true"));
        if (isOneOfMany) {
            // Each gets so little to do that compiling well would be most of it, and a large young generation most of
            // its memory.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmn12m"));
        }
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        if (Runtime.version().feature() >= 25) {
            command.add("-XX:+UseCompactObjectHeaders");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WorkerMain.class.getName(), json(spec)));
        return command;
    }

    private static String json(WorkerSpec spec) {
        try {
            return Line.JSON.writeValueAsString(spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface LineReader {
        void read(String line);
    }

    private void read(InputStream stream, LineReader reader, Runnable atEnd) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            reader.read(line);
                        }
                    } catch (IOException | UncheckedIOException e) {
                        lastWords = e.getMessage();
                    } finally {
                        atEnd.run();
                    }
                },
                "worker-" + index);
        thread.setDaemon(true);
        thread.start();
    }
}
