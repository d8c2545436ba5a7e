package megacomet.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Jazzer looks for inputs that take ways through the code that no input of the corpus takes, and for one that breaks a promise.
 * A few seconds for all targets together, with the same dice each time, so that the whole check says the same of the same code;
 * with {@code -Dmegacomet.fuzz.seconds=N}, which {@code make fuzz} gives, so long for each and with other dice, and what they
 * found is added to the corpus, each way by its shortest input.
 */
class FuzzIT {

    private static final int SHORT_S = 5;
    private static final int SEED = 1;
    private static final Path WORK = Path.of("target/fuzz");

    @Test
    @Timeout(value = 7, unit = TimeUnit.DAYS) // As long as it was asked to look.
    void noInputBreaksAPromise() throws IOException, InterruptedException {
        Integer seconds = Integer.getInteger("megacomet.fuzz.seconds");
        if (seconds == null) {
            jazzer(null, List.of("-max_total_time=" + SHORT_S, "-seed=" + SEED), allTogether());
            return;
        }
        String only = System.getProperty("megacomet.fuzz.only", "");
        for (Target target : Target.values()) {
            if (only.isEmpty() || only.equals(target.word())) {
                Path found = Files.createDirectories(WORK.resolve(target.word()));
                jazzer(target, List.of("-max_total_time=" + seconds), List.of(found, corpus(target)));
                jazzer(target, List.of("-merge=1"), List.of(corpus(target), found));
            }
        }
    }

    private static Path corpus(Target target) {
        return CorpusTest.CORPUS.resolve(target.word());
    }

    /** Returns one corpus of all, in which the first byte says whose an input is. */
    private static List<Path> allTogether() throws IOException {
        Path all = Files.createDirectories(WORK.resolve("all"));
        for (Target target : Target.values()) {
            for (Path input : CorpusTest.inputs(target)) {
                byte[] bytes = Files.readAllBytes(input);
                byte[] marked = new byte[bytes.length + 1];
                marked[0] = (byte) target.ordinal();
                System.arraycopy(bytes, 0, marked, 1, bytes.length);
                Files.write(all.resolve(target.word() + "-" + input.getFileName()), marked);
            }
        }
        return List.of(all);
    }

    private static void jazzer(Target target, List<String> what, List<Path> corpora)
            throws IOException, InterruptedException {
        Path findings = Files.createDirectories(WORK.resolve("findings"));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        if (target != null) {
            command.add("-Dmegacomet.fuzz.target=" + target.word());
        }
        command.addAll(List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Entrance.class.getName(),
                "--instrumentation_includes=megacomet.**:com.fasterxml.jackson.core.json.*:io.netty.handler.codec.http.Http*",
                // Jazzer's sanitizers look for what we do not do, and Netty does not start with them.
                "--custom_hook_includes=megacomet.fuzz.Nothing",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_len=2048",
                "-rss_limit_mb=4096",
                "-timeout=80"));
        command.addAll(what);
        corpora.forEach(corpus -> command.add(corpus.toString()));
        Path log = WORK.resolve((target == null ? "all" : target.word()) + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAZZER_SSRF_PERMISSIVE_UNTIL_CONFIGURED", "true"); // HttpFuzz speaks to itself.
        Process process = builder.start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        List<String> said = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        String end = String.join("\n", said.subList(Math.max(0, said.size() - 40), said.size()));
        assertEquals(
                0,
                status,
                () -> "an input breaks a promise; keep it in " + CorpusTest.CORPUS
                        + (target == null ? "" : "/" + target.word()) + " ("
                        + Arrays.toString(findings.toFile().list()) + ")\n" + end);
    }
}
