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

    /** What the thread saw last, and when. */
    private Set<Integer> former = Set.of();

    private long formerMs = RunClock.nowMs();

    /** How many masters there are at rest, and when there were last no more than that. */
    private int usual;

    private long fewMs = formerMs;

    /** Who they were then. */
    private Set<Integer> few = Set.of();

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
        while (!isClosed) {
            Set<Integer> masters = masters();
            if (!masters.isEmpty()) {
                look(masters, RunClock.nowMs());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                break;
            }
        }
        if (former.size() > usual) {
            many(RunClock.nowMs());
        }
    }

    private void look(Set<Integer> masters, long nowMs) {
        if (former.isEmpty()) {
            usual = masters.size();
        } else if (!former.containsAll(masters)) {
            String on = "seen: masters on ports " + masters + ", before " + former;
            recorder.add(new Disturbance(History.MASTERS_CHANGED, on, null, formerMs, nowMs));
            timeline.say("%-20s %s", History.MASTERS_CHANGED, on);
        }
        if (masters.size() <= usual) {
            if (former.size() > usual) {
                many(nowMs);
                if (masters.equals(few)) {
                    back(nowMs);
                }
            }
            fewMs = nowMs;
            few = masters;
        }
        former = masters;
        formerMs = nowMs;
    }

    /** There were more masters than belong there since {@link #fewMs}. */
    private void many(long nowMs) {
        recorder.add(new Disturbance(History.TOO_MANY_MASTERS, "seen: more than " + usual, null, fewMs, nowMs));
        timeline.say(
                "%-20s seen: more than %d, for %.1f s", History.TOO_MANY_MASTERS, usual, (nowMs - fewMs) / 1_000.0);
    }

    /** What had become a master since {@link #fewMs} is none any more, and the former one never ceased to be one. */
    private void back(long nowMs) {
        String on = "seen: masters on ports " + few + " as before";
        recorder.add(new Disturbance(History.MASTER_BACK, on, null, fewMs, nowMs));
        timeline.say("%-20s %s", History.MASTER_BACK, on);
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
