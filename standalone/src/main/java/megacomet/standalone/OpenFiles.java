package megacomet.standalone;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import megacomet.web.Door;

/**
 * Shares out the files that the process may open (descriptors, {@code ulimit -n}) among the ports on which it listens, so that
 * {@value #SPARE} are kept back for Redis, the JVM and its libraries whatever comes in.
 *
 * <p>The management port and the publisher's are served first, with as many as they need and at most a share; browsers get
 * the rest.
 */
final class OpenFiles {

    /** How many are kept back. */
    static final int SPARE = 500;

    private static final int MANAGEMENT_MAX = 50;
    private static final int MANAGEMENT_SHARE = 10;
    private static final int PUBLISHER_MAX = 2_000;
    private static final int PUBLISHER_SHARE = 4;
    private static final int BROWSERS_MAX = 10_000_000;
    private static final long MOST = 1L << 30;

    /** The fewest that a process starts with: what is kept back, and a few dozen connections on each port. */
    private static final int FEWEST = 600;

    /** Where the JVM does not know how many there are. */
    private static final long UNKNOWN = 12_600;

    private final long allowed;
    private long left;
    private final StringBuilder shares = new StringBuilder();

    OpenFiles() {
        this(allowedToTheProcess());
    }

    /**
     * @param allowed how many the process may open
     * @throws IllegalArgumentException if they are too few to serve anybody
     */
    OpenFiles(long allowed) {
        if (allowed < FEWEST) {
            throw new IllegalArgumentException(
                    "the process may open %d files (ulimit -n), and needs %d at least".formatted(allowed, FEWEST));
        }
        this.allowed = Math.min(MOST, allowed);
        this.left = this.allowed - SPARE;
    }

    static long allowedToTheProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : UNKNOWN;
    }

    /** Returns how many connections the management port may serve. @param wanted or null for the default */
    int forManagement(Integer wanted) {
        return take("--management-max-connections", wanted, (allowed - SPARE) / MANAGEMENT_SHARE, MANAGEMENT_MAX);
    }

    /** The same of the publisher's port. */
    int forPublisher(Integer wanted) {
        return take("--publish-max-connections", wanted, (allowed - SPARE) / PUBLISHER_SHARE, PUBLISHER_MAX);
    }

    /** The same of the browsers' port: the rest, unless they want less. To be asked last. */
    int forBrowsers(Integer wanted) {
        return take("--max-connections", wanted, left, BROWSERS_MAX);
    }

    private int take(String option, Integer wanted, long share, int most) {
        int connections = wanted != null ? wanted : Math.min(most, Door.served(share));
        Checks.isWithin(option, connections, 1, BROWSERS_MAX);
        shares.append(shares.isEmpty() ? "" : ", ").append(option).append(' ').append(connections);
        left -= connections + Door.told(connections);
        if (left < 0) {
            throw new IllegalArgumentException(
                    ("%s: together with %d kept back and those that are told to come later these need %d open files,"
                                    + " and the process may have %d (ulimit -n)")
                            .formatted(shares, SPARE, allowed - left, allowed));
        }
        return connections;
    }
}
