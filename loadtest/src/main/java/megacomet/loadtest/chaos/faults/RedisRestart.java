package megacomet.loadtest.chaos.faults;

import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.world.Shape;

/** Redis goes away and comes back: with all that it had, or with nothing. */
final class RedisRestart implements Fault {

    private static final long LEAST_AWAY_MS = 0;
    private static final long MOST_AWAY_MS = 2_000;

    private final boolean isWithData;

    RedisRestart(boolean isWithData) {
        this.isWithData = isWithData;
    }

    @Override
    public String name() {
        return isWithData ? "redis-restart" : "redis-restart-empty";
    }

    @Override
    public String description() {
        return isWithData
                ? "Redis saves, ends, and is started with its data"
                : "Redis is killed, and started empty up to 2 s later";
    }

    @Override
    public boolean isFor(Shape shape) {
        return shape == Shape.STANDALONE;
    }

    @Override
    public void strike(Scene scene) throws Exception {
        RedisServer server = scene.world().redis().servers().get(0);
        scene.timeline().during(this, "redis", () -> {
            if (isWithData) {
                server.restartWithData();
            } else {
                server.kill();
                scene.last(LEAST_AWAY_MS, MOST_AWAY_MS);
                server.restart();
            }
            scene.awaitServing();
        });
    }
}
