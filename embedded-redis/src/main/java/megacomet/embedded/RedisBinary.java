package megacomet.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Finds a Redis server to start: the program that {@code REDIS_SERVER} names, else the static Redis 7.0.15 that comes in
 * a jar for this operating system and processor, else {@code redis-server} on the path.
 */
final class RedisBinary {

    private RedisBinary() {}

    /** Returns the command to start, after copying the jar's binary into {@code folder} where it is used. */
    static String in(Path folder) throws IOException {
        String given = System.getenv("REDIS_SERVER");
        if (given != null && !given.isBlank()) {
            return given;
        }
        String resource = "/redis-server-7.0.15-" + operatingSystem() + "-" + processor();
        try (InputStream binary = RedisBinary.class.getResourceAsStream(resource)) {
            if (binary == null) {
                return "redis-server";
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
