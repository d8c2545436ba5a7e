package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import megacomet.gateway.hold.Seat.State;
import megacomet.redis.Topics.Allowance;

/**
 * The reads by which clients of one event loop get what they missed of topics, in an order that is fair, and bounded: in how many
 * are in flight, and in how much one answer holds.
 *
 * <p><b>A recovery is made of steps.</b> Each is one bounded read for one client; its replies are tasks of their own on the event
 * loop. A client that has something to tell goes on until its answer is full or complete, so that half-filled answers do not pile
 * up over many clients. Then it goes to the end of the line, so a client that missed much does not keep those waiting who
 * missed little.
 *
 * <p><b>One budget for an answer.</b> A step may read what still fits into the client's next answer: mailbox, topics and patterns
 * together. So a client has one step in flight, and none before its mailbox was read. Once the answer is full the remaining
 * steps are {@linkplain Step#putOff put off}: the answer goes out with positions as far as was read, and the next poll goes on
 * from there.
 *
 * <p>Nothing is read for a client that has no hold: its next poll does that. So a browser that asks for everything and leaves
 * costs one step.
 *
 * <p>A client costs memory here only while it has steps to do. One thread, the event loop's.
 */
final class Recoveries {

    /** How many clients have a step in flight; the others wait in line. So many answers are in memory at most, half-filled. */
    static final int AT_ONCE = 16;

    /** How many steps of a client may wait before it is looked which are outdated. */
    private static final int MAX_UNCHECKED = 64;

    private final RoomOptions options;
    private final Runnable answered;
    private final Map<Seat, Steps> steps = new HashMap<>();
    private final Deque<Steps> line = new ArrayDeque<>();
    private int inFlight;
    private boolean isStarting;

    /** One bounded read for one client. */
    interface Step {

        /** Whether the read is not needed any more: the client has another place, or does not follow this. */
        boolean isOutdated();

        /** Whether the client cannot be answered without this read, however full its answer is. */
        boolean isIndispensable();

        /** Reads as much as is allowed. The future completes after the read has been dealt with; it may fail. */
        Future<?> read(Allowance allowance);

        /** Does not read now: the client is answered with what it has, and its next poll goes on. */
        void putOff();
    }

    /** What one client has to read. */
    private static final class Steps {
        final Seat seat;
        final Deque<Step> waiting = new ArrayDeque<>(1);
        boolean isInLine;
        boolean isInFlight;

        Steps(Seat seat) {
            this.seat = seat;
        }
    }

    /** @param answered is called after steps were put off for others than the caller of {@link #add} */
    Recoveries(RoomOptions options, Runnable answered) {
        this.options = options;
        this.answered = answered;
    }

    /** Does the step when it is the client's turn, which may be now. */
    void add(Seat seat, Step step) {
        Steps those = steps.computeIfAbsent(seat, Steps::new);
        if (those.waiting.size() >= MAX_UNCHECKED) {
            those.waiting.removeIf(Step::isOutdated);
        }
        those.waiting.add(step);
        joinLine(those);
        startNext();
    }

    /** The client's mailbox was read, or cannot be; what fits besides it is known now. */
    void seated(Seat seat) {
        Steps those = steps.isEmpty() ? null : steps.get(seat);
        if (those != null) {
            joinLine(those);
            startNext();
        }
    }

    /** The client is not this loop's any more. */
    void forget(Seat seat) {
        Steps those = steps.isEmpty() ? null : steps.remove(seat);
        if (those != null) {
            those.waiting.clear();
            line.remove(those);
        }
    }

    private void joinLine(Steps those) {
        if (!those.isInLine && !those.isInFlight && those.seat.state == State.SEATED) {
            those.isInLine = true;
            line.add(those);
        }
    }

    /** A client whose answer is begun goes on at once; another one waits for its turn. */
    private void goOn(Steps those) {
        boolean isAnswerBegun = those.seat.hold != null && those.seat.hasPending();
        if (isAnswerBegun && !those.isInLine && those.seat.state == State.SEATED) {
            those.isInLine = true;
            line.addFirst(those);
        } else {
            joinLine(those);
        }
    }

    /** @return whether steps were put off */
    private boolean startNext() {
        if (isStarting) {
            return false; // Whoever starts goes on with what was added meanwhile.
        }
        isStarting = true;
        boolean hasPutOff = false;
        try {
            while (inFlight < AT_ONCE && !line.isEmpty()) {
                Steps those = line.remove();
                those.isInLine = false;
                if (those.seat.state == State.SEATED) {
                    hasPutOff |= start(those);
                } // Else its mailbox is being read, and it joins the line again after that.
            }
        } finally {
            isStarting = false;
        }
        return hasPutOff;
    }

    /** @return whether the client's step was put off */
    private boolean start(Steps those) {
        Step step = those.waiting.poll();
        if (step == null) {
            steps.remove(those.seat, those);
            return false;
        }
        boolean isPutOff = !step.isOutdated() && !step.isIndispensable() && !hasRoom(those.seat);
        if (step.isOutdated() || isPutOff) {
            if (isPutOff) {
                step.putOff();
            }
            goOn(those);
            return isPutOff;
        }
        inFlight++;
        those.isInFlight = true;
        step.read(allowance(those.seat)).onComplete(done -> {
            inFlight--;
            those.isInFlight = false;
            goOn(those);
            if (startNext()) {
                answered.run();
            }
        });
        return false;
    }

    private boolean hasRoom(Seat seat) {
        return seat.hold != null && !isFull(seat, maxBytes(seat));
    }

    /** Whether nothing more fits into the client's next answer. One that has nothing to tell is not full. */
    boolean isFull(Seat seat) {
        return isFull(seat, options.answerMaxBytes());
    }

    private boolean isFull(Seat seat, int maxBytes) {
        return seat.hasToTell() && (leftMessages(seat) <= 0 || seat.pendingBytes >= maxBytes);
    }

    /** Whether so much more fits in. Whatever comes first does. */
    boolean fits(Seat seat, int messages, int bytes) {
        return !seat.hasToTell()
                || messages <= leftMessages(seat) && seat.pendingBytes + bytes <= options.answerMaxBytes();
    }

    private int leftMessages(Seat seat) {
        int gaps = seat.topicGaps == null ? 0 : seat.topicGaps.size();
        int messages = seat.pending == null ? 0 : seat.pending.size();
        return options.answerMaxMessages() - messages - gaps;
    }

    private Allowance allowance(Seat seat) {
        return new Allowance(Math.max(1, leftMessages(seat)), Math.max(1, maxBytes(seat) - seat.pendingBytes));
    }

    /** A stream is caught up in pieces that fit into what may wait for its browser. */
    private int maxBytes(Seat seat) {
        boolean isStream = seat.hold != null && seat.hold.outlet.isStream();
        return isStream ? Math.min(options.streamMaxBytes(), options.answerMaxBytes()) : options.answerMaxBytes();
    }

    /** How many clients have steps to do; for tests. */
    int size() {
        return steps.size();
    }
}
