package megacomet.gateway.hold;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The seats of a waiting room that is to stop, and when it is each one's turn: at an even pace over a given time, so that
 * neither the other gateways nor Redis meet all of them at once.
 *
 * <p>Those of a partition follow one another, because what is given up together is told Redis in one call; partitions that
 * follow one another are far apart in Redis's slots, so that each master of a cluster has its share all along.
 */
final class Drain {

    private final Deque<Seat> left;
    private final int all;
    private final long beganMs;
    private final long lastsMs;
    private final Promise<Void> over = Promise.promise();
    private boolean isEnding;

    Drain(Collection<Seat> seats, long nowMs, long lastsMs) {
        List<Seat> inTurn = new ArrayList<>(seats);
        // Neighbours differ in their highest bits when the bits are read from the other end.
        inTurn.sort(Comparator.comparingInt(seat -> Integer.reverse(seat.partition)));
        this.left = new ArrayDeque<>(inTurn);
        this.all = inTurn.size();
        this.beganMs = nowMs;
        this.lastsMs = lastsMs;
    }

    /** Takes those whose turn has come. */
    List<Seat> takeDue(long nowMs) {
        long sinceMs = Math.min(lastsMs, nowMs - beganMs);
        long due = lastsMs == 0 ? all : all * sinceMs / lastsMs;
        List<Seat> taken = new ArrayList<>();
        while (all - left.size() < due) {
            taken.add(left.poll());
        }
        return taken;
    }

    /** Whether everybody had a turn. */
    boolean isEmpty() {
        return left.isEmpty();
    }

    /** Nobody is left; it is over when what was given up is written. */
    void endWhen(Future<Void> written) {
        isEnding = true;
        written.onComplete(done -> over.complete());
    }

    /** Whether nobody is left. */
    boolean isEnding() {
        return isEnding;
    }

    /** Completes when everybody was given up and Redis knows, or cannot be told. */
    Future<Void> over() {
        return over.future();
    }
}
