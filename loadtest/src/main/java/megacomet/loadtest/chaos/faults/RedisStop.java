package megacomet.loadtest.chaos.faults;

import megacomet.embedded.RedisServer;

/** A master stands still with its connections open; where there are replicas, one may take its place meanwhile. */
final class RedisStop implements Fault {

    private static final long LEAST_MS = 500;
    private static final long MOST_MS = 5_000;

    @Override
    public String name() {
        return "redis-stop";
    }

    @Override
    public String description() {
        return "a master is stopped (SIGSTOP) for 0.5 to 5 s, and goes on";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        RedisServer master = scene.choose(scene.world().redis().masters());
        scene.timeline().during(this, "the master on port " + master.port(), () -> {
            master.pause();
            try {
                scene.last(LEAST_MS, MOST_MS);
            } finally {
                master.resume();
            }
            scene.awaitServing();
        });
    }
}
