package megacomet.loadtest.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says about processes and itself in {@code /proc}. What cannot be read is 0. */
public final class Proc {

    /** Linux counts CPU time in hundredths of a second wherever Java runs. */
    private static final double TICKS_PER_S = 100;

    private static final Path PROC = Path.of("/proc");
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final long PAGE_KB = 4;

    private Proc() {}

    /** How many files a process may have open; {@link Integer#MAX_VALUE} if that is not known. */
    public static int openFilesLimit() {
        return read("self/limits")
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+")[3])
                .filter(limit -> limit.matches("\\d{1,9}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    /** How many source ports an address has. */
    public static int sourcePorts() {
        String[] range = read("sys/net/ipv4/ip_local_port_range").strip().split("\\s+");
        return range.length == 2 ? Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1 : 28_232;
    }

    /** The CPU time of a process since its start, in seconds. */
    public static double cpuSeconds(long pid) {
        String stat = read(pid + "/stat");
        int nameEnd = stat.lastIndexOf(')');
        if (nameEnd < 0) {
            return 0;
        }
        String[] fields = stat.substring(nameEnd + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_S;
    }

    /** Its resident memory, in KB. */
    public static long rssKb(long pid) {
        String[] pages = read(pid + "/statm").split(" ");
        return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE_KB : 0;
    }

    /** Its proportional memory, in KB: what is shared is divided by those who share it. It costs the kernel a walk. */
    public static long pssKb(long pid) {
        return keyKb("%d/smaps_rollup".formatted(pid), "Pss:");
    }

    /** How many files it has open. */
    public static int openFiles(long pid) {
        String[] files = PROC.resolve(pid + "/fd").toFile().list();
        return files == null ? 0 : files.length;
    }

    public static boolean isAlive(long pid) {
        return Files.isDirectory(PROC.resolve("" + pid));
    }

    /** The kernel's own objects, most of which are sockets during a run, in KB. */
    public static long slabKb() {
        return keyKb("meminfo", "Slab:");
    }

    /** What is free for new processes, in KB; {@link Long#MAX_VALUE} if that is not known. */
    public static long availableKb() {
        long available = keyKb("meminfo", "MemAvailable:");
        return available == 0 ? Long.MAX_VALUE : available;
    }

    /** All memory, in KB. */
    public static long totalKb() {
        return keyKb("meminfo", "MemTotal:");
    }

    private static long keyKb(String file, String key) {
        Optional<String> found =
                read(file).lines().filter(line -> line.startsWith(key)).findFirst();
        return found.map(line -> Long.parseLong(line.split("\\s+")[1])).orElse(0L);
    }

    private static String read(String file) {
        try {
            return Files.readString(PROC.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }
}
