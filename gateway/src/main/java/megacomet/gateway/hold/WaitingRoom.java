package megacomet.gateway.hold;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import megacomet.gateway.hold.Seat.State;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.redis.Mailboxes;
import megacomet.redis.Mailboxes.Claimed;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;
import megacomet.redis.Wake;

/**
 * All holds of one event loop.
 *
 * <p><b>Seat first, read second.</b> A client is seated here before its mailbox is read, and a wake that arrives during
 * the read is kept and dealt with after it; so a message falls into what is read or into a wake, and never between.
 *
 * <p><b>A wake is a hint.</b> One that follows what the seat knows is delivered without a read; one that does not causes a
 * read; one that is lost is noticed by the node, which then has the partition {@linkplain #readAgain read again}.
 *
 * <p><b>One client, one consumer.</b> The latest hold wins. Here that is seen at once; between loops and nodes the claim
 * decides, and the one that lost is told by a wake or by its next read. A page's own retry replaces its poll without a
 * word; another page's poll is told {@code superseded}, and to stay away.
 *
 * <p><b>Between polls</b> the seat lingers. A poll whose cursor is what was last written, or what the seat's last poll
 * brought, needs no Redis: its confirmation is written later, with others.
 *
 * <p>A message whose life has ended is not written: that is judged at the moment of writing, by the estimate of its
 * master's clock.
 *
 * <p>What it does not do: it knows neither HTTP nor any transport, and it never blocks. One thread, the event loop's; time
 * and chance are passed in.
 */
public final class WaitingRoom {

    /** How many calls that read a partition again may be on their way, so that a failover does not flood Redis. */
    private static final int READS_AGAIN_AT_ONCE = 8;

    private static final int JITTER_PERCENT = 10;

    /** How many messages may come while a claim or read is on its way; beyond that they are read instead. */
    private static final int MAX_EARLY_WAKES = 64;

    /** Generations are times of the master's clock; our estimate of it may be this far ahead. */
    private static final long UNSURE_MARGIN_MS = 5_000;

    private final Mailboxes mailboxes;
    private final Partitions partitions;
    private final MasterClocks clocks;
    private final LongSupplier clockMs;
    private final RandomGenerator random;
    private final RoomOptions options;
    private final RoomObserver observer;

    private final Map<ClientId, Seat> seats = new HashMap<>();
    private final Deadlines deadlines;
    private final Settlements settlements;
    private final boolean[] isDeaf;
    private final List<Seat> woken = new ArrayList<>();
    private final Set<Seat> unread = new HashSet<>();
    private final Deque<List<Seat>> toReadAgain = new ArrayDeque<>();
    private int readingAgain;
    private int holds;
    private long lastSettledMs;
    private boolean isDraining;

    /** @param clockMs a clock in ms that never goes back */
    public WaitingRoom(
            Mailboxes mailboxes,
            Partitions partitions,
            MasterClocks clocks,
            LongSupplier clockMs,
            RandomGenerator random,
            RoomOptions options,
            RoomObserver observer) {
        this.mailboxes = mailboxes;
        this.partitions = partitions;
        this.clocks = clocks;
        this.clockMs = clockMs;
        this.random = random;
        this.options = options;
        this.observer = observer;
        this.deadlines = new Deadlines(clockMs.getAsLong());
        this.settlements = new Settlements(mailboxes);
        this.isDeaf = new boolean[partitions.count()];
        java.util.Arrays.fill(isDeaf, true);
    }

    // ---- the poll: browser → Redis

