package megacomet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import megacomet.embedded.RedisServer;

/**
 * How long garbage collection stops a gateway that holds {@value #HOLDS} polls, with each collector that might be chosen: while
 * single clients are published to and poll again. Connections are {@linkplain PretendedSocket pretended}, because a process may
 * open fewer files; all else is the product. Those that it is told of, else all that might be chosen.
 *
 * <p>{@code make bench-gc} runs it, with the JVM in {@code JAVA_HOME}. The collector that {@code bin/megacomet} chooses for so many
 * is judged.
 */
public final class GcPausesBench {

    private static final int HOLDS = 200_000;
    private static final int RATE = 2_000;
    private static final int SECONDS = 60;
    private static final double WANTED_MS = 20;
    private static final List<String> COLLECTORS = List.of("Parallel", "G1", "Shenandoah", "Z");

    /** What the launcher chooses for so many. */
    private static final String CHOSEN = "Shenandoah";

    /** How it has the parallel one, which it chooses for fewer. */
    private static final String PARALLEL_FLAG = "-XX:MaxNewSize=128m";

    private static final Pattern PAUSE = Pattern.compile("^\\[([\\d.]+)s].*Pause.* ([\\d.]+)ms$");
    private static final Pattern STEADY = Pattern.compile("steady ([\\d.]+) ([\\d.]+) delivered (\\d+) cpu ([\\d.]+)");

    private GcPausesBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean isReached = true;
        for (String collector : arguments.length > 0 ? List.of(arguments) : COLLECTORS) {
            double p99Ms = run(collector);
            isReached &= !collector.equals(CHOSEN) || p99Ms <= WANTED_MS;
        }
        System.out.printf(
                Locale.ROOT,
                "GC pauses with %s: p99 wanted %.0f ms: %s%n",
                CHOSEN,
                WANTED_MS,
                isReached ? "reached" : "NOT REACHED");
        if (!isReached) {
            System.exit(1);
        }
    }

    private static double run(String collector) throws Exception {
        Path log = Files.createTempFile("megacomet-gc", ".log");
        try (RedisServer redis = RedisServer.start()) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+Use" + collector + "GC",
                    "-Xms1536m",
                    "-Xmx1536m",
                    "-Xlog:gc,gc+phases:file=" + log + ":uptime",
                    "-Dvertx.disableMetrics=true",
                    "-Dio.netty.tryReflectionSetAccessible=true"));
            if (collector.equals("Parallel")) {
                command.add(PARALLEL_FLAG);
            }
            if (Runtime.version().feature() >= 24) {
                command.add("--sun-misc-unsafe-memory-access=allow");
                command.add("-XX:+UseCompactObjectHeaders");
            }
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    PretendedCrowd.class.getName(),
                    redis.url(),
                    "" + HOLDS,
                    "" + RATE,
                    "" + SECONDS));
            Process crowd = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Matcher steady = steady(crowd);
            return say(collector, steady, pauses(log, steady));
        } finally {
            Files.delete(log);
        }
    }

    private static Matcher steady(Process crowd) throws IOException {
        try (BufferedReader said = new BufferedReader(new InputStreamReader(crowd.getInputStream()))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                Matcher steady = STEADY.matcher(line);
                if (steady.matches()) {
                    return steady;
                }
            }
        }
        throw new IllegalStateException("the crowd ended before its time");
    }

    /** Returns the pauses of the steady time, in ms, the shortest first. */
    private static List<Double> pauses(Path log, Matcher steady) throws IOException {
        double fromS = Double.parseDouble(steady.group(1));
        double toS = Double.parseDouble(steady.group(2));
        List<Double> pauses = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                double atS = Double.parseDouble(pause.group(1));
                if (atS > fromS && atS <= toS) {
                    pauses.add(Double.parseDouble(pause.group(2)));
                }
            }
        }
        pauses.sort(null);
        return pauses;
    }

    private static double say(String collector, Matcher steady, List<Double> pauses) {
        double p99Ms = at(pauses, 0.99);
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s: %,d holds, %,d delivered in %.0f s and %.1f s of CPU, %d pauses: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                Runtime.version(),
                collector,
                HOLDS,
                Long.parseLong(steady.group(3)),
                Double.parseDouble(steady.group(2)) - Double.parseDouble(steady.group(1)),
                Double.parseDouble(steady.group(4)),
                pauses.size(),
                at(pauses, 0.5),
                p99Ms,
                at(pauses, 1));
        return p99Ms;
    }

    private static double at(List<Double> sorted, double part) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
    }
}
