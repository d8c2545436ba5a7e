package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import megacomet.gateway.hold.Tap.State;
import megacomet.model.Batch;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.Partitions;
import megacomet.redis.TopicWake;
import megacomet.redis.Topics;
import megacomet.redis.Topics.Allowance;
import megacomet.redis.Topics.Recent;
import megacomet.redis.Topics.Want;

/**
 * The topics that the clients of one event loop follow by name.
 *
 * <p><b>Follow first, read second.</b> The first follower of a topic opens its tap: the loop follows the topic, and from the
 * same step on knows where it is. Others who come level with it need nothing from Redis; those who are behind read the log.
 *
 * <p><b>A number that does not follow makes the loop read</b> before it delivers, once for all who follow here. So does
 * whatever may have lost a wake: see {@link #readAgain}.
 *
 * <p>A tap that everybody left is kept for {@value #LINGER_MS} ms, because they often come back.
 *
 * <p>One thread, the event loop's. {@code changed} is called for every seat that has something to write or has caught up,
 * and {@code answered} once after all that an answer of Redis changed.
 */
final class Taps {

    /** How long a topic is followed that nobody follows here, in ms. */
    static final int LINGER_MS = 10_000;

    private final Topics topics;
    private final Partitions partitions;
    private final Recoveries recoveries;
    private final LongSupplier clockMs;
    private final Consumer<Seat> changed;
    private final Runnable answered;
    private final Map<Topic, Tap> taps = new HashMap<>();
    private final Map<Integer, Set<Tap>> tapsOf = new HashMap<>();
    private final Set<Tap> inDoubt = new HashSet<>();
    private final Set<Follow> unread = new HashSet<>();
    private final Set<Tap> deserted = new LinkedHashSet<>();
    /** Topics that Redis is being told to forget; they are not followed again before it has. */
    private final Set<Topic> leaving = new HashSet<>();

    Taps(
            Topics topics,
            Partitions partitions,
            Recoveries recoveries,
            LongSupplier clockMs,
            Consumer<Seat> changed,
            Runnable answered) {
        this.topics = topics;
        this.partitions = partitions;
        this.recoveries = recoveries;
        this.clockMs = clockMs;
        this.changed = changed;
        this.answered = answered;
    }

    // ---- the client: comes, catches up, goes

    /**
     * Lets a client follow a topic.
     *
     * @param from what it has, or null if nothing is known of that
     * @param byPattern if nothing is: how far it has the topic's partition, because it followed a pattern; or null
     * @param issuedAtMs when that was said, epoch ms; 0 for just now
     * @param isFromEarliest whether it then wants all that is kept, or only what comes from now on
     */
    Follow follow(Seat seat, Topic topic, Position from, Position byPattern, long issuedAtMs, boolean isFromEarliest) {
        Tap tap = taps.computeIfAbsent(topic, this::open);
        Follow follow = new Follow(seat, tap);
        follow.isFromEarliest = isFromEarliest;
        tap.add(follow);
        deserted.remove(tap);
        rewind(follow, from, byPattern, issuedAtMs);
        if (tap.state == State.IN_DOUBT) {
            read(List.of(tap));
        }
        return follow;
    }

    private Tap open(Topic topic) {
        Tap tap = new Tap(topic, partitions.of(topic));
        tapsOf.computeIfAbsent(tap.partition, none -> new LinkedHashSet<>()).add(tap);
        return tap;
    }

    /**
     * The client has another place in the topic than was thought; what it was about to be written is forgotten. The place is
     * said as for {@link #follow}.
     */
    void rewind(Follow follow, Position from, Position byPattern, long issuedAtMs) {
        follow.know(from);
        follow.byPattern = byPattern;
        follow.broughtIssuedAtMs = issuedAtMs;
        follow.mustReadOn = false;
        follow.brought(from);
        follow.takeEarly();
        follow.isLevel = false;
        follow.isReading = false;
        follow.isInLine = false;
        follow.ticket++;
        boolean isByPattern = from == null && byPattern != null;
        if (follow.tap.state == State.LIVE && isByPattern) {
            read(List.of(follow.tap)); // The pattern may have given what the loop has not heard of the topic.
        } else if (follow.tap.state == State.LIVE) {
            catchUp(follow);
        }
    }

