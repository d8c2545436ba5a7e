package megacomet.loadtest.chaos.world;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of the product: the same Java with the same classes as this process. */
public final class Programs {

    private static final String MAIN = "megacomet.standalone.Main";
    private static final String NICE = "5";

    private final String classPath;
    private final Launch launch;

    /** @param first what stands before the product's own class path, or null */
    Programs(Path first, Launch launch) {
        this.launch = launch;
        String own = System.getProperty("java.class.path");
        classPath = first == null ? own : first + File.pathSeparator + own;
    }

    List<String> gateway(String redisUrl, World.Times times) {
        return gateway(redisUrl, times, launch.gatewayOptions());
    }

    List<String> gateway(String redisUrl, World.Times times, List<String> options) {
        return server(
                options,
                "gateway",
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
                launch.logLevel());
    }

    List<String> publisher(String redisUrl) {
        return server(
                launch.publisherOptions(), "publisher", "--redis-url", redisUrl, "--log-level", launch.logLevel());
    }

    /** {@code megacomet doctor} on a Redis. */
    public List<String> doctor(String redisUrl) {
        return megacomet("doctor", "--redis-url", redisUrl, "--redis-timeout", "20s", "--redis-deadline", "40s");
    }

    /**
     * Another main class of this class path, which gets out of the way of all others (nice).
     *
     * @param heap as {@code -Xmx} has it
     */
    public List<String> niced(String heap, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of("nice", "-n", NICE));
        command.addAll(java(heap, main, arguments));
        return command;
    }

    /** A tool of this Java, as {@code jcmd}. */
    public static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    /** A gateway or a publisher, with no more open files than the run wants it to have. */
    private List<String> server(List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        if (launch.openFiles() != Launch.AS_MANY_AS_THERE_ARE) {
            command.addAll(List.of("/bin/sh", "-c", "ulimit -n \"$0\" && exec \"$@\"", "" + launch.openFiles()));
        }
        command.addAll(megacomet(arguments));
        command.addAll(options);
        return command;
    }

    private List<String> megacomet(String... arguments) {
        return java(launch.heap(), MAIN, arguments);
    }

    private List<String> java(String heap, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                tool("java").toString(),
                "-XX:+UseSerialGC", // Its heap after a collection is what is in use, and nothing else,
                "-XX:MarkSweepAlwaysCompactCount=1", // if every collection compacts all of it and not one in four.
                "-XX:TieredStopAtLevel=1", // They live for minutes, many on few cores.
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-Dvertx.disableMetrics=true",
                "-Dvertx.disableDnsResolver=true",
                "-Dio.netty.tryReflectionSetAccessible=true"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
