package megacomet.loadtest.chaos.faults;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import megacomet.embedded.RedisServer;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.History;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.RunClock;
import megacomet.loadtest.chaos.world.Redis;

/**
 * Notices when other servers become masters, whoever wanted it: on a machine that is too busy, a master that does not get to
 * answer for a second is replaced, which is a failover like any other.
 */
public final class MasterWatch implements AutoCloseable {

    private static final long LOOK_MS = 500;

    private final Redis redis;
    private final Recorder recorder;
    private final Timeline timeline;
    private final Thread thread = new Thread(this::watch, "master-watch");
    private volatile boolean isClosed;

    public MasterWatch(Redis redis, Recorder recorder, Timeline timeline) {
        this.redis = redis;
        this.recorder = recorder;
        this.timeline = timeline;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws InterruptedException {
        isClosed = true;
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void watch() {
        Set<Integer> former = Set.of();
        long formerMs = RunClock.nowMs();
        while (!isClosed) {
            Set<Integer> masters = masters();
            long nowMs = RunClock.nowMs();
            if (!masters.isEmpty()) {
                if (!former.isEmpty() && !masters.equals(former)) {
                    String on = "seen: masters on ports " + masters + ", before " + former;
                    recorder.add(new Disturbance(History.MASTERS_CHANGED, on, null, formerMs, nowMs));
                    timeline.say("%-20s %s", History.MASTERS_CHANGED, on);
                }
                former = masters;
                formerMs = nowMs;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** By their ports; none if some server does not say. */
    private Set<Integer> masters() {
        try {
            List<RedisServer> masters = redis.masters();
            Set<Integer> ports = new TreeSet<>();
            masters.forEach(master -> ports.add(master.port()));
            return ports;
        } catch (IOException isAway) {
            return Set.of();
        }
    }
}