    /**
     * Lets a hold wait for a client's messages, instead of the one that may wait for it now.
     *
     * @param page which poll of which page it is
     * @param cursor what the browser brought, made for this client, or null
     */
    public void seat(ClientId client, Page page, Hold hold, Cursor cursor) {
        holds++;
        hold.seatedMs = clockMs.getAsLong();
        if (isDraining) {
            end(client, hold, EndReason.DRAINING, null);
            return;
        }
        Seat seat = seats.computeIfAbsent(client, id -> new Seat(id, partitions.of(id)));
        if (page.isOvertakenBy(seat.page())) {
            end(client, hold, EndReason.OVERTAKEN, null);
            return;
        }
        if (seat.hold != null) {
            EndReason reason = page.isSameAs(seat.page()) ? EndReason.OVERTAKEN : EndReason.SUPERSEDED;
            end(client, seat.hold, reason, cursorOf(seat));
        }
        deadlines.disarm(seat);
        seat.hold = hold;
        seat.polledBy(page);
        seat.transport = hold.transport;
        hold.seat = seat;
        if (canAnswerWithoutRedis(seat, cursor)) {
            observer.answeredWithoutRedis();
            confirmLater(seat);
            settle(seat);
        } else {
            claim(seat, cursor);
        }
    }

    /** The fast path: nothing can have happened that this seat does not know of. */
    private boolean canAnswerWithoutRedis(Seat seat, Cursor cursor) {
        return cursor != null
                && seat.state == State.SEATED
                && !seat.isInDoubt
                && seat.epoch == seat.writtenEpoch
                && seat.hasWritten(cursor.mailbox())
                && !isDeaf[seat.partition]
                && nowS() - seat.claimedS < options.renewMs() / 1000;
    }

    private int nowS() {
        return (int) (clockMs.getAsLong() / 1000);
    }

    private void confirmLater(Seat seat) {
        if (!seat.isConfirmed) {
            seat.isConfirmed = true;
            settlements.confirm(seat.partition, seat.tenureAt(seat.written));
        }
    }

    private void claim(Seat seat, Cursor cursor) {
        seat.state = State.CLAIMING;
        seat.isInDoubt = false;
        seat.cursor = cursor;
        int ticket = ++seat.ticket;
        long sentMs = clocks.monotonicMs();
        mailboxes
                .claim(new Mailboxes.Claim(seat.client, seat.transport, seat.page(), cursor))
                .onComplete(claimed -> {
                    if (seat.ticket == ticket) {
                        claimed(seat, cursor, claimed, sentMs);
                    } else if (claimed.result() instanceof Claimed.Owned owned && !seats.containsKey(seat.client)) {
                        // Nobody wants the client here any more.
                        seat.generation = owned.generation();
                        settlements.release(seat.partition, seat.tenure());
                    }
                });
    }

    private void claimed(Seat seat, Cursor cursor, AsyncResult<Claimed> outcome, long sentMs) {
        seat.cursor = null;
        seat.forgetPending();
        seat.gap = null;
        if (outcome.failed()) {
            couldNotClaim(seat);
        } else if (outcome.result() instanceof Claimed.Owned owned) {
            clocks.offer(seat.partition, owned.masterMs(), sentMs);
            seat.state = State.SEATED;
            seat.generation = owned.generation();
            seat.isUnsure = false;
            seat.claimedS = nowS();
            take(seat, owned);
            seat.brought(cursor);
            seat.isConfirmed = true;
            dealWithEarlyWakes(seat);
        } else {
            lose(seat, EndReason.OVERTAKEN);
        }
    }

    /** The claim may have had its effect all the same; so the seat lingers, and is given up in the end. */
    private void couldNotClaim(Seat seat) {
        seat.state = State.SEATED;
        seat.isInDoubt = true;
        seat.isUnsure = true;
        seat.early = null;
        Hold hold = seat.hold;
        seat.hold = null;
        linger(seat);
        if (hold != null) {
            end(seat.client, hold, EndReason.UNAVAILABLE, null);
        }
    }

    /** Adds what was read to what the seat knows. */
    private void take(Seat seat, Claimed.Owned owned) {
        owned.batch().messages().forEach(seat::collect);
        seat.epoch = owned.batch().position().epoch();
        seat.position = owned.batch().position().number();
        seat.gap = seat.gap == null
                ? owned.batch().gap()
                : seat.gap.and(owned.batch().gap());
        seat.isInDoubt |= !owned.batch().complete();
    }

