package megacomet.loadtest.chaos.faults;

import megacomet.embedded.RedisServer;

/**
 * Redis closes subscriptions for being too slow: what they may have unread is made tiny for a moment, and a burst of messages
 * is more than that.
 */
final class RedisOutputLimit implements Fault {

    private static final String OPTION = "client-output-buffer-limit";
    private static final String TINY = "pubsub 1 1 1";
    private static final String DEFAULT = "pubsub 33554432 8388608 60";
    private static final int BURSTS = 3;
    private static final long BETWEEN_MS = 300;

    @Override
    public String name() {
        return "redis-output-limit";
    }

    @Override
    public String description() {
        return "subscriptions are closed for being slow (client-output-buffer-limit pubsub) by bursts of messages";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        scene.timeline().during(this, "all masters", () -> {
            set(scene, TINY);
            try {
                for (int i = 0; i < BURSTS; i++) {
                    scene.burst();
                    scene.last(BETWEEN_MS, BETWEEN_MS);
                }
            } finally {
                set(scene, DEFAULT);
            }
        });
    }

    private static void set(Scene scene, String limit) throws Exception {
        for (RedisServer master : scene.world().redis().masters()) {
            master.command("CONFIG", "SET", OPTION, limit);
        }
    }
}
