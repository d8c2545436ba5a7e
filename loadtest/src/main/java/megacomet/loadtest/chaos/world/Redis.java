package megacomet.loadtest.chaos.world;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;

/** The Redis of a run, in whichever shape. Faults use it from one thread. */
public interface Redis extends AutoCloseable {

    /** What servers are started with, so that faults can be asked of them. */
    String[] OPTIONS = {"--enable-debug-command", "local"};

    long HEAL_TIMEOUT_MS = 60_000;

    /** As gateways and publishers are given it. */
    String url();

    /** All servers that have data, masters and replicas. */
    List<RedisServer> servers();

    /** Those that are masters now, by what they say themselves. */
    default List<RedisServer> masters() throws IOException {
        List<RedisServer> masters = new java.util.ArrayList<>();
        for (RedisServer server : servers()) {
            if (says(server, "role:master", "INFO", "replication")) {
                masters.add(server);
            }
        }
        return masters;
    }

    /** Whether all is as it was at the start: every server there, every replica linked, no slot without a master. */
    boolean isWhole() throws IOException;

    /** Has a replica take its master's place, in good order or because that was killed; returns whom it hit. */
    String failOver(boolean byKilling, int which) throws IOException, InterruptedException;

    @Override
    void close();

    /** Waits until all is {@link #isWhole whole}. */
    default void awaitWhole() throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEAL_TIMEOUT_MS);
        while (true) {
            try {
                if (isWhole()) {
                    return;
                }
            } catch (IOException notYet) {
                if (System.nanoTime() > endNanos) {
                    throw notYet;
                }
            }
            if (System.nanoTime() > endNanos) {
                throw new IOException("Redis did not become whole again within " + HEAL_TIMEOUT_MS + " ms");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Whether a server answers, and with these words somewhere in its answer. */
    static boolean says(RedisServer server, String words, String... command) throws IOException {
        String said = server.command(command);
        return said != null && said.contains(words);
    }
}