    // ---- the message: Redis → browser

    /**
     * Deals with a wake for this loop; {@link #deliverWoken} must follow, after as many as have come. Between the two
     * a client's messages gather for one answer.
     */
    public void wake(int partition, Wake wake) {
        Seat seat = seats.get(wake.client());
        if (seat == null) {
            return; // It was given up a moment ago.
        }
        if (seat.state != State.SEATED) {
            keepForLater(seat, wake);
        } else if (wake.generation() == seat.generation) {
            dealWith(seat, wake);
            if (seat.hold != null && seat.state == State.SEATED) {
                woken.add(seat);
            }
        }
        // Else it was sent to an earlier claim of this loop, and the later one has read what it was about.
    }

    private void keepForLater(Seat seat, Wake wake) {
        if (wake instanceof Wake.Appended && seat.earlyWakes() >= MAX_EARLY_WAKES) {
            seat.isInDoubt = true;
        } else {
            seat.keepForLater(wake);
        }
    }

    /** Deals with a message of a topic; {@link #deliverWoken} must follow. */
    public void published(int partition, megacomet.redis.TopicWake wake) {}

    /** Writes what {@link #wake} and {@link #published} have gathered. */
    public void deliverWoken() {
        for (int i = 0; i < woken.size(); i++) {
            Seat seat = woken.get(i);
            if (seat.hold != null && seat.state == State.SEATED) {
                settle(seat);
            }
        }
        woken.clear();
    }

    private void dealWith(Seat seat, Wake wake) {
        if (wake instanceof Wake.Appended appended) {
            appended(seat, appended);
        } else if (wake instanceof Wake.Moved moved) {
            moved(seat, moved.by());
        } else {
            lose(seat, EndReason.DELETED);
        }
    }

    private void appended(Seat seat, Wake.Appended wake) {
        boolean isSameMaster = wake.epoch() == seat.epoch;
        if (isSameMaster && wake.number() <= seat.position) {
            return; // It was read already.
        }
        if (isSameMaster && wake.before() <= seat.position && wake.message() != null && !seat.isInDoubt) {
            observer.woken(clocks.nowMs(seat.partition) - wake.message().atMs());
            seat.collect(wake.message());
            if (seat.hold == null && seat.pendingBytes > options.lingerMaxBytes()) {
                doubt(seat);
            }
        } else {
            doubt(seat);
        }
    }

    /** Something is in Redis that the seat does not know: a hold reads it now, a lingering seat's next poll will. */
    private void doubt(Seat seat) {
        seat.isInDoubt = true;
        if (seat.hold == null) {
            seat.forgetPending();
        }
    }

    private void dealWithEarlyWakes(Seat seat) {
        List<Wake> early = seat.early;
        seat.early = null;
        if (early != null) {
            for (Wake wake : early) {
                // A claim of its own may start among them; the rest then waits for that one.
                if (seats.get(seat.client) != seat) {
                    return;
                } else if (seat.state != State.SEATED) {
                    keepForLater(seat, wake);
                } else if (wake.generation() == seat.generation) {
                    dealWith(seat, wake);
                }
            }
        }
        if (seats.get(seat.client) == seat && seat.state == State.SEATED) {
            settle(seat);
        }
    }

    // ---- what a seat does next

    /** Writes, reads, waits or lingers: whatever there is to do for a seat that knows what it can know. */
    private void settle(Seat seat) {
        Hold hold = seat.hold;
        if (hold == null) {
            linger(seat);
            return;
        }
        dropDead(seat);
        boolean mustTellGap = seat.gap != null && hold.hasCursor;
        if (seat.hasPending() || mustTellGap) {
            write(seat, EndReason.DELIVERED);
            return;
        }
        if (hold.timeoutMs == 0 && !seat.isInDoubt) {
            write(seat, EndReason.TIMED_OUT);
            return;
        }
        if (!seat.isArmed()) {
            deadlines.arm(seat, hold.seatedMs + jittered(hold.timeoutMs));
        }
        if (seat.isInDoubt) {
            read(seat);
        }
    }

