package megacomet.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which collector {@code bin/megacomet} chooses: docs/decisions/0009. The JVM that it starts only repeats what it is told. */
class LauncherIT {

    private static final Path LAUNCHER = Path.of("..", "bin", "megacomet");
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(\\w+)GC\\b");

    @TempDir
    Path javaHome;

    @ParameterizedTest
    @CsvSource({
        "99999, gateway, true, , Parallel",
        "100000, gateway, true, , Shenandoah",
        "unlimited, standalone, true, , Shenandoah",
        "unlimited, gateway, false, , Parallel",
        "300000, token, true, , Parallel",
        "300000, gateway, true, -XX:+UseSerialGC, Serial",
        "20000, gateway, true, -XX:+UseSerialGC, Serial",
    })
    void theCollectorFollowsTheOpenFilesUnlessOneIsNamed(
            String files, String command, boolean hasShenandoah, String named, String expected)
            throws IOException, InterruptedException {
        installJava(hasShenandoah);
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString(), command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("JAVA_OPTS", named == null ? "" : named);
        // The limit of a process cannot always be raised; but a shell takes a function of that name for the command.
        builder.environment().put("BASH_FUNC_ulimit%%", "() { echo " + files + "; }");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        List<String> chosen =
                COLLECTOR.matcher(said).results().map(flag -> flag.group(1)).toList();
        assertEquals(List.of(expected), chosen, said);
    }

    private void installJava(boolean hasShenandoah) throws IOException {
        Path java = Files.createDirectory(javaHome.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                case "$*" in
                  *-XX:+PrintFlagsFinal*) echo "     bool UseShenandoahGC    = %s    {product} {command line}" ;;
                  *-XshowSettings*) echo "    java.specification.version = 17" >&2 ;;
                  *) echo "$*" ;;
                esac
                """.formatted(hasShenandoah));
        assertTrue(java.toFile().setExecutable(true));
    }
}
