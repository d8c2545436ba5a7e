package megacomet.loadtest.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A worker's process. Its argument is its {@link WorkerSpec}; commands come on standard input, a word a line: {@code open},
 * {@code go <start in µs>}, {@code storm}, {@code finish}. What it has to say goes to standard output ({@link Line}). When its
 * input ends, the one who started it is gone, and so it goes, too.
 */
public final class WorkerMain {

    private WorkerMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream lines = System.out;
        System.setOut(System.err); // What others print must not stand among the lines.
        WorkerSpec spec = Line.JSON.readValue(arguments[0], WorkerSpec.class);
        Worker worker = new Worker(spec, line -> say(lines, line));
        // A terminal's Ctrl-C reaches this process as well: it says what it has, and ends.
        Runtime.getRuntime().addShutdownHook(new Thread(worker::finish, "finish"));
        say(lines, new Line.Ready());
        obey(worker);
        System.exit(0);
    }

    private static void obey(Worker worker) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            String[] words = command.split(" ");
            switch (words[0]) {
                case "open" -> worker.open();
                case "go" -> worker.go(Long.parseLong(words[1]));
                case "storm" -> worker.storm();
                case "finish" -> {
                    return;
                }
                default -> throw new IllegalStateException("no command: " + command);
            }
        }
    }

    private static void say(PrintStream lines, Line line) {
        lines.println(line.toJson());
        lines.flush();
    }
}
