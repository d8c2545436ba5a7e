package megacomet.loadtest.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.rest.Footprint;
import megacomet.loadtest.chaos.rest.Occupancy;
import megacomet.loadtest.chaos.rest.RedisKeys;
import megacomet.loadtest.chaos.world.Server;
import megacomet.loadtest.chaos.world.World;

/** Looks at a world that everybody has left. */
final class Stillness {

    private static final long LOOK_MS = 250;

    /** A collection may leave what only the next finds: what waits to be finalized, and what that held. */
    private static final int MEASUREMENTS = 4;

    /** It has stopped falling when it falls by less. */
    private static final long HEAP_STEP_KB = 128;

    private final World world;

    Stillness(World world) {
        this.world = world;
    }

    /**
     * Waits until nobody is there for any gateway or for Redis, and then until that was taken back by which they were to be
     * found; but for no longer than this. Returns how long it took.
     */
    long await(long nobodyMs, long indexesMs) throws IOException, InterruptedException {
        long startMs = RunClock.nowMs();
        lookUntil(this::isNobody, startMs + nobodyMs);
        lookUntil(() -> RedisKeys.of(world).indexes() == 0, RunClock.nowMs() + indexesMs);
        return RunClock.nowMs() - startMs;
    }

    private interface Look {
        boolean isSo() throws IOException, InterruptedException;
    }

    private static void lookUntil(Look look, long endMs) throws IOException, InterruptedException {
        while (RunClock.nowMs() < endMs && !look.isSo()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    private boolean isNobody() throws IOException, InterruptedException {
        for (Server gateway : world.gateways()) {
            if (!Occupancy.of(gateway).isNobody()) {
                return false;
            }
        }
        return RedisKeys.of(world).passing() == 0;
    }

    List<Round.Gateway> gateways() throws IOException, InterruptedException {
        List<Round.Gateway> all = new ArrayList<>();
        for (Server gateway : world.gateways()) {
            all.add(new Round.Gateway(gateway.name(), settled(gateway), Occupancy.of(gateway)));
        }
        return all;
    }

    /** What a gateway takes when another collection finds nothing more. */
    private static Footprint settled(Server gateway) throws IOException, InterruptedException {
        Footprint now = Footprint.of(gateway);
        for (int i = 1; i < MEASUREMENTS; i++) {
            Footprint before = now;
            now = Footprint.of(gateway);
            if (now.heapKb() > before.heapKb() - HEAP_STEP_KB) {
                return now;
            }
        }
        return now;
    }
}
