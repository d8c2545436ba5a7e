package megacomet.loadtest.chaos.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that cannot outlive this one: a small shell holds the other end of a pipe, and when the pipe closes, even
 * because this process was killed, the shell ends the child. A terminal's Ctrl-C, which reaches all of them, does not.
 */
public final class Leash {

    /** $1 is the file for what the child says; its pid is told on standard output. */
    private static final String SCRIPT = """
            log=$1; shift
            exec 3<&0
            "$@" </dev/null >>"$log" 2>&1 3<&- &
            child=$!
            trap '' INT TERM
            echo $child
            (read -r _ <&3; kill -9 $child) >/dev/null 2>&1 &
            watchdog=$!
            while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
            kill -9 $watchdog 2>/dev/null
            wait $watchdog 2>/dev/null
            exit $code
            """;

    private final Process shell;
    private final long pid;

    private Leash(Process shell, long pid) {
        this.shell = shell;
        this.pid = pid;
    }

    /** Starts a program without this process's own settings for it. */
    public static Leash start(Path log, List<String> program, Map<String, String> variables) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "leash", log.toString()));
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("MEGACOMET_") || name.equals("REDIS_URL"));
        builder.environment().putAll(variables);
        Process shell = builder.redirectErrorStream(true).start();
        BufferedReader told =
                new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
        String pid = told.readLine();
        if (pid == null) {
            throw new IOException("no shell could be started for " + program.get(0));
        }
        return new Leash(shell, Long.parseLong(pid));
    }

    public long pid() {
        return pid;
    }

    public boolean isAlive() {
        return shell.isAlive();
    }

    /** Sends a signal, as {@code KILL}, {@code STOP}, {@code CONT} or {@code TERM}. */
    void signal(String name) throws IOException, InterruptedException {
        if (isAlive()) {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        }
    }

    /** Waits until it has ended, and returns its exit code; -1 if it does not end in time. */
    public int awaitEnd(long timeoutMs) throws InterruptedException {
        return shell.waitFor(timeoutMs, TimeUnit.MILLISECONDS) ? shell.exitValue() : -1;
    }

    /** Lets go of it, which ends it. */
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // That is what is wanted.
        }
    }
}
