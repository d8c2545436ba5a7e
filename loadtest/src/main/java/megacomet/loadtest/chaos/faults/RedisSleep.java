package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import java.net.SocketTimeoutException;
import megacomet.embedded.RedisServer;

/** A master does nothing for a while, as with a slow command; where there are replicas, one may take its place. */
final class RedisSleep implements Fault {

    private static final int LEAST_TENTHS = 5;
    private static final int MORE_TENTHS = 40;

    @Override
    public String name() {
        return "redis-sleep";
    }

    @Override
    public String description() {
        return "a master is busy for 0.5 to 4.5 s (DEBUG SLEEP)";
    }

    @Override
    public void strike(Scene scene) throws Exception {
        RedisServer master = scene.choose(scene.world().redis().masters());
        int tenths = LEAST_TENTHS + scene.choose(MORE_TENTHS);
        scene.timeline().during(this, "the master on port " + master.port(), () -> {
            sleep(master, tenths / 10.0);
            scene.awaitServing();
        });
    }

    private static void sleep(RedisServer master, double seconds) throws IOException {
        try {
            master.command("DEBUG", "SLEEP", "" + seconds);
        } catch (SocketTimeoutException stillAsleep) {
            // Its answer is not needed.
        }
    }
}
