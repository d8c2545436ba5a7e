package megacomet.loadtest.run;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many processes and source addresses a run needs, by what the machine allows.
 *
 * @param workers processes
 * @param sourcesOfWorkers the addresses that each of them connects from; empty lists leave it to the kernel
 */
public record Capacity(int workers, List<List<String>> sourcesOfWorkers) {

    /** Files that a JVM has open beside connections. */
    static final int FILES_RESERVED = 500;

    /** Below this a process is not worth its memory. */
    private static final int MIN_CONNECTIONS = 100;

    /** Of one source address no more than this share of its ports is used: others connect, too. */
    private static final double PORTS_USED = 0.7;

    /** A process with its JVM, and a browser with its socket in the kernel. Measured, and rounded up. */
    private static final long WORKER_KB = 90_000;

    private static final long BROWSER_KB = 7;

    private static final int MAX_WORKERS = 2_000;

    /** What the machine allows. */
    public record Machine(int openFiles, int sourcePorts, long availableKb) {}

    /**
     * Works it out.
     *
     * @param sources addresses that were given; empty chooses
     * @param target where the browsers connect to
     * @param targets how many addresses they connect to there
     * @throws IllegalArgumentException with a sentence if the machine does not allow it
     */
    public static Capacity of(int browsers, List<String> sources, InetAddress target, int targets, Machine machine) {
        int connections = machine.openFiles() - FILES_RESERVED;
        if (connections < MIN_CONNECTIONS) {
            throw new IllegalArgumentException("a process may open only " + machine.openFiles() + " files (ulimit -n); "
                    + (FILES_RESERVED + MIN_CONNECTIONS) + " are the least");
        }
        int workers = divideUp(browsers, connections);
        if (workers > MAX_WORKERS) {
            throw new IllegalArgumentException(browsers + " browsers need " + workers + " processes with "
                    + machine.openFiles() + " open files each; " + MAX_WORKERS + " are the most");
        }
        long neededKb = workers * WORKER_KB + browsers * BROWSER_KB;
        if (neededKb > machine.availableKb()) {
            throw new IllegalArgumentException("%,d browsers need about %,d MB of memory, and %,d MB are available"
                    .formatted(browsers, neededKb >> 10, machine.availableKb() >> 10));
        }
        int perSource = (int) (machine.sourcePorts() * PORTS_USED);
        return new Capacity(workers, sourcesOf(browsers, workers, sources, target, targets, perSource));
    }

    private static List<List<String>> sourcesOf(
            int browsers, int workers, List<String> given, InetAddress target, int targets, int perSource) {
        if (given.isEmpty() && target.isLoopbackAddress() && target.getAddress().length == 4) {
            // On Linux all of 127.0.0.0/8 is this machine, so there are addresses enough.
            int each = divideUp(divideUp(browsers, workers), perSource);
            return IntStream.range(0, workers)
                    .mapToObj(worker -> loopbackSources(worker * each, each))
                    .toList();
        }
        long ports = (long) Math.max(1, given.size()) * targets * perSource;
        if (browsers > ports) {
            throw new IllegalArgumentException(
                    "%,d browsers need %d source addresses (%,d ports each): give --source A,B,… with addresses of this machine"
                            .formatted(browsers, divideUp(browsers, targets * perSource), perSource));
        }
        return IntStream.range(0, workers).mapToObj(worker -> given).toList();
    }

    private static List<String> loopbackSources(int first, int count) {
        List<String> sources = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            sources.add("127." + (1 + i / 62_500 % 250) + "." + (1 + i / 250 % 250) + "." + (1 + i % 250));
        }
        return sources;
    }

    private static int divideUp(int a, int b) {
        return (a + b - 1) / b;
    }
}