    /** The client does not follow the topic any more. */
    void leave(Follow follow) {
        follow.ticket++;
        unread.remove(follow);
        follow.tap.remove(follow);
        if (follow.tap.isDeserted()) {
            follow.tap.desertedSinceMs = clockMs.getAsLong();
            deserted.add(follow.tap);
        }
    }

    /** Brings a client level with its live tap, by a read of the log if it must be. */
    private void catchUp(Follow follow) {
        Position from = follow.known();
        if (from == null && follow.byPattern != null) {
            readIndex(follow);
        } else if (from == null && !follow.isFromEarliest) {
            follow.know(follow.tap.position);
            level(follow);
        } else if (from != null && from.equals(follow.tap.position)) {
            level(follow);
        } else {
            readLog(follow, from);
        }
    }

    private void level(Follow follow) {
        follow.isLevel = true;
        changed.accept(follow.seat);
    }

    private void readLog(Follow follow, Position from) {
        long issuedAtMs = follow.broughtIssuedAtMs == 0 ? Long.MAX_VALUE : follow.broughtIssuedAtMs;
        Want want = new Want(follow.tap.topic, from, issuedAtMs, follow.isFromEarliest);
        readInTurn(
                follow,
                allowance -> topics.read(follow.tap.partition, List.of(want), allowance),
                batches -> caughtUp(follow, batches.get(0)));
    }

    private <T> void readInTurn(Follow follow, Function<Allowance, Future<T>> read, Consumer<T> take) {
        int ticket = ++follow.ticket;
        follow.isInLine = true;
        follow.isReading = false;
        unread.remove(follow);
        recoveries.add(follow.seat, new Recoveries.Step() {
            @Override
            public boolean isOutdated() {
                return follow.ticket != ticket;
            }

            @Override
            public boolean isIndispensable() {
                return follow.isByPatternToo || follow.isYetToFind();
            }

            @Override
            public Future<?> read(Allowance allowance) {
                follow.isInLine = false;
                follow.isReading = true;
                return read.apply(allowance).onComplete(done -> {
                    if (isOutdated()) {
                        return;
                    }
                    follow.isReading = false;
                    if (done.succeeded()) {
                        take.accept(done.result());
                    } else {
                        unread.add(follow);
                        changed.accept(follow.seat);
                    }
                    answered.run();
                });
            }

            @Override
            public void putOff() {
                follow.isInLine = false;
                fallBehind(follow);
            }
        });
    }

    /** Nothing more fits into the client's answer: what follows is read once that is written. */
    private void fallBehind(Follow follow) {
        follow.isLevel = false;
        follow.mustReadOn = true;
        follow.takeEarly();
        changed.accept(follow.seat);
    }

    /** What came since the client followed the topic by a pattern is found by the partition's numbers. */
    private void readIndex(Follow follow) {
        Position at = follow.tap.position;
        Position from = follow.byPattern.number() == 0 ? new Position(at.epoch(), 0) : follow.byPattern;
        List<TopicPattern> name = List.of(TopicPattern.of(follow.tap.topic));
        readInTurn(
                follow,
                allowance -> topics.recent(follow.tap.partition, name, from, allowance),
                recent -> foundByIndex(follow, at, recent));
    }

    /** @param at where the tap was when the index was asked; all up to there is in the index, or is gone */
    private void foundByIndex(Follow follow, Position at, Recent recent) {
        recent.messages().forEach(passed -> follow.seat.gather(passed.message()));
        recent.gaps().forEach(gap -> follow.seat.miss(gap.topic(), gap.gap()));
        if (!recent.messages().isEmpty()) {
            long last = recent.messages()
                    .get(recent.messages().size() - 1)
                    .message()
                    .number();
            follow.know(new Position(recent.position().epoch(), last));
        }
        if (!recent.complete()) {
            follow.byPattern = recent.position();
            readIndex(follow);
            return;
        }
        follow.byPattern = null;
        boolean isLogFurther =
                follow.known() == null || at.number() > follow.known().number();
        if (isLogFurther) {
            follow.know(at);
        }
        catchUp(follow);
    }

