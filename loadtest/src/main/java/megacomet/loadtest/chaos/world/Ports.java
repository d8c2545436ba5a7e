package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody uses now, below those of Redis's servers and of what the kernel gives to outgoing connections: one that is left
 * can be taken again. None is given twice, because several worlds may be made at a time.
 */
public final class Ports {

    private static final int LOWEST = 4_000;
    private static final int HIGHEST = 12_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** Returns one that nobody got here before. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket ignored = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(port)) {
                    return port;
                }
            } catch (IOException taken) {
                // another, then
            }
        }
    }
}
