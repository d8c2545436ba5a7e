package megacomet.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a Redis server to start: the program that {@code REDIS_SERVER} names, else the static Redis {@value #EMBEDDED} that comes in
 * a jar for this operating system and processor, else {@code redis-server} on the path.
 *
 * <p>A server that keeps a user's messages is better the system's, because somebody patches it: ours is of 2024 and has holes that
 * became known since. Tests want the one whose version is known.
 */
final class RedisBinary {

    private static final String EMBEDDED = "7.0.15";
    private static final String ON_PATH = "redis-server";
    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final long VERSION_TIMEOUT_MS = 5_000;

    private RedisBinary() {}

    /**
     * Returns the command to start, after copying the jar's binary into {@code folder} where it is used.
     *
     * @param isSystemsPreferred whether the server on the path comes before ours, if it is as new at least
     */
    static String in(Path folder, boolean isSystemsPreferred) throws IOException {
        String given = System.getenv("REDIS_SERVER");
        if (given != null && !given.isBlank()) {
            return given;
        }
        return isSystemsPreferred && OnPath.IS_NEW_ENOUGH ? ON_PATH : copiedTo(folder);
    }

    private static String copiedTo(Path folder) throws IOException {
        String resource = "/redis-server-" + EMBEDDED + "-" + operatingSystem() + "-" + processor();
        try (InputStream binary = RedisBinary.class.getResourceAsStream(resource)) {
            if (binary == null) {
                return ON_PATH;
            }
            // The file's name is the name an operator sees in `ps`.
            Path program = folder.resolve("redis-server");
            if (!Files.exists(program)) {
                Files.copy(binary, program);
                if (!program.toFile().setExecutable(true)) {
                    throw new IOException("cannot make " + program + " executable");
                }
            }
            return program.toString();
        }
    }

    /** Asked once a process, because it starts a program. */
    private static final class OnPath {
        static final boolean IS_NEW_ENOUGH = isNewEnough(said());

        private static String said() {
            try {
                Process asked = new ProcessBuilder(ON_PATH, "--version")
                        .redirectErrorStream(true)
                        .start();
                asked.getOutputStream().close();
                String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return asked.waitFor(VERSION_TIMEOUT_MS, TimeUnit.MILLISECONDS) ? said : "";
            } catch (IOException notThere) {
                return "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }
    }

    /** Whether what {@code redis-server --version} said names a version that is as new as ours. */
    static boolean isNewEnough(String said) {
        Matcher theirs = VERSION.matcher(said);
        Matcher ours = VERSION.matcher("v=" + EMBEDDED);
        if (!theirs.find() || !ours.find()) {
            return false;
        }
        for (int part = 1; part <= 3; part++) {
            int order = Integer.compare(Integer.parseInt(theirs.group(part)), Integer.parseInt(ours.group(part)));
            if (order != 0) {
                return order > 0;
            }
        }
        return true;
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.contains("mac") ? "darwin" : "linux";
    }

    private static String processor() {
        return switch (System.getProperty("os.arch")) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> System.getProperty("os.arch");
        };
    }
}