    /** Hold times are jittered, and only shortened, so that browsers that came together do not come back together. */
    private long jittered(int timeoutMs) {
        return timeoutMs - random.nextLong((long) timeoutMs * JITTER_PERCENT / 100 + 1);
    }

    private void linger(Seat seat) {
        deadlines.arm(seat, clockMs.getAsLong() + options.lingerMs());
    }

    private void dropDead(Seat seat) {
        if (seat.pending == null) {
            return;
        }
        long nowMs = clocks.nowMs(seat.partition);
        int before = seat.pending.size();
        seat.pending.removeIf(message -> message.expiryMs() <= nowMs);
        int dead = before - seat.pending.size();
        if (dead > 0) {
            Gap expired = new Gap(dead, Gap.Reason.EXPIRED);
            seat.gap = seat.gap == null ? expired : seat.gap.and(expired);
        }
    }

    private void write(Seat seat, EndReason reason) {
        Hold hold = seat.hold;
        List<Message> messages = seat.pending == null ? List.of() : seat.pending;
        Gap gap = seat.gap;
        seat.hold = null;
        seat.forgetPending();
        seat.gap = null;
        seat.wrote();
        linger(seat);

        long nowMs = clocks.nowMs(seat.partition);
        for (Message message : messages) {
            observer.delivered(hold.transport, nowMs - message.atMs());
        }
        if (gap != null) {
            observer.told(seat.client, gap);
        }
        hold.end();
        hasEnded(hold, seat.client, reason);
        hold.outlet.answer(
                new Answer(messages, cursorOf(seat), gap, List.of(), Advice.retry(0, options.timeoutMs()), null));
    }

    /** Returns the cursor that says what the client has, or null if that is not known. */
    private String cursorOf(Seat seat) {
        if (seat.isWrittenKnown()) {
            return cursorAt(seat, seat.writtenPosition()).encode();
        }
        boolean isAllTold =
                seat.state == State.SEATED && seat.generation != 0 && !seat.hasPending() && seat.gap == null;
        if (isAllTold) {
            return cursorAt(seat, new Position(seat.epoch, seat.position)).encode();
        }
        return seat.cursor == null ? null : seat.cursor.encode();
    }

    private Cursor cursorAt(Seat seat, Position position) {
        return new Cursor(Cursor.tagOf(seat.client), clocks.nowMs(seat.partition), position);
    }

    // ---- reading again

    /** Reads for one hold that is in doubt. */
    private void read(Seat seat) {
        unread.remove(seat);
        readAgain(List.of(seat));
    }

    /** Wakes of the partition are not heard from now on; {@link #readAgain} follows when they are again. */
    public void deaf(int partition) {
        isDeaf[partition] = true;
    }

    /**
     * Wakes of the partition may have been lost, but are heard from now on: every hold there is claimed and read again, a
     * few at a time, and lingering seats are put in doubt.
     */
    public void readAgain(int partition) {
        isDeaf[partition] = false;
        List<Seat> held = new ArrayList<>();
        for (Seat seat : seats.values()) {
            if (seat.partition == partition) {
                seat.isInDoubt = true;
                if (seat.hold == null) {
                    seat.forgetPending();
                } else if (seat.state == State.SEATED) {
                    held.add(seat);
                }
            }
        }
        toReadAgain.addAll(Settlements.inCalls(held));
        readNextAgain();
    }

    private void readNextAgain() {
        while (readingAgain < READS_AGAIN_AT_ONCE && !toReadAgain.isEmpty()) {
            List<Seat> still = toReadAgain.poll().stream()
                    .filter(seat -> seat.hold != null && seat.state == State.SEATED && seat.isInDoubt)
                    .toList();
            if (!still.isEmpty()) {
                readingAgain++;
                readAgain(still).onComplete(done -> {
                    readingAgain--;
                    readNextAgain();
                });
            }
        }
    }

