package megacomet.loadtest.chaos.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program to its end. */
final class Commands {

    private Commands() {}

    /** What it says, on both of its outputs. It is not there to outlive us: it ends by itself. */
    static List<String> run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MEGACOMET_") || name.equals("REDIS_URL"));
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
