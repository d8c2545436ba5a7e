package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import megacomet.gateway.hold.Seat.State;
import megacomet.redis.Mailboxes;
import megacomet.redis.Mailboxes.Claimed;

/**
 * Has seats that are in doubt claimed and read again: one at once, or many a few at a time, so that a failover does not flood
 * Redis. What Redis did not answer is read at one of the next ticks.
 *
 * <p>One thread, the event loop's.
 */
final class Rereads {

    /** How many calls for many seats may be on their way. */
    private static final int CALLS_AT_ONCE = 8;

    private final Mailboxes mailboxes;
    private final BiConsumer<Seat, Claimed> wasRead;
    private final Deque<List<Seat>> inTurn = new ArrayDeque<>();
    private final Set<Seat> unanswered = new HashSet<>();
    private int calls;

    /** @param wasRead is told what came of a seat, which is seated again; null if Redis did not answer, and it is still in doubt */
    Rereads(Mailboxes mailboxes, BiConsumer<Seat, Claimed> wasRead) {
        this.mailboxes = mailboxes;
        this.wasRead = wasRead;
    }

    /** Reads for one seat, now. */
    void read(Seat seat) {
        unanswered.remove(seat);
        read(List.of(seat));
    }

    /** Reads for many, as others are through. Those that are not held and in doubt any more when it is their turn are left out. */
    void readInTurn(List<Seat> seats) {
        inTurn.addAll(Settlements.inCalls(seats));
        readNext();
    }

    private void readNext() {
        while (calls < CALLS_AT_ONCE && !inTurn.isEmpty()) {
            List<Seat> still = inTurn.poll().stream()
                    .filter(seat -> isToBeRead(seat) && seat.isInDoubt)
                    .toList();
            if (!still.isEmpty()) {
                calls++;
                read(still).onComplete(done -> {
                    calls--;
                    readNext();
                });
            }
        }
    }

    private static boolean isToBeRead(Seat seat) {
        return seat.hold != null && seat.state == State.SEATED;
    }

    private Future<?> read(List<Seat> seats) {
        int[] tickets = new int[seats.size()];
        for (int i = 0; i < tickets.length; i++) {
            Seat seat = seats.get(i);
            seat.state = State.READING;
            seat.isInDoubt = false;
            tickets[i] = ++seat.ticket;
        }
        return mailboxes.reclaim(seats.stream().map(Seat::tenure).toList()).onComplete(outcomes -> {
            for (int i = 0; i < tickets.length; i++) {
                Seat seat = seats.get(i);
                if (seat.ticket == tickets[i]) {
                    answered(seat, outcomes.succeeded() ? outcomes.result().get(i) : null);
                }
            }
        });
    }

    private void answered(Seat seat, Claimed outcome) {
        seat.state = State.SEATED;
        if (outcome == null) {
            seat.isInDoubt = true;
            unanswered.add(seat);
        }
        wasRead.accept(seat, outcome);
    }

    /** Reads once more what was not answered. */
    void tick() {
        if (!unanswered.isEmpty()) {
            List<Seat> again = new ArrayList<>(unanswered);
            unanswered.clear();
            again.stream().filter(Rereads::isToBeRead).forEach(this::read);
        }
    }

    /** Whether the seat was not answered, and is read at the next tick. */
    boolean isDue(Seat seat) {
        return unanswered.contains(seat);
    }

    /** The seat is no more. */
    void forget(Seat seat) {
        unanswered.remove(seat);
    }
}