    private Future<?> readAgain(List<Seat> those) {
        int[] tickets = new int[those.size()];
        for (int i = 0; i < tickets.length; i++) {
            Seat seat = those.get(i);
            seat.state = State.READING;
            seat.isInDoubt = false;
            tickets[i] = ++seat.ticket;
        }
        return mailboxes.reclaim(those.stream().map(Seat::tenure).toList()).onComplete(outcomes -> {
            for (int i = 0; i < tickets.length; i++) {
                Seat seat = those.get(i);
                if (seat.ticket == tickets[i]) {
                    wasRead(seat, outcomes.succeeded() ? outcomes.result().get(i) : null);
                }
            }
        });
    }

    /** @param outcome null if Redis did not answer: the hold stays, and reads at one of the next ticks */
    private void wasRead(Seat seat, Claimed outcome) {
        seat.state = State.SEATED;
        if (outcome == null) {
            seat.isInDoubt = true;
            unread.add(seat);
            dealWithEarlyWakesWhileUnread(seat);
        } else if (outcome instanceof Claimed.Owned owned) {
            seat.claimedS = nowS();
            take(seat, owned);
            dealWithEarlyWakes(seat);
        } else if (outcome instanceof Claimed.Moved moved) {
            moved(seat, moved.by());
        }
    }

    /** Messages will be read; but that the client moved or was deleted must not be forgotten. */
    private void dealWithEarlyWakesWhileUnread(Seat seat) {
        List<Wake> early = seat.early;
        seat.early = null;
        if (early != null) {
            early.stream()
                    .filter(wake -> !(wake instanceof Wake.Appended) && wake.generation() == seat.generation)
                    .findFirst()
                    .ifPresent(wake -> dealWith(seat, wake));
        }
    }

    // ---- ends

    /** The browser of {@code hold} went away. */
    public void leave(Hold hold) {
        if (hold.hasEnded()) {
            return;
        }
        Seat seat = hold.seat;
        seat.hold = null;
        if (seat.state != State.CLAIMING) {
            linger(seat);
        }
        hold.end();
        hasEnded(hold, seat.client, EndReason.GONE);
    }

    /** Somebody else has claimed the client. If that was an older poll of the hold's own page, the hold claims it back. */
    private void moved(Seat seat, Page by) {
        if (seat.hold != null && by.isOvertakenBy(seat.page())) {
            claim(seat, seat.isWrittenKnown() ? cursorAt(seat, seat.writtenPosition()) : null);
        } else {
            lose(seat, by.isSameAs(seat.page()) ? EndReason.OVERTAKEN : EndReason.SUPERSEDED);
        }
    }

    /** The client is not this loop's any more. */
    private void lose(Seat seat, EndReason reason) {
        seats.remove(seat.client);
        deadlines.disarm(seat);
        unread.remove(seat);
        seat.ticket++;
        Hold hold = seat.hold;
        seat.hold = null;
        if (hold != null) {
            end(seat.client, hold, reason, cursorOf(seat));
        }
    }

    private void end(ClientId client, Hold hold, EndReason reason, String cursor) {
        hold.end();
        hasEnded(hold, client, reason);
        if (reason == EndReason.UNAVAILABLE) {
            // Spread over the second half of the time, so that they do not all come back at once.
            hold.outlet.unavailable(options.retryAfterMs() / 2 + random.nextLong(options.retryAfterMs() / 2 + 1));
            return;
        }
        Advice advice = switch (reason) {
            case SUPERSEDED, DELETED -> Advice.stayAway(options.timeoutMs());
            case DRAINING -> Advice.retry(random.nextLong(options.drainSpreadMs() + 1), options.timeoutMs());
            default -> Advice.retry(0, options.timeoutMs());
        };
        hold.outlet.answer(new Answer(List.of(), cursor, null, List.of(), advice, reason.isSaid() ? reason : null));
    }