    /**
     * Another of the client's patterns matches the topic, or none does any more. If one does, all that the log has is read before
     * any of it is written.
     */
    void isByPatternToo(Follow follow, boolean isSo) {
        follow.isByPatternToo = isSo;
        if (isSo && follow.mustReadOn && follow.tap.state == State.LIVE) {
            readOn(follow);
        } else if (isSo) {
            follow.mustReadOn = false; // It catches up when the tap is live.
        }
    }

    private void caughtUp(Follow follow, Batch batch) {
        batch.messages().forEach(follow.seat::gather);
        follow.seat.miss(follow.tap.topic.value(), batch.gap());
        follow.know(batch.position());
        follow.isFromEarliest = false;
        follow.broughtIssuedAtMs = 0;
        if (!batch.complete()) {
            follow.takeEarly(); // They are read with the rest.
            readLog(follow, follow.known());
            return;
        }
        boolean mustReadOnceMore = follow.hasLostEarly();
        for (Follow.Early early : follow.takeEarly()) {
            if (early.epoch() == batch.position().epoch()) {
                give(follow, early.epoch(), early.message());
            } else {
                mustReadOnceMore = true; // Of a former master, or of a later one.
            }
        }
        if (mustReadOnceMore) {
            readLog(follow, follow.known());
        } else {
            level(follow);
        }
    }

    /** Goes on with a client that got as much of the log as fitted in. */
    void readOn(Follow follow) {
        if (follow.mustReadOn && follow.tap.state == State.LIVE) {
            follow.mustReadOn = false;
            readLog(follow, follow.known());
        }
    }

    /** Whether nothing more can be said to the client now: all is caught up with, or as much as fits into an answer, or Redis does
     * not answer. */
    boolean isSettled(Follow follow) {
        return !isBetween(follow)
                && (follow.isLevel
                        || follow.mustReadOn && follow.seat.hasToTell()
                        || unread.contains(follow)
                        || inDoubt.contains(follow.tap));
    }

    /**
     * Whether no cursor can be made for the client now, because it would say of a pattern more than the client has of this
     * topic: it is not yet known what it has, or its name is behind.
     */
    boolean isBetween(Follow follow) {
        boolean isBehind = !follow.isLevel || follow.tap.state != State.LIVE;
        return follow.isYetToFind() || follow.isByPatternToo && isBehind;
    }

    /** Whether the loop has heard all of a topic that it was told of. */
    boolean isLive(Tap tap) {
        return tap.state == State.LIVE;
    }

    // ---- the message

    /** Deals with a wake. */
    void published(TopicWake wake) {
        Tap tap = taps.get(wake.topic());
        if (tap == null) {
            return; // It was left a moment ago.
        }
        if (tap.state != State.LIVE) {
            tap.keepForLater(wake);
        } else {
            dealWith(tap, wake);
        }
    }

    private void dealWith(Tap tap, TopicWake wake) {
        boolean isSameMaster = wake.epoch() == tap.position.epoch();
        if (isSameMaster && wake.number() <= tap.position.number()) {
            return; // It was read already.
        }
        if (isSameMaster && wake.before() <= tap.position.number() && wake.message() != null) {
            pass(tap, wake.epoch(), wake.message());
            tap.position = new Position(wake.epoch(), wake.number());
        } else {
            read(List.of(tap));
        }
    }

    /** A message of a topic was found elsewhere: if its wake has not come, the topic is read. */
    void found(Message message, int epoch) {
        Tap tap = taps.get(message.topic());
        if (tap == null || tap.position == null) {
            return;
        }
        tap.found = new Position(epoch, message.number());
        if (tap.state == State.LIVE) {
            readIfBehind(tap);
        }
    }

    private void readIfBehind(Tap tap) {
        Position found = tap.found;
        tap.found = null;
        if (found != null && PatternBeginning.isLater(found, tap.position)) {
            read(List.of(tap));
        }
    }

