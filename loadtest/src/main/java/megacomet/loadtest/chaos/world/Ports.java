package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody uses now, below those that the kernel gives to outgoing connections: one that is left can be taken again. */
final class Ports {

    private static final int LOWEST = 23_000;
    private static final int HIGHEST = 32_000;

    private Ports() {}

    static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket ignored = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException taken) {
                // another, then
            }
        }
    }
}