    private void hasEnded(Hold hold, ClientId client, EndReason reason) {
        holds--;
        observer.ended(client, hold.transport, reason, clockMs.getAsLong() - hold.seatedMs);
    }

    // ---- time

    /** Meets the deadlines that have come, and settles what is owed. Called at least every {@link #TICK_MS}. */
    public void tick() {
        long nowMs = clockMs.getAsLong();
        deadlines.advance(nowMs, due -> isOver((Seat) due));
        if (nowMs - lastSettledMs >= Settlements.PERIOD_MS) {
            lastSettledMs = nowMs;
            settlements.write();
            List<Seat> again = new ArrayList<>(unread);
            unread.clear();
            again.stream()
                    .filter(seat -> seat.hold != null && seat.state == State.SEATED)
                    .forEach(this::read);
        }
    }

    /** Returns clients that follow a topic here, by name or by a pattern, at most {@code limit}. */
    public List<ClientId> followers(megacomet.model.Topic topic, int limit) {
        return List.of();
    }

    /** The browser of a stream has taken in what was written: more may be. */
    public void writable(Hold hold) {}

    /** A stream wants to follow more, from now on. What it follows already goes on as it is. */
    public void follow(Hold hold, List<megacomet.model.TopicPattern> more) {}

    /** A stream wants to follow less. */
    public void unfollow(Hold hold, List<megacomet.model.TopicPattern> less) {}

    /** A stream's token was replaced by one that is good for so long. */
    public void refresh(Hold hold, long lifeMs) {}

    /** Confirms what a client has got; whether it waits here, elsewhere or nowhere. The cursor was made for it. */
    public void confirm(ClientId client, Cursor cursor) {}

    /** How often {@link #tick} wants to be called, in ms. */
    public static final int TICK_MS = Deadlines.TICK_MS;

    private void isOver(Seat seat) {
        if (seat.hold != null) {
            dropDead(seat);
            write(seat, EndReason.TIMED_OUT);
        } else {
            giveUp(seat);
            seats.remove(seat.client);
            seat.ticket++;
        }
    }

    private void giveUp(Seat seat) {
        if (seat.isUnsure) {
            // A claim of which nobody knows the generation; but it is older than this.
            long upToUs = (clocks.nowMs(seat.partition) - UNSURE_MARGIN_MS) * 1_000;
            seat.generation = Math.max(seat.generation, upToUs);
        }
        if (seat.generation != 0) {
            settlements.release(seat.partition, seat.tenure());
        }
    }

    /**
     * Ends every hold, now and from now on, with advice to come back spread over time, and gives every client up. Completes
     * when Redis knows, or cannot be told.
     */
    public Future<Void> drain() {
        isDraining = true;
        for (Seat seat : new ArrayList<>(seats.values())) {
            giveUp(seat);
            lose(seat, EndReason.DRAINING);
        }
        return settlements.write();
    }

    /** How many holds wait here. */
    public int holds() {
        return holds;
    }

    /** How many clients are seated here: those with a hold and those that linger. */
    public int seats() {
        return seats.size();
    }

    /** Checks what must always be true between two events; for tests. */
    void assertSound() {
        int held = 0;
        for (Seat seat : seats.values()) {
            held += seat.hold == null ? 0 : 1;
            if (seat.state == State.SEATED && !seat.isArmed() && !unread.contains(seat)) {
                throw new AssertionError("nothing will ever happen to the seat of " + seat.client);
            }
            if (seat.hold != null && (seat.hold.hasEnded() || seat.hold.seat != seat)) {
                throw new AssertionError("the hold of " + seat.client + " is not its own");
            }
        }
        if (held != holds) {
            throw new AssertionError(held + " holds are seated, " + holds + " are counted");
        }
        if (deadlines.armed() > seats.size()) {
            throw new AssertionError(deadlines.armed() + " deadlines for " + seats.size() + " seats");
        }
    }
}