    /** Gives a message to all who follow. */
    private void pass(Tap tap, int epoch, Message message) {
        List<Follow> followers = tap.followers();
        for (int i = 0; i < followers.size(); i++) {
            Follow follow = followers.get(i);
            if (follow.isLevel && !follow.isByPatternToo && recoveries.isFull(follow.seat)) {
                fallBehind(follow);
            } else if (follow.isLevel) {
                give(follow, epoch, message);
                changed.accept(follow.seat);
            } else if (follow.isReading) {
                follow.keepForLater(epoch, message);
            }
        }
    }

    private static void give(Follow follow, int epoch, Message message) {
        if (follow.isNew(message.number())) {
            follow.know(new Position(epoch, message.number()));
            follow.seat.gather(message);
        }
    }

    // ---- reading

    /** Wakes of the partition may have been lost: its topics are followed and read again. */
    void readAgain(int partition) {
        inCalls(List.copyOf(tapsOf.getOrDefault(partition, Set.of()))).forEach(this::read);
    }

    private static List<List<Tap>> inCalls(List<Tap> taps) {
        List<List<Tap>> calls = new ArrayList<>();
        for (int i = 0; i < taps.size(); i += Topics.MAX_A_CALL) {
            calls.add(taps.subList(i, Math.min(taps.size(), i + Topics.MAX_A_CALL)));
        }
        return calls;
    }

    /** Follows topics of one partition, and reads what came after what the loop has heard of them. */
    private void read(List<Tap> those) {
        List<Tap> some =
                those.stream().filter(tap -> !leaving.contains(tap.topic)).toList();
        if (some.isEmpty()) {
            return;
        }
        int[] tickets = new int[some.size()];
        List<Want> wants = new ArrayList<>(some.size());
        for (int i = 0; i < tickets.length; i++) {
            Tap tap = some.get(i);
            tap.state = State.READING;
            tap.mustReadOnceMore = false;
            inDoubt.remove(tap);
            tickets[i] = ++tap.ticket;
            wants.add(new Want(tap.topic, tap.position, false));
        }
        topics.follow(some.get(0).partition, wants).onComplete(read -> {
            for (int i = 0; i < tickets.length; i++) {
                Tap tap = some.get(i);
                if (tap.ticket != tickets[i]) {
                    continue;
                }
                if (read.succeeded()) {
                    wasRead(tap, read.result().get(i));
                } else {
                    couldNotRead(tap);
                }
            }
            answered.run();
        });
    }

    private void couldNotRead(Tap tap) {
        tap.state = State.IN_DOUBT;
        inDoubt.add(tap);
        tap.followers().forEach(follow -> changed.accept(follow.seat));
    }

    private void wasRead(Tap tap, Batch batch) {
        Position before = tap.position;
        tap.position = batch.position();
        tap.state = State.LIVE;
        for (Follow follow : List.copyOf(tap.followers())) {
            if (follow.isLevel) {
                goOn(follow, before, batch);
            } else if (follow.mustReadOn) {
                changed.accept(follow.seat); // It may have waited for the tap.
            } else if (!isCaredFor(follow)) {
                catchUp(follow);
            }
        }
        if (!batch.complete() || tap.mustReadOnceMore) {
            read(List.of(tap));
            return;
        }
        for (TopicWake wake : tap.takeEarly()) {
            // A read may start among them; the rest then waits for that one.
            if (tap.state == State.LIVE) {
                dealWith(tap, wake);
            } else {
                tap.keepForLater(wake);
            }
        }
        if (tap.state == State.LIVE) {
            readIfBehind(tap);
        }
    }

