package megacomet.loadtest.chaos.world;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of the product: the same Java with the same classes as this process. */
public final class Programs {

    private static final String MAIN = "megacomet.standalone.Main";

    private final String classPath;

    /** @param first what stands before the product's own class path, or null */
    Programs(Path first) {
        String own = System.getProperty("java.class.path");
        classPath = first == null ? own : first + File.pathSeparator + own;
    }

    List<String> gateway(String redisUrl, World.Times times) {
        return megacomet(
                "gateway",
                "--open",
                "--redis-url",
                redisUrl,
                "--linger",
                times.lingerMs() + "ms",
                "--heartbeat",
                times.heartbeatMs() + "ms",
                "--bayeux-timeout",
                times.bayeuxTimeoutMs() + "ms",
                "--bayeux-max-interval",
                times.bayeuxMaxIntervalMs() + "ms",
                "--log-level",
                "warn");
    }

    List<String> publisher(String redisUrl) {
        return megacomet("publisher", "--open", "--redis-url", redisUrl, "--log-level", "warn");
    }

    /** {@code megacomet doctor} on a Redis. */
    public List<String> doctor(String redisUrl) {
        return megacomet("doctor", "--redis-url", redisUrl, "--redis-timeout", "20s", "--redis-deadline", "40s");
    }

    /** A tool of this Java, as {@code jcmd}. */
    public static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    private List<String> megacomet(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                tool("java").toString(),
                "-XX:+UseSerialGC", // Its heap after a collection is what is in use, and nothing else,
                "-XX:MarkSweepAlwaysCompactCount=1", // if every collection compacts all of it and not one in four.
                "-XX:TieredStopAtLevel=1", // They live for minutes, many on few cores.
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dvertx.disableMetrics=true",
                "-Dvertx.disableDnsResolver=true",
                "-Dio.netty.tryReflectionSetAccessible=true"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", classPath, MAIN));
        command.addAll(List.of(arguments));
        return command;
    }
}
