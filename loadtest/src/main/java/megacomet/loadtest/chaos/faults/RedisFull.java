package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import megacomet.embedded.RedisServer;

/** Redis has no room for anything new; what is there can still be fetched. */
final class RedisFull implements Fault {

    private static final long LEAST_MS = 1_000;
    private static final long MOST_MS = 4_000;

    @Override
    public String name() {
        return "redis-full";
    }

    @Override
    public String description() {
        return "Redis is full (maxmemory) for 1 to 4 s";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        scene.timeline().during(this, "all masters", () -> {
            set(scene, "1");
            try {
                scene.last(LEAST_MS, MOST_MS);
            } finally {
                set(scene, "0");
            }
        });
    }

    private static void set(Scene scene, String bytes) throws IOException {
        for (RedisServer server : scene.world().redis().servers()) {
            server.command("CONFIG", "SET", "maxmemory", bytes);
        }
    }
}
