package megacomet.loadtest.browser;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Opens all browsers of a process, at a {@linkplain Ramp rate that rises}.
 *
 * <p>They are opened some at a time, those at the same server: where fifty processes open a million at fifty servers, a server that
 * is woken for each does hardly anything but wake up. So they come as much as a second late, but never more at once than come in
 * a second. Processes take the servers in turn, each from another on.
 *
 * <p>It belongs to one event loop.
 */
public final class Opening {

    /** How many of a crowd are opened before it is the next one's turn. */
    private static final int AT_A_TIME = 16;

    private static final int SHORTEST_PAUSE_MS = 5;
    private static final int LONGEST_PAUSE_MS = 1_000;
    private static final double NANOS_A_SECOND = 1e9;

    private final EventLoop loop;
    private final List<Crowd> crowds;
    private final Ramp ramp;
    private long begunNanos;
    private int opened;
    private int turn;
    private int ofTurn;

    /**
     * @param rate browsers a second, finite
     * @param first the number of the crowd that begins, taken around the list
     */
    public Opening(EventLoop loop, List<Crowd> crowds, double rate, int first) {
        this.loop = loop;
        this.crowds = List.copyOf(crowds);
        this.ramp = new Ramp(crowds.stream().mapToInt(Crowd::size).sum(), rate);
        this.turn = first;
    }

    /** Begins. */
    public void start() {
        begunNanos = System.nanoTime();
        openDue();
    }

    private void openDue() {
        double planned = 1 + ramp.dueAfter(begunForS());
        // What a held-up process is late with beyond that is put off: the servers would be overrun.
        double due = Math.min(planned, opened + ramp.mostAtOnce());
        while (opened + 1 <= due && openNext()) {
            opened++;
        }
        double putOffS = ramp.secondsUntil(planned - 1) - ramp.secondsUntil(due - 1);
        begunNanos += (long) (putOffS * NANOS_A_SECOND);
        if (!crowds.stream().allMatch(Crowd::isOpened)) {
            long pauseMs = (long) Math.ceil(1_000 * (ramp.secondsUntil(opened + AT_A_TIME - 1) - begunForS()));
            loop.schedule(
                    this::openDue,
                    Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, pauseMs)),
                    TimeUnit.MILLISECONDS);
        }
    }

    private double begunForS() {
        return (System.nanoTime() - begunNanos) / NANOS_A_SECOND;
    }

    /** Opens one where it is somebody's turn who can; false if nobody can now. */
    private boolean openNext() {
        for (int i = 0; i <= crowds.size(); i++) {
            if (ofTurn < AT_A_TIME && crowds.get(turn % crowds.size()).openNext()) {
                ofTurn++;
                return true;
            }
            turn++;
            ofTurn = 0;
        }
        return false;
    }
}
