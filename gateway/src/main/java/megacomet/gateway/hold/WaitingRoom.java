package megacomet.gateway.hold;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import megacomet.gateway.hold.Seat.State;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes;
import megacomet.redis.Mailboxes.Claimed;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;
import megacomet.redis.TopicWake;
import megacomet.redis.Topics;
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

    private static final int JITTER_PERCENT = 10;

    /**
     * How many claims of one client may be under way. Each brings a whole mailbox, and polls that take over from each other would have
     * Redis send as many at once as there are polls.
     */
    static final int MAX_CLAIMS = 8;

    /** After how long a poll that came beyond that may come again. */
    private static final int CLAIMS_RETRY_MS = 1_000;

    /** How many messages may come while a claim or read is on its way; beyond that they are read instead. */
    private static final int MAX_EARLY_WAKES = 64;

    /** How long a client whose stream has ended is counted among followers, in case that it comes back at once. */
    private static final int COUNTED_AFTER_STREAM_MS = 1_000;

    /** How often one partition's topics are followed once more, in case that Redis has lost that. */
    private static final int RENEW_MS = 2_000;

    /** How long a poll that is to be answered at once waits for what is being read: it came to hear what there is. */
    private static final int READING_MAX_MS = 2_000;

    /** Generations are times of the master's clock; our estimate of it may be this far ahead. */
    private static final long UNSURE_MARGIN_MS = 5_000;

    private final Mailboxes mailboxes;
    private final Partitions partitions;
    private final MasterClocks clocks;
    private final LongSupplier clockMs;
    private final RandomGenerator random;
    private final RoomOptions options;
    private final RoomObserver observer;

    private final Seats seats;
    private final Deadlines deadlines;
    private final Settlements settlements;
    private final Rereads rereads;
    private final Following following;
    private final Answers answers;
    private final boolean[] isDeaf;
    private final List<Seat> woken = new ArrayList<>();
    /** How many claims of a seat are under way, of those that have any. */
    private final Map<Seat, Integer> claims = new IdentityHashMap<>();

    private int holds;
    private int streams;
    private long lastRenewedMs;
    /** Null until it is to stop. */
    private Drain drain;

    /** @param clockMs a clock in ms that never goes back */
    public WaitingRoom(
            Mailboxes mailboxes,
            Topics topics,
            Partitions partitions,
            MasterClocks clocks,
            LongSupplier clockMs,
            RandomGenerator random,
            RoomOptions options,
            RoomObserver observer) {
        this.mailboxes = mailboxes;
        this.partitions = partitions;
        this.seats = new Seats(partitions);
        this.clocks = clocks;
        this.clockMs = clockMs;
        this.random = random;
        this.options = options;
        this.observer = observer;
        this.deadlines = new Deadlines(clockMs.getAsLong());
        this.settlements = new Settlements(mailboxes);
        this.rereads = new Rereads(mailboxes, this::wasRead);
        this.following = new Following(topics, partitions, options, clockMs, this::hasMore, this::deliverWoken);
        this.answers = new Answers(following, clocks, partitions, observer);
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
        streams += hold.outlet.isStream() ? 1 : 0;
        hold.seatedMs = clockMs.getAsLong();
        hold.expiryMs = hold.expiryMs == Hold.FOR_EVER ? Hold.FOR_EVER : hold.seatedMs + hold.expiryMs;
        if (drain != null) {
            Seat known = seats.get(client);
            if (known != null) {
                drain(known); // It is on its way already.
            }
            end(new Seat(client, partitions.of(client)), hold, EndReason.DRAINING, null);
            return;
        }
        Seat seat = seats.getOrAdd(client);
        if (page.isOvertakenBy(seat.page())) {
            end(seat, hold, EndReason.OVERTAKEN, null);
            return;
        }
        if (claims.getOrDefault(seat, 0) >= MAX_CLAIMS) {
            hold.end();
            hasEnded(hold, seat, EndReason.TOO_FAST);
            hold.outlet.refuse(EndReason.TOO_FAST, CLAIMS_RETRY_MS);
            return;
        }
        Hold previous = seat.hold;
        if (previous == null) {
            take(seat, page, hold, cursor);
            return;
        }
        if (!previous.outlet.isStream() && !seat.isNewsToUs && isAtOnce(previous)) {
            strain(seat); // Polls that end each other in a circle cost Redis as much as those that are answered.
        }
        EndReason reason = page.isSameAs(seat.page()) ? EndReason.OVERTAKEN : EndReason.SUPERSEDED;
        String cursorOfPrevious = answers.cursorAtEnd(seat);
        previous.end();
        hasEnded(previous, seat, reason);
        take(seat, page, hold, cursor);
        // Last, because the next poll may come while the answer is written: it may be pipelined behind the one that is
        // answered.
        tell(previous, reason, cursorOfPrevious);
    }

    /** The hold is the seat's from now on. */
    private void take(Seat seat, Page page, Hold hold, Cursor cursor) {
        deadlines.disarm(seat);
        seat.hold = hold;
        boolean isOfSamePage = page.conn() == seat.page().conn();
        seat.polledBy(page);
        seat.transport = hold.transport;
        hold.seat = seat;
        if (isTooFast(seat, hold, cursor)) {
            return;
        }
        // Another page claims, or that the former one had moved before, which is on its way, would be taken for news.
        boolean isKnown = isOfSamePage && canAnswerWithoutRedis(seat, cursor);
        if (!isKnown) {
            seat.state = State.CLAIMING; // What it follows is read after its mailbox: see Recoveries.
        }
        boolean followsTheSame = following.polled(seat, hold, cursor);
        if (isKnown && followsTheSame) {
            observer.answeredWithoutRedis();
            confirmLater(seat, cursor);
            settle(seat);
        } else {
            claim(seat, cursor, false);
        }
    }

    /**
     * A client that confirms nothing, is answered at once and comes again at once is broken, and is refused in the end. What
     * counts is what its polls confirm: one that brings another cursor than before starts afresh.
     */
    private boolean isTooFast(Seat seat, Hold hold, Cursor cursor) {
        long nowMs = clockMs.getAsLong();
        int brought = cursor == null ? 0 : Objects.hash(cursor.mailbox(), cursor.topics());
        seat.isNewsToUs = cursor != null && brought != seat.broughtHash;
        seat.broughtHash = brought;
        Patience patience = seat.patience;
        if (patience == null) {
            return false;
        }
        if (seat.isNewsToUs || patience.isRested(nowMs)) {
            seat.patience = null;
            return false;
        }
        long refusalMs = patience.refusalMs(nowMs);
        if (refusalMs > 0) {
            seat.hold = null;
            linger(seat);
            hold.end();
            hasEnded(hold, seat, EndReason.TOO_FAST);
            hold.outlet.refuse(EndReason.TOO_FAST, refusalMs);
        }
        return refusalMs > 0;
    }

    private Advice advice(Seat seat, Hold hold) {
        return Advice.retry(intervalMs(seat, hold), options.timeoutMs());
    }

    /** Returns how long the client should wait before it polls again, which is 0 unless it has strained our patience. */
    private long intervalMs(Seat seat, Hold hold) {
        if (hold.outlet.isStream() || seat.isNewsToUs || !isAtOnce(hold)) {
            return 0;
        }
        strain(seat);
        return seat.patience.intervalMs(clockMs.getAsLong());
    }

    private boolean isAtOnce(Hold hold) {
        return clockMs.getAsLong() - hold.seatedMs <= Patience.AT_ONCE_MS;
    }

    private void strain(Seat seat) {
        if (seat.patience == null) {
            seat.patience = new Patience();
        }
        seat.patience.strain(clockMs.getAsLong());
    }

    /** The fast path: nothing can have happened that this seat does not know of. */
    private boolean canAnswerWithoutRedis(Seat seat, Cursor cursor) {
        return cursor != null
                && seat.state == State.SEATED
                && !seat.isInDoubt
                && !seat.isUncounted
                && seat.epoch == seat.writtenEpoch
                && seat.hasWritten(cursor.mailbox())
                && !isDeaf[seat.partition]
                && nowS() - seat.claimedS < options.renewMs() / 1000;
    }

    private int nowS() {
        return (int) (clockMs.getAsLong() / 1000);
    }

    private void confirmLater(Seat seat, Cursor cursor) {
        boolean hasGranted = seat.followed != null && !seat.followed.granted.isEmpty();
        boolean isNews =
                !seat.isConfirmed && seat.written > 0; // A mailbox that never had a message has nothing to confirm.
        seat.isConfirmed = true;
        if (isNews || hasGranted) {
            TopicPositions topics = hasGranted ? cursor.topics() : TopicPositions.NONE;
            settlements.confirm(seat.partition, seat.tenureAt(seat.written, topics));
        }
    }

    /**
     * Claims the client for its hold.
     *
     * @param cursor what the client has: what its poll brought; or, if it is claimed back, what was written to it. Null if that
     *     is not known
     * @param isBack whether an earlier poll of the same page has taken it meanwhile
     */
    private void claim(Seat seat, Cursor cursor, boolean isBack) {
        seat.state = State.CLAIMING;
        seat.isInDoubt = false;
        seat.isUncounted = false;
        seat.cursor = cursor;
        // What it knows of the mailbox is dropped, so that no cursor can be made before it is claimed, nor an answer.
        deadlines.disarm(seat);
        seat.dropMailbox();
        seat.gap = null;
        int ticket = ++seat.ticket;
        claims.merge(seat, 1, Integer::sum);
        long sentMs = clocks.monotonicMs();
        mailboxes
                .claim(new Mailboxes.Claim(seat.client, seat.transport, seat.page(), cursor, seat.tags(), isBack))
                .onComplete(claimed -> {
                    claims.computeIfPresent(seat, (same, count) -> count == 1 ? null : count - 1);
                    if (seat.ticket == ticket) {
                        claimed(seat, cursor, isBack, claimed, sentMs);
                    } else if (claimed.result() instanceof Claimed.Owned owned && seats.get(seat.client) == null) {
                        // Nobody wants the client here any more.
                        seat.generation = owned.generation();
                        settlements.release(seat.partition, seat.tenure());
                    }
                });
    }

    private void claimed(Seat seat, Cursor cursor, boolean isBack, AsyncResult<Claimed> outcome, long sentMs) {
        seat.cursor = null;
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
            // A poll goes on where its cursor is; a hold that took its client back, where it is.
            grant(seat, owned.following(), isBack ? null : cursor);
            if (cursor != null && cursor.mailbox().epoch() != seat.epoch) {
                missByPatterns(seat);
            }
            if (owned.wasAway()) {
                observer.arrived(seat.client, seat.transport);
            }
            dealWithEarlyWakes(seat);
        } else {
            lose(seat, outcome.result() instanceof Claimed.Moved ? EndReason.SUPERSEDED : EndReason.OVERTAKEN);
        }
    }

    /** The application may have the client follow something else than this seat knew of. */
    private void grant(Seat seat, List<Mailboxes.Following> granted, Cursor cursor) {
        long[] counted = seat.tags();
        List<TopicPattern> wanted = seat.hold == null ? List.of() : seat.hold.follows;
        if (!following.changed(seat, wanted, granted, cursor)) {
            // Redis counted what was wanted and what is granted; if one covers the other, that is once too often.
            seat.isInDoubt |= seat.followed.tags.length != counted.length + granted.size();
        }
    }

    /** The claim may have had its effect all the same; so the seat lingers, and is given up in the end. */
    private void couldNotClaim(Seat seat) {
        seat.state = State.SEATED;
        seat.isInDoubt = true;
        seat.isUnsure = true;
        seat.early = null;
        following.seated(seat);
        if (seat.hold == null) {
            linger(seat);
        } else {
            sendAway(seat, EndReason.UNAVAILABLE);
        }
    }

    /** Its client keeps the cursor that it has, and what was gathered for it waits. */
    private void sendAway(Seat seat, EndReason reason) {
        Hold hold = seat.hold;
        seat.hold = null;
        linger(seat);
        end(seat, hold, reason, null);
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

    /**
     * Another master has its mailbox: what it follows by patterns may lack something, also in partitions of which neither the
     * client nor that master knows anything, because all that there was is lost.
     */
    private void missByPatterns(Seat seat) {
        for (TopicPattern name : following.names(seat)) {
            if (name.isWildcard()) {
                seat.miss(name.value(), Answers.FAILOVER);
            }
        }
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
            hasMore(seat);
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
    public void published(int partition, TopicWake wake) {
        following.published(partition, wake);
    }

    /** There is something to write for a seat, or it has caught up; it is looked at by {@link #deliverWoken}. */
    private void hasMore(Seat seat) {
        if (seat.hold == null && seat.pendingBytes > options.lingerMaxBytes()) {
            doubt(seat);
        } else if (seat.hold != null && !seat.isWoken) {
            seat.isWoken = true;
            woken.add(seat);
        }
    }

    /** Writes what {@link #wake} and {@link #published} have gathered. */
    public void deliverWoken() {
        for (int i = 0; i < woken.size(); i++) {
            Seat seat = woken.get(i);
            seat.isWoken = false;
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
        } else if (wake instanceof Wake.FollowsChanged) {
            followsChanged(seat);
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
        } else {
            doubt(seat);
        }
    }

    /** A hold asks at once to what; a lingering seat's next poll does. */
    private void followsChanged(Seat seat) {
        if (seat.hold == null) {
            doubt(seat);
            return;
        }
        int ticket = seat.asksWhatIsGranted();
        mailboxes.following(seat.client).onComplete(granted -> {
            if (seat.grantTicket != ticket || !seats.has(seat)) {
                return;
            }
            seat.wasToldWhatIsGranted();
            if (seat.hold == null) {
                doubt(seat);
            } else if (granted.failed()) {
                followsChanged(seat);
            } else if (following.changed(seat, seat.hold.follows, granted.result(), null)) {
                hasMore(seat);
                deliverWoken();
            } else {
                recount(seat);
            }
        });
    }

    /** What a hold follows has changed, and Redis must count it anew. */
    private void recount(Seat seat) {
        seat.isInDoubt = true;
        hasMore(seat);
        deliverWoken();
    }

    /** Something is in Redis that the seat does not know: a hold reads it now, a lingering seat's next poll will. */
    private void doubt(Seat seat) {
        seat.isInDoubt = true;
        if (seat.hold == null) {
            seat.forgetPending();
            following.spoil(seat);
        }
    }

    private void dealWithEarlyWakes(Seat seat) {
        List<Wake> early = seat.early;
        seat.early = null;
        if (early != null) {
            for (Wake wake : early) {
                // A claim of its own may start among them; the rest then waits for that one.
                if (!seats.has(seat)) {
                    return;
                } else if (seat.state != State.SEATED) {
                    keepForLater(seat, wake);
                } else if (wake.generation() == seat.generation) {
                    dealWith(seat, wake);
                }
            }
        }
        if (seats.has(seat) && seat.state == State.SEATED) {
            following.seated(seat);
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
        if (hasExpired(hold)) {
            expire(seat);
            return;
        }
        answers.dropDead(seat);
        boolean isStream = hold.outlet.isStream();
        if (!seat.hasToTell() && (!isStream || hold.outlet.isWritable())) {
            following.readOn(
                    seat); // It may have been put off while nobody waited; an empty answer must not say that there is
            // nothing.
        }
        boolean mustGreet = isStream && !hold.isGreeted;
        boolean mustAnswer = hold.timeoutMs == 0 && !isStream && !seat.isInDoubt;
        // What comes while it is asked what the client follows may be of what it follows no more.
        boolean isSettled = following.isSettled(seat) && !seat.isAskingWhatIsGranted();
        boolean hasToTell = seat.hasToTell();
        if (isSettled && (hasToTell || (mustGreet || mustAnswer) && !following.isYetToBegin(seat))) {
            if (!isStream) {
                write(seat, hasToTell ? EndReason.DELIVERED : EndReason.TIMED_OUT);
                return;
            } else if (hold.outlet.isWritable()) {
                stream(seat);
            } else {
                keepWithinBounds(seat);
            }
        }
        boolean mayHaveMore = seat.hold == hold && isSettled && !seat.hasToTell();
        if (mayHaveMore && (!isStream || hold.outlet.isWritable())) {
            following.readOn(seat);
        }
        if (seat.hold == hold && !seat.isArmed()) {
            deadlines.arm(seat, isStream ? nextHeartbeatMs(hold) : endMs(hold));
        }
        if (seat.hold == hold && seat.isInDoubt && seat.state == State.SEATED) {
            rereads.read(seat);
        }
    }

    /** A poll waits until its time is over, or its token expires. */
    private long endMs(Hold hold) {
        return Math.min(hold.seatedMs + waitingMs(hold), hold.expiryMs);
    }

    private long waitingMs(Hold hold) {
        return hold.timeoutMs == 0 ? READING_MAX_MS : jittered(hold.timeoutMs);
    }

    /** Hold times are jittered, and only shortened, so that browsers that came together do not come back together. */
    private long jittered(int timeoutMs) {
        return timeoutMs - random.nextLong((long) timeoutMs * JITTER_PERCENT / 100 + 1);
    }

    private long nextHeartbeatMs(Hold hold) {
        return Math.min(clockMs.getAsLong() + options.heartbeatMs(), hold.expiryMs);
    }

    private void linger(Seat seat) {
        deadlines.arm(seat, clockMs.getAsLong() + options.lingerMs());
    }

    /** An answer that waited for something else since it was given: without what has died meanwhile, which it tells as missed. */
    public Answer withoutDead(ClientId client, Answer answer) {
        return answers.withoutDead(client, answer);
    }

    /**
     * An answer that also says that all that the client follows may lack something, because the client was further at another
     * master.
     */
    public Answer withFailover(ClientId client, Answer answer) {
        Seat seat = seats.get(client);
        return answers.withFailover(client, seat == null ? List.of() : following.names(seat), answer);
    }

    /** Answers a poll, which ends it. */
    private void write(Seat seat, EndReason reason) {
        Hold hold = seat.hold;
        seat.hold = null;
        Answer answer = answers.take(seat, hold.transport, advice(seat, hold));
        linger(seat);
        hold.end();
        hasEnded(hold, seat, reason);
        hold.outlet.answer(answer);
    }

    /** Writes to a stream, which goes on. */
    private void stream(Seat seat) {
        Hold hold = seat.hold;
        Answer answer = answers.take(seat, hold.transport, advice(seat, hold));
        hold.isGreeted = true;
        deadlines.arm(seat, nextHeartbeatMs(hold));
        hold.outlet.answer(answer);
    }

    /**
     * A stream's browser does not take in what it is sent. Of what waits for it the latest of each key is kept and relayed
     * messages go; if the rest is still too much, the stream is ended, and the cursor makes that harmless.
     */
    private void keepWithinBounds(Seat seat) {
        if (seat.pendingBytes <= options.streamMaxBytes()) {
            return;
        }
        Backlog.shorten(seat, (topic, count) -> observer.dropped(seat.client, topic, count));
        if (seat.pendingBytes > options.streamMaxBytes()) {
            Hold hold = seat.hold;
            seat.hold = null;
            seat.forgetPending();
            seat.forgetGaps();
            following.spoil(seat);
            seat.isInDoubt = true;
            linger(seat);
            end(seat, hold, EndReason.SLOW_READER, null);
        }
    }

    // ---- reading again

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
        for (Seat seat : seats.of(partition)) {
            seat.isInDoubt = true;
            if (seat.hold == null) {
                seat.dropMailbox();
            } else if (seat.state == State.SEATED) {
                held.add(seat);
            }
        }
        rereads.readInTurn(held);
        following.readAgain(partition);
    }

    /** @param outcome null if Redis did not answer: the hold stays, and reads at one of the next ticks */
    private void wasRead(Seat seat, Claimed outcome) {
        if (outcome == null) {
            dealWithEarlyWakesWhileUnread(seat);
            following.seated(seat);
        } else if (outcome instanceof Claimed.Owned owned) {
            int formerEpoch = seat.epoch;
            seat.claimedS = nowS();
            take(seat, owned);
            grantAgain(seat, owned.following());
            if (formerEpoch != 0 && formerEpoch != seat.epoch) { // else it was never claimed for sure
                missByPatterns(seat);
            }
            dealWithEarlyWakes(seat);
        } else if (outcome instanceof Claimed.Moved moved) {
            moved(seat, moved.by());
        }
    }

    /** That the client is to follow something else may be what a lost wake said. */
    private void grantAgain(Seat seat, List<Mailboxes.Following> granted) {
        if (following.isGranted(seat, granted)) {
            return;
        }
        if (seat.hold == null) {
            doubt(seat);
        } else {
            seat.isInDoubt |= !following.changed(seat, seat.hold.follows, granted, null); // Redis must count it anew.
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
            lingerAfter(seat, hold);
        }
        hold.end();
        hasEnded(hold, seat, EndReason.GONE);
    }

    /** A client whose stream has ended counts among followers only a little longer, though it is taken for there. */
    private void lingerAfter(Seat seat, Hold hold) {
        if (hold.outlet.isStream() && seat.tags().length > 0) {
            deadlines.arm(seat, clockMs.getAsLong() + COUNTED_AFTER_STREAM_MS);
        } else {
            linger(seat);
        }
    }

    /**
     * Somebody else has claimed the client. If that was an older poll of the hold's own page, the hold claims it back; unless by
     * then another page has it, which would be told to stay away.
     */
    private void moved(Seat seat, Page by) {
        if (seat.hold != null && by.isOvertakenBy(seat.page())) {
            // Without what waits to be written: Redis takes for confirmed what the cursor says.
            // Not with what waits to be written: Redis takes for confirmed what the cursor says.
            claim(seat, answers.writtenCursor(seat), true);
        } else {
            lose(seat, by.isSameAs(seat.page()) ? EndReason.OVERTAKEN : EndReason.SUPERSEDED);
        }
    }

    /**
     * Tokens of these subjects were revoked. Which token made a hold is not known here any more; so all of their holds end, with advice to come
     * back, and whoever has no good token is refused then. A hold that only has the same hash comes back in vain, which is harmless.
     */
    public void revoked(Set<String> subjects) {
        Set<Integer> hashes = new HashSet<>();
        subjects.forEach(subject -> hashes.add(subject.hashCode()));
        List<Seat> theirs = new ArrayList<>();
        for (Seat seat : seats.all()) {
            if (seat.hold != null && isOfAny(seat, subjects, hashes)) {
                theirs.add(seat);
            }
        }
        for (Seat seat : theirs) {
            Hold hold = seat.hold;
            if (hold == null) {
                continue; // It went with another of its connection.
            }
            String cursor = answers.cursorAtEnd(seat);
            seat.hold = null;
            if (seat.state != State.CLAIMING) { // else the claim has it linger
                lingerAfter(seat, hold);
            }
            end(seat, hold, EndReason.REVOKED, cursor);
        }
    }

    private static boolean isOfAny(Seat seat, Set<String> subjects, Set<Integer> hashes) {
        int hash = seat.hold.outlet.subjectHash();
        return hash == 0 ? subjects.contains(seat.client.value()) : hashes.contains(hash);
    }

    /** The client is not this loop's any more. */
    private void lose(Seat seat, EndReason reason) {
        seats.remove(seat);
        deadlines.disarm(seat);
        rereads.forget(seat);
        seat.ticket++;
        Hold hold = seat.hold;
        seat.hold = null;
        String cursor = hold == null ? null : answers.cursorAtEnd(seat);
        following.forget(seat);
        if (reason == EndReason.DELETED || reason == EndReason.DRAINING) {
            observer.departed(seat.client, seat.transport, Departure.after(reason, seat.transport));
        }
        if (hold != null) {
            end(seat, hold, reason, cursor);
        }
    }

    private void end(Seat seat, Hold hold, EndReason reason, String cursor) {
        hold.end();
        hasEnded(hold, seat, reason);
        tell(hold, reason, cursor);
    }

    /** Writes the last answer of a hold that has ended. Whatever it causes may come back to this room before it returns. */
    private void tell(Hold hold, EndReason reason, String cursor) {
        if (reason == EndReason.UNAVAILABLE) {
            // Spread over the second half of the time, so that they do not all come back at once.
            hold.outlet.refuse(reason, options.retryAfterMs() / 2 + random.nextLong(options.retryAfterMs() / 2 + 1));
            return;
        }
        Advice advice = switch (reason) {
            case SUPERSEDED, DELETED, TOKEN_EXPIRED -> Advice.stayAway(options.timeoutMs());
            case DRAINING -> Advice.retry(random.nextLong(options.drainSpreadMs() + 1), options.timeoutMs());
            default -> Advice.retry(0, options.timeoutMs());
        };
        boolean isSaid = reason.isSaid() || hold.outlet.isToldWhy();
        hold.outlet.answer(new Answer(List.of(), cursor, null, List.of(), advice, isSaid ? reason : null));
    }

    private void hasEnded(Hold hold, Seat seat, EndReason reason) {
        holds--;
        streams -= hold.outlet.isStream() ? 1 : 0;
        seat.lastEnd = reason;
        observer.ended(seat.client, hold.transport, reason, clockMs.getAsLong() - hold.seatedMs);
    }

    // ---- time

    /** Meets the deadlines that have come, and settles what is owed. Called every {@link #TICK_MS}. */
    public void tick() {
        long nowMs = clockMs.getAsLong();
        deadlines.advance(nowMs, due -> isOver((Seat) due));
        if (drain != null && !drain.isEnding()) {
            drainNext(nowMs);
        }
        settlements.write();
        following.tick();
        if (nowMs - lastRenewedMs >= RENEW_MS) {
            lastRenewedMs = nowMs;
            following.renewNext();
        }
        rereads.tick();
        deliverWoken();
    }

    /** Returns clients that follow a topic here, by name or by a pattern, at most {@code limit}. */
    public List<ClientId> followers(Topic topic, int limit) {
        return following.followers(topic, limit);
    }

    // ---- what a stream says

    /** The browser of a stream has taken in what was written: more may be. */
    public void writable(Hold hold) {
        if (!hold.hasEnded() && hold.seat.state == State.SEATED) {
            settle(hold.seat);
        }
    }

    /** A stream wants to follow more, from now on. What it follows already goes on as it is. */
    public void follow(Hold hold, List<TopicPattern> more) {
        Set<TopicPattern> all = new LinkedHashSet<>(hold.follows);
        all.addAll(more);
        follows(hold, List.copyOf(all));
    }

    /** A stream wants to follow less. */
    public void unfollow(Hold hold, List<TopicPattern> less) {
        follows(hold, hold.follows.stream().filter(name -> !less.contains(name)).toList());
    }

    private void follows(Hold hold, List<TopicPattern> names) {
        hold.follows = names;
        Seat seat = hold.seat;
        if (hold.hasEnded() || seat == null) {
            return;
        }
        List<Mailboxes.Following> granted = seat.followed == null ? List.of() : seat.followed.granted;
        if (!following.changed(seat, names, granted, null)) {
            recount(seat);
        }
    }

    /** What a stream follows now, by its own wish. */
    public List<TopicPattern> follows(Hold hold) {
        return hold.follows;
    }

    /** A stream's token was replaced by one that is good for so long. */
    public void refresh(Hold hold, long lifeMs) {
        if (!hold.hasEnded()) {
            hold.expiryMs = lifeMs == Hold.FOR_EVER ? Hold.FOR_EVER : clockMs.getAsLong() + lifeMs;
            if (hold.seat.isArmed()) {
                deadlines.arm(hold.seat, nextHeartbeatMs(hold));
            }
        }
    }

    /** Confirms what a client has got; whether it waits here, elsewhere or nowhere. The cursor was made for it. */
    public void confirm(ClientId client, Cursor cursor) {
        settlements.confirm(
                partitions.of(client),
                new Mailboxes.Tenure(
                        client,
                        Transport.JSON,
                        Page.UNKNOWN,
                        0,
                        cursor.mailbox(),
                        Mailboxes.NO_FOLLOWS,
                        cursor.topics()));
    }

    /** How often {@link #tick} wants to be called, in ms. */
    public static final int TICK_MS = Deadlines.TICK_MS;

    private void isOver(Seat seat) {
        if (seat.hold != null && seat.hold.outlet.isStream()) {
            beat(seat);
        } else if (seat.hold != null && hasExpired(seat.hold)) {
            expire(seat);
        } else if (seat.hold != null) {
            answers.dropDead(seat);
            timeOut(seat);
        } else if (seat.tags().length > 0 && seat.transport.isStream()) {
            // Its stream has ended, and it has not come back.
            seat.isUncounted = true;
            linger(seat);
            rereads.read(seat);
        } else {
            giveUp(seat);
            seats.remove(seat);
            following.forget(seat);
            seat.ticket++;
            observer.departed(seat.client, seat.transport, Departure.after(seat.lastEnd, seat.transport));
        }
    }

    private void timeOut(Seat seat) {
        if (following.isBetween(seat)) {
            sendAway(seat, EndReason.TIMED_OUT);
        } else if (following.isYetToBegin(seat) && !seat.hasPending()) {
            // Else the client would think that it follows from here on, and would miss what comes before its next poll.
            sendAway(seat, EndReason.UNAVAILABLE);
        } else {
            write(seat, EndReason.TIMED_OUT);
        }
    }

    /** A stream has had nothing to tell for a while, or its token has expired. */
    private void beat(Seat seat) {
        Hold hold = seat.hold;
        if (hasExpired(hold)) {
            expire(seat);
            return;
        }
        hold.outlet.heartbeat();
        deadlines.arm(seat, nextHeartbeatMs(hold));
        if (seat.state == State.SEATED && nowS() - seat.claimedS >= options.renewMs() / 1000) {
            rereads.read(seat);
        }
    }

    private boolean hasExpired(Hold hold) {
        return hold.expiryMs != Hold.FOR_EVER && clockMs.getAsLong() >= hold.expiryMs;
    }

    /**
     * The hold's token has expired: nothing more is written to its browser, also not what came before this was noticed. The
     * messages stay for whoever brings a good token.
     */
    private void expire(Seat seat) {
        Hold hold = seat.hold;
        String cursor = answers.cursorAtEnd(seat);
        seat.hold = null;
        lingerAfter(seat, hold);
        end(seat, hold, EndReason.TOKEN_EXPIRED, cursor);
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
     * Ends every hold and gives every client up, at an even pace, with advice to come back that is spread over time. Until it
     * is a client's turn it is served as ever; but whoever comes from now on is sent away at once.
     *
     * @param lastsMs over how long; 0 for now
     * @return completes when Redis knows of all, or cannot be told
     */
    public Future<Void> drain(long lastsMs) {
        if (drain == null) {
            drain = new Drain(seats.all(), clockMs.getAsLong(), lastsMs);
            drainNext(clockMs.getAsLong());
        }
        return drain.over();
    }

    private void drainNext(long nowMs) {
        for (Seat seat : drain.takeDue(nowMs)) {
            if (seats.has(seat)) { // else it has gone of its own accord
                drain(seat);
            }
        }
        if (drain.isEmpty() || seats.isEmpty()) {
            drain.endWhen(settlements.write());
        }
    }

    private void drain(Seat seat) {
        giveUp(seat);
        lose(seat, EndReason.DRAINING);
    }

    /** How many holds wait here. */
    public int holds() {
        return holds;
    }

    /** How many of the holds are streams. */
    public int streams() {
        return streams;
    }

    /** How many topics and patterns are followed here by somebody. */
    public int follows() {
        return following.size();
    }

    /** How many clients are seated here: those with a hold and those that linger. */
    public int seats() {
        return seats.size();
    }

    /** Checks what must always be true between two events; for tests. */
    void assertSound() {
        int held = 0;
        for (Seat seat : seats.all()) {
            held += seat.hold == null ? 0 : 1;
            if (seat.state == State.SEATED && !seat.isArmed() && !rereads.isDue(seat)) {
                throw new AssertionError("nothing will ever happen to the seat of " + seat.client);
            }
            if (seat.hold != null && (seat.hold.hasEnded() || seat.hold.seat != seat)) {
                throw new AssertionError("the hold of " + seat.client + " is not its own");
            }
        }
        if (held != holds) {
            throw new AssertionError(held + " holds are seated, " + holds + " are counted");
        }
        following.assertSound();
        if (deadlines.armed() > seats.size()) {
            throw new AssertionError(deadlines.armed() + " deadlines for " + seats.size() + " seats");
        }
    }
}