    /** A client that was level with the tap gets what the tap had missed. */
    private void goOn(Follow follow, Position before, Batch batch) {
        int epoch = batch.position().epoch();
        boolean isAhead = !follow.isNew(batch.position().number());
        boolean isOfThisMaster = follow.known().epoch() == epoch;
        if (isAhead && isOfThisMaster) {
            changed.accept(follow.seat);
            return; // It read the log in the meantime, and has all of this.
        }
        if (isOfThisMaster && before.epoch() != epoch) {
            // It heard of this master before the loop did, and what the loop misses is not what the client does.
            follow.isLevel = false;
            readLog(follow, follow.known());
            return;
        }
        int bytes = batch.messages().stream().mapToInt(Message::bytes).sum();
        if (!follow.isByPatternToo
                && !recoveries.fits(follow.seat, batch.messages().size(), bytes)) {
            fallBehind(follow);
            return;
        }
        if (isAhead) {
            follow.know(before); // What it had, the new master never heard of; its numbers are no measure.
        }
        for (Message message : batch.messages()) {
            give(follow, epoch, message);
        }
        follow.know(batch.position());
        follow.seat.miss(follow.tap.topic.value(), batch.gap());
        changed.accept(follow.seat);
    }

    // ---- time

    /** Tries again what could not be read, and closes taps that nobody needs. Called four times a second. */
    void tick() {
        Map<Integer, List<Tap>> again = new TreeMap<>();
        inDoubt.forEach(tap ->
                again.computeIfAbsent(tap.partition, none -> new ArrayList<>()).add(tap));
        again.values().forEach(there -> inCalls(there).forEach(this::read));
        for (Follow follow : new ArrayList<>(unread)) {
            if (follow.tap.state == State.LIVE) {
                catchUp(follow);
            }
        }
        closeDeserted();
    }

    private void closeDeserted() {
        long nowMs = clockMs.getAsLong();
        Iterator<Tap> eldestFirst = deserted.iterator();
        while (eldestFirst.hasNext()) {
            Tap tap = eldestFirst.next();
            if (nowMs - tap.desertedSinceMs < LINGER_MS) {
                return;
            }
            eldestFirst.remove();
            taps.remove(tap.topic);
            tapsOf.get(tap.partition).remove(tap);
            inDoubt.remove(tap);
            tap.ticket++;
            forget(tap);
        }
    }

    /** If Redis cannot be told, this node goes on hearing the topic for nothing, until its lease ends. */
    private void forget(Tap tap) {
        leaving.add(tap.topic);
        topics.unfollow(tap.partition, List.of(TopicPattern.of(tap.topic))).onComplete(done -> {
            leaving.remove(tap.topic);
            Tap successor = taps.get(tap.topic);
            if (successor != null && successor.state == State.IN_DOUBT) {
                read(List.of(successor));
            }
        });
    }

    /** Follows once more what is followed in a partition, in case that Redis has lost it. */
    void renew(int partition) {
        List<Tap> there = tapsOf.getOrDefault(partition, Set.of()).stream()
                .filter(tap -> tap.state == State.LIVE)
                .toList();
        inCalls(there).forEach(this::read);
    }

    /** Who follows a topic by its name. */
    List<Follow> followers(Topic topic) {
        Tap tap = taps.get(topic);
        return tap == null ? List.of() : tap.followers();
    }

    int size() {
        return taps.size();
    }

    /** Whether a client that is behind will read, or go on reading, in time. */
    private boolean isCaredFor(Follow follow) {
        return follow.isReading || follow.isInLine || follow.mustReadOn || unread.contains(follow);
    }

    /** Checks what must always be true between two events; for tests. */
    void assertSound() {
        for (Tap tap : taps.values()) {
            for (int i = 0; i < tap.followers().size(); i++) {
                Follow follow = tap.followers().get(i);
                if (follow.place != i) {
                    throw new AssertionError("a follower of " + tap.topic + " is not at its place");
                }
                boolean isCaredFor = follow.isLevel || isCaredFor(follow) || tap.state != State.LIVE;
                if (!isCaredFor && follow.seat.hold != null) {
                    throw new AssertionError("nothing will ever bring a follower of " + tap.topic + " level");
                }
            }
            if (tap.state == State.IN_DOUBT && !inDoubt.contains(tap) && !leaving.contains(tap.topic)) {
                throw new AssertionError("nothing will ever read " + tap.topic);
            }
        }
    }
}
