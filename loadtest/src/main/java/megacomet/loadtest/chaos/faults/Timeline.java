package megacomet.loadtest.chaos.faults;

import java.util.function.Consumer;
import megacomet.loadtest.chaos.history.Disturbance;
import megacomet.loadtest.chaos.history.Recorder;
import megacomet.loadtest.chaos.history.RunClock;

/** When which fault began and ended, and on what: written down, and said aloud. */
public final class Timeline {

    private final Recorder recorder;
    private final Consumer<String> out;
    private final long startMs = RunClock.nowMs();

    public Timeline(Recorder recorder, Consumer<String> out) {
        this.recorder = recorder;
        this.out = out;
    }

    /** A part of a fault, or all of it. */
    interface Part {
        void run() throws Exception;
    }

    /** While this runs, something is broken; what it was is written down also if it fails. */
    void during(Fault fault, String on, Part part) throws Exception {
        long fromMs = RunClock.nowMs();
        try {
            part.run();
        } finally {
            long toMs = RunClock.nowMs();
            recorder.add(new Disturbance(fault.name(), on, null, fromMs, toMs));
            say(fromMs, "%-20s %s, for %.1f s", fault.name(), on, (toMs - fromMs) / 1_000.0);
        }
    }

    /** Says what happens now. */
    public void say(String what, Object... details) {
        say(RunClock.nowMs(), what, details);
    }

    private void say(long atMs, String what, Object... details) {
        out.accept("%7.1f s  %s".formatted((atMs - startMs) / 1_000.0, what.formatted(details)));
    }
}
