package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which collector {@code bin/megacomet} chooses: docs/decisions/0009. */
class LauncherIT {

    private static final Path LAUNCHER = Path.of("..", "bin", "megacomet");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(\\w+)GC\\b");

    @ParameterizedTest
    @CsvSource({
        "20000, gateway, , Parallel",
        "unlimited, gateway, , Shenandoah",
        "300000, gateway, -XX:+UseSerialGC, Serial",
    })
    void theCollectorFollowsTheOpenFilesUnlessOneIsNamed(String files, String command, String named, String expected)
            throws IOException, InterruptedException {
        assertEquals(
                List.of(hasShenandoah() ? expected : expected.replace("Shenandoah", "Parallel")),
                chosen(files, command, named));
    }

    private static List<String> chosen(String files, String command, String named)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString(), command, "--help");
        // The limit of a process cannot always be raised; but a shell takes a function of that name for the command.
        builder.environment().put("BASH_FUNC_ulimit%%", "() { echo " + files + "; }");
        builder.environment().put("JAVA_OPTS", "-XX:+PrintCommandLineFlags " + (named == null ? "" : named));
        return collectors(builder);
    }

    private static boolean hasShenandoah() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return collectors(new ProcessBuilder(java, "-XX:+UseShenandoahGC", "-XX:+PrintCommandLineFlags", "-version"))
                .contains("Shenandoah");
    }

    private static List<String> collectors(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return COLLECTOR.matcher(said).results().map(result -> result.group(1)).toList();
    }
}
