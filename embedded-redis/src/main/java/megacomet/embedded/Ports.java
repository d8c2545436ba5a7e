package megacomet.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody uses now. A cluster's bus takes the port 10,000 above as well, so both are tried. */
final class Ports {

    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 22_000;
    private static final int BUS_OFFSET = 10_000;
    private static final int REMEMBERED_MAX = (HIGHEST - LOWEST) / 2;

    /** What was given to servers that may not have bound it yet. */
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    static synchronized int free() {
        if (GIVEN.size() >= REMEMBERED_MAX) {
            GIVEN.clear();
        }
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && isFree(port + BUS_OFFSET) && GIVEN.add(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket ignored = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
