package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import megacomet.gateway.hold.Passage.State;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.Mailboxes;
import megacomet.redis.Partitions;
import megacomet.redis.TopicWake;
import megacomet.redis.Topics;
import megacomet.redis.Topics.Allowance;
import megacomet.redis.Topics.Passed;
import megacomet.redis.Topics.Recent;

/**
 * The patterns that the clients of one event loop follow.
 *
 * <p>A topic that a pattern matches may be in any partition, so a pattern is followed in all of them. How far it is goes by
 * the numbers that each partition gives to the messages of all its topics, which is the same for every pattern: the loop keeps
 * one {@link Passage} a partition. Those numbers have holes for whoever follows some topics, so unlike {@link Taps} this
 * cannot see from a number that a wake is missing; the node's ledger does, and has the partition {@linkplain #readAgain read
 * again} before it passes on what came after.
 *
 * <p>A topic that a client follows by its name is none of its patterns' business.
 *
 * <p>One thread, the event loop's. {@code changed} is called for every seat that has something to write or has caught up,
 * and {@code answered} once after all that an answer of Redis changed.
 */
final class Patterns {

    /** How many partitions one step of a client reads. */
    private static final int PARTITIONS_A_STEP = 4;

    /** What each of them may give at least, so that together they exceed what is left of an answer by no more than a message. */
    private static final int LEAST_BYTES_A_READ = 64 << 10;

    /** Of how many partitions the loop itself reads at once what it may not have heard; each read may give a whole answer. */
    private static final int PASSAGES_AT_ONCE = 16;

    private final Topics topics;
    private final Partitions partitions;
    private final Recoveries recoveries;
    private final ObjIntConsumer<Message> foundByName;
    private final LongSupplier clockMs;
    private final Consumer<Seat> changed;
    private final Runnable answered;
    private final Passage[] passages;
    private final Turnstile passageReads = new Turnstile(PASSAGES_AT_ONCE);
    private final Map<TopicPattern, PatternTap> taps = new HashMap<>();
    private final Set<PatternTap> deserted = new LinkedHashSet<>();
    private final Set<PatternFollow> unread = new HashSet<>();
    private final Set<TopicPattern> leaving = new HashSet<>();
    private Map<Integer, Position> snapshot;
    private long snapshotHash;

    /** @param foundByName is told of messages, and their epoch, that a client has by a topic's name, and is not given here */
    Patterns(
            Topics topics,
            Partitions partitions,
            Recoveries recoveries,
            ObjIntConsumer<Message> foundByName,
            LongSupplier clockMs,
            Consumer<Seat> changed,
            Runnable answered) {
        this.topics = topics;
        this.partitions = partitions;
        this.recoveries = recoveries;
        this.foundByName = foundByName;
        this.clockMs = clockMs;
        this.changed = changed;
        this.answered = answered;
        this.passages = new Passage[partitions.count()];
        Arrays.setAll(passages, Passage::new);
    }

    // ---- the client: comes, catches up, goes

    /**
     * Lets a client follow patterns, from where its cursor is. One that the cursor does not know begins where the application
     * began it, if it did, else now.
     */
    PatternFollow follow(
            Seat seat, List<TopicPattern> names, TopicPositions brought, List<Mailboxes.Following> granted) {
        PatternFollow follow = new PatternFollow(seat, names);
        for (int slot = 0; slot < follow.taps.length; slot++) {
            PatternTap tap = taps.computeIfAbsent(names.get(slot), this::open);
            follow.taps[slot] = tap;
            tap.add(follow);
            deserted.remove(tap);
        }
        rewind(follow, brought, granted);
        return follow;
    }

    /** The client has another place than was thought; what it was about to be written is forgotten. */
    void rewind(PatternFollow follow, TopicPositions brought, List<Mailboxes.Following> granted) {
        follow.stopReading();
        follow.isLevel = false;
        follow.mustReadOn = false;
        follow.takeEarly();
        follow.ahead = null;
        follow.beginAt(brought, granted);
        follow.writtenHash = hash(brought.byPartition());
        unread.remove(follow);
        catchUpIfPossible(follow);
    }

    void leave(PatternFollow follow) {
        follow.stopReading();
        unread.remove(follow);
        for (PatternTap tap : follow.taps) {
            tap.remove(follow);
            if (tap.followers().isEmpty()) {
                tap.desertedSinceMs = clockMs.getAsLong();
                deserted.add(tap);
            }
        }
    }

    /** If not, whoever makes it possible starts all who wait. */
    private void catchUpIfPossible(PatternFollow follow) {
        if (isPossible(follow)) {
            catchUp(follow);
        }
    }

    private boolean isPossible(PatternFollow follow) {
        return Arrays.stream(follow.taps).allMatch(PatternTap::isOpen)
                && Arrays.stream(passages).allMatch(passage -> passage.state == State.LIVE);
    }

    /** Reads the partitions in which the client is not where the loop is, when it is its turn. */
    private void catchUp(PatternFollow follow) {
        follow.stopReading();
        follow.hasFailed = false;
        unread.remove(follow);
        findDue(follow);
        if (follow.due.isEmpty()) {
            level(follow);
        } else {
            readInTurn(follow);
        }
    }

    private static List<TopicPattern> coveredNames(PatternFollow follow) {
        return follow.names.stream()
                .filter(name -> follow.covered.contains(name.tag()))
                .toList();
    }

    private void findDue(PatternFollow follow) {
        follow.due.clear();
        boolean isAnyCovered = follow.names.stream().anyMatch(name -> follow.covered.contains(name.tag()));
        // What was given by name may be further than the loop has heard.
        BitSet byName = partitionsByNameBefore(follow);
        if (isAnyCovered && (hash(follow.from) != snapshotHash() || !byName.isEmpty())) {
            for (Passage passage : passages) {
                Position from = follow.from.getOrDefault(passage.partition, new Position(passage.position.epoch(), 0));
                if (!from.equals(passage.position) || byName.get(passage.partition)) {
                    follow.due.set(passage.partition);
                }
            }
        }
    }

    private void readInTurn(PatternFollow follow) {
        int ticket = follow.ticket;
        follow.isInLine = true;
        recoveries.add(follow.seat, new Recoveries.Step() {
            @Override
            public boolean isOutdated() {
                return follow.ticket != ticket;
            }

            @Override
            public boolean isIndispensable() {
                return false;
            }

            @Override
            public Future<?> read(Allowance allowance) {
                follow.isInLine = false;
                return readSome(follow, allowance);
            }

            @Override
            public void putOff() {
                follow.stopReading();
                follow.takeEarly();
                follow.mustReadOn = true;
                changed.accept(follow.seat);
            }
        });
    }

    /** Reads a few of the partitions that are due. */
    private Future<?> readSome(PatternFollow follow, Allowance allowance) {
        if (!follow.isReading) {
            if (!isPossible(follow)) {
                return Future.succeededFuture(); // Whoever makes it possible starts it.
            }
            findDue(follow); // The loop may be further than when it joined the line; from here on what passes is kept.
            follow.isReading = true;
        }
        int most = Math.min(follow.due.cardinality(), Math.min(PARTITIONS_A_STEP, allowance.messages()));
        int width = Math.max(1, Math.min(most, allowance.bytes() / LEAST_BYTES_A_READ));
        Allowance share =
                new Allowance(Math.max(1, allowance.messages() / width), Math.max(1, allowance.bytes() / width));
        List<TopicPattern> covered = coveredNames(follow);
        follow.due.stream().limit(width).forEach(follow.reading::set);
        follow.due.andNot(follow.reading);
        if (follow.reading.isEmpty()) {
            allRead(follow);
            answered.run();
            return Future.succeededFuture();
        }
        List<Future<Recent>> reads = new ArrayList<>(width);
        for (int partition : follow.reading.stream().toArray()) {
            reads.add(read(follow, partition, covered, share));
        }
        return Future.join(reads);
    }

    /** The partitions of topics that the client followed by name before, and does no more. */
    private BitSet partitionsByNameBefore(PatternFollow follow) {
        BitSet there = new BitSet();
        for (long tag : follow.byName.keySet()) {
            if (!follow.seat.followed.hasByName(tag)) {
                there.set(partitions.ofTag(tag));
            }
        }
        return there;
    }

    private Future<Recent> read(PatternFollow follow, int partition, List<TopicPattern> covered, Allowance allowance) {
        int ticket = follow.ticket;
        Position from = follow.from.getOrDefault(partition, new Position(passages[partition].position.epoch(), 0));
        return topics.recent(partition, covered, from, allowance).onComplete(read -> {
            if (follow.ticket != ticket) {
                return;
            }
            follow.reading.clear(partition);
            if (read.succeeded()) {
                caughtUp(follow, partition, read.result());
            } else {
                follow.hasFailed = true;
            }
            if (!follow.reading.isEmpty()) {
                return;
            }
            if (follow.hasFailed || follow.due.isEmpty()) {
                allRead(follow);
                answered.run();
            } else {
                readInTurn(follow);
            }
        });
    }

    private void caughtUp(PatternFollow follow, int partition, Recent recent) {
        for (Passed passed : recent.messages()) {
            if (follow.hasBegun(partition, passed)) {
                gather(follow, passed.message(), recent.position().epoch());
            }
        }
        recent.gaps().forEach(gap -> miss(follow, gap));
        follow.from = new HashMap<>(follow.from);
        follow.from.put(partition, recent.position());
        follow.isAheadAt(partition, recent.position());
        if (!recent.complete()) {
            follow.due.set(partition);
        }
    }

    private void allRead(PatternFollow follow) {
        follow.stopReading();
        boolean mustReadOnceMore = follow.mustReadOnceMore();
        List<PatternFollow.Early> all = follow.takeEarly();
        if (follow.hasFailed) {
            unread.add(follow); // What passed meanwhile is read with the rest, once Redis answers.
            changed.accept(follow.seat);
        } else if (mustReadOnceMore || all.stream().anyMatch(early -> isOfOtherMaster(follow, early))) {
            catchUpIfPossible(follow);
        } else if (!fits(follow.seat, all)) {
            follow.mustReadOn = true;
            changed.accept(follow.seat);
        } else {
            for (PatternFollow.Early early : all) {
                if (follow.isNew(early.partition(), early.passed().partitionNumber())) {
                    gather(follow, early.passed().message(), early.epoch());
                    follow.isAheadAt(
                            early.partition(),
                            new Position(early.epoch(), early.passed().partitionNumber()));
                }
            }
            level(follow);
        }
    }

    private boolean fits(Seat seat, List<PatternFollow.Early> early) {
        int bytes =
                early.stream().mapToInt(one -> one.passed().message().bytes()).sum();
        return recoveries.fits(seat, early.size(), bytes);
    }

    private static boolean isOfOtherMaster(PatternFollow follow, PatternFollow.Early early) {
        Position at = follow.from.get(early.partition());
        return at != null && at.epoch() != early.epoch();
    }

    private void level(PatternFollow follow) {
        follow.isLevel = true;
        follow.from = Map.of();
        follow.beginnings = List.of();
        changed.accept(follow.seat);
    }

    /** Goes on with a client that got as much as fitted in. */
    void readOn(PatternFollow follow) {
        if (follow.mustReadOn) {
            follow.mustReadOn = false;
            catchUpIfPossible(follow);
        }
    }

    /** Whether nothing more can be said to the client now: it has caught up, or Redis does not answer. */
    boolean isSettled(PatternFollow follow) {
        return follow.isLevel || unread.contains(follow) || follow.mustReadOn || isStuck();
    }

    /** Whether the loop has heard all of a partition that it was told of. */
    boolean isLive(int partition) {
        return passages[partition].state == State.LIVE;
    }

    private boolean isStuck() {
        return Arrays.stream(passages).anyMatch(passage -> passage.state == State.IN_DOUBT);
    }

    private void gather(PatternFollow follow, Message message, int epoch) {
        if (follow.seat.followsByName(message.topic())) {
            foundByName.accept(message, epoch);
        } else if (!follow.wasGivenByName(message)) {
            follow.seat.gather(message);
            follow.isGiven(message, epoch);
        }
    }

    // ---- the message

    /** Deals with a wake. */
    void published(int partition, TopicWake wake) {
        if (taps.isEmpty()) {
            return;
        }
        Passage passage = passages[partition];
        if (passage.state != State.LIVE) {
            passage.keepForLater(wake);
        } else {
            dealWith(passage, wake);
        }
    }

    private void dealWith(Passage passage, TopicWake wake) {
        boolean isSameMaster = wake.epoch() == passage.position.epoch();
        if (isSameMaster && wake.partitionNumber() <= passage.position.number()) {
            return; // It was read already.
        }
        if (!isSameMaster || wake.message() == null && isAnyFollowing(wake.topic())) {
            read(passage);
            return;
        }
        if (wake.message() != null) {
            letFallBehind(List.of(new Passed(wake.partitionNumber(), wake.message())));
            pass(passage.partition, wake.epoch(), new Passed(wake.partitionNumber(), wake.message()));
        }
        moveTo(passage, new Position(wake.epoch(), wake.partitionNumber()));
    }

    private boolean isAnyFollowing(Topic topic) {
        return topic.candidates().stream().anyMatch(taps::containsKey);
    }

    private void moveTo(Passage passage, Position position) {
        passage.position = position;
        snapshot = null;
    }

    private void pass(int partition, int epoch, Passed passed) {
        for (TopicPattern candidate : passed.message().topic().candidates()) {
            PatternTap tap = taps.get(candidate);
            if (tap == null) {
                continue;
            }
            for (int i = 0; i < tap.followers().size(); i++) {
                PatternFollow follow = tap.followers().get(i);
                if (!follow.isLevel) {
                    if (follow.isReading) {
                        follow.keepForLater(new PatternFollow.Early(partition, epoch, passed));
                    }
                } else if (follow.isNew(partition, passed.partitionNumber())) {
                    gather(follow, passed.message(), epoch);
                    changed.accept(follow.seat);
                }
            }
        }
    }

    /** Clients into whose answer this does not fit as well get it with what they read once that is written. */
    private void letFallBehind(List<Passed> all) {
        int bytes = all.stream().mapToInt(passed -> passed.message().bytes()).sum();
        for (PatternTap tap : tapsOf(all)) {
            for (PatternFollow follow : tap.followers()) {
                boolean isHeld = follow.isLevel && follow.seat.hold != null;
                if (isHeld && !recoveries.fits(follow.seat, all.size(), bytes)) {
                    follow.fallBehind(positions(follow), tags(follow));
                    changed.accept(follow.seat);
                }
            }
        }
    }

    private Set<PatternTap> tapsOf(List<Passed> all) {
        Set<PatternTap> those = new HashSet<>();
        for (Passed passed : all) {
            for (TopicPattern candidate : passed.message().topic().candidates()) {
                PatternTap tap = taps.get(candidate);
                if (tap != null) {
                    those.add(tap);
                }
            }
        }
        return those;
    }

    // ---- following and reading

    private PatternTap open(TopicPattern name) {
        PatternTap tap = new PatternTap(name);
        tap.missing.set(0, passages.length);
        if (!leaving.contains(name)) {
            followEverywhere(tap);
        }
        return tap;
    }

    private void followEverywhere(PatternTap tap) {
        tap.missing.stream()
                .filter(partition -> !tap.asked.get(partition))
                .forEach(partition -> followIn(passages[partition], tap));
    }

    private void followIn(Passage passage, PatternTap tap) {
        if (passage.state == State.CLOSED) {
            passage.state = State.READING;
        }
        tap.asked.set(passage.partition);
        topics.followPatterns(passage.partition, List.of(tap.name)).onComplete(followed -> {
            tap.asked.clear(passage.partition);
            if (taps.get(tap.name) != tap || !tap.missing.get(passage.partition)) {
                return;
            }
            if (followed.failed()) {
                if (passage.position == null) {
                    passage.state = State.IN_DOUBT;
                }
                tap.followers().forEach(follow -> changed.accept(follow.seat));
                answered.run();
                return; // The next tick tries again.
            }
            tap.missing.clear(passage.partition);
            if (passage.position == null) {
                moveTo(passage, followed.result());
                goLive(passage);
            } else if (!followed.result().equals(passage.position)) {
                // What came since then woke nobody here if this pattern alone matches it, so the loop is not so far
                // yet.
                readBehind(passage);
            }
            if (tap.isOpen()) {
                startThoseWhoWait();
            }
            answered.run();
        });
    }

    private void readBehind(Passage passage) {
        if (passage.state == State.LIVE) {
            read(passage);
        } else {
            passage.mustReadOnceMore = true;
        }
    }

    private void startThoseWhoWait() {
        for (PatternTap tap : taps.values()) {
            for (PatternFollow follow : List.copyOf(tap.followers())) {
                boolean isCaredFor =
                        follow.isReading || follow.isInLine || follow.mustReadOn || unread.contains(follow);
                if (!follow.isLevel && !isCaredFor) {
                    catchUpIfPossible(follow);
                }
            }
        }
    }

    /** Wakes of the partition may have been lost: its patterns are followed and it is read again. */
    void readAgain(int partition) {
        if (!taps.isEmpty() && passages[partition].position != null) {
            read(passages[partition]);
        }
    }

    private void read(Passage passage) {
        List<TopicPattern> names =
                taps.keySet().stream().filter(name -> !leaving.contains(name)).toList();
        passage.state = State.READING;
        passage.mustReadOnceMore = false;
        int ticket = ++passage.ticket;
        Position from = passage.position;
        passageReads
                .pass(() -> topics.followPatterns(passage.partition, names)
                        .compose(followed -> topics.recent(passage.partition, names, from)))
                .onComplete(read -> {
                    if (passage.ticket != ticket) {
                        return;
                    }
                    if (read.succeeded()) {
                        wasRead(passage, read.result());
                    } else {
                        passage.state = State.IN_DOUBT;
                    }
                    answered.run();
                });
    }

    private void wasRead(Passage passage, Recent recent) {
        int epoch = recent.position().epoch();
        boolean isOtherMaster = epoch != passage.position.epoch();
        if (isOtherMaster) {
            forgetAhead(
                    passage.partition,
                    ahead -> ahead.number() > recent.position().number());
            readersOfFormerMaster().forEach(PatternFollow::readOnceMore);
        }
        if (!isOtherMaster) {
            letFallBehind(recent.messages());
        }
        for (Passed passed : recent.messages()) {
            pass(passage.partition, epoch, passed);
        }
        if (isOtherMaster) {
            forgetAhead(passage.partition, ahead -> ahead.epoch() != epoch);
        }
        recent.gaps().forEach(this::miss);
        moveTo(passage, recent.position());
        if (!recent.complete() || passage.mustReadOnceMore) {
            read(passage);
        } else {
            goLive(passage);
            startThoseWhoWait();
        }
    }

    /** Who still reads is not told with those who are level, and may have read before the new master took over. */
    private Set<PatternFollow> readersOfFormerMaster() {
        return taps.values().stream()
                .flatMap(tap -> tap.followers().stream())
                .filter(follow -> follow.isReading)
                .collect(Collectors.toSet());
    }

    /** Positions that a new master never heard of, or that it has left behind, say nothing about what it gives. */
    private void forgetAhead(int partition, Predicate<Position> which) {
        for (PatternTap tap : taps.values()) {
            for (PatternFollow follow : tap.followers()) {
                Position ahead = follow.ahead == null ? null : follow.ahead.get(partition);
                if (ahead != null && which.test(ahead)) {
                    follow.ahead.remove(partition);
                }
            }
        }
    }

    private void goLive(Passage passage) {
        passage.state = State.LIVE;
        for (TopicWake wake : passage.takeEarly()) {
            // A read may start among them; the rest then waits for that one.
            if (passage.state == State.LIVE) {
                dealWith(passage, wake);
            } else {
                passage.keepForLater(wake);
            }
        }
    }

    /** Tells those whom it concerns of what is missing. */
    private void miss(TopicGap gap) {
        TopicPattern missed = new TopicPattern(gap.topic());
        Set<PatternFollow> told = new HashSet<>();
        taps.values().stream()
                .filter(tap -> missed.isWildcard() ? tap.name.equals(missed) : tap.name.covers(missed))
                .flatMap(tap -> tap.followers().stream())
                .filter(follow -> follow.isLevel && told.add(follow))
                .forEach(follow -> {
                    miss(follow, gap);
                    changed.accept(follow.seat);
                });
    }

    private static void miss(PatternFollow follow, TopicGap gap) {
        TopicPattern missed = new TopicPattern(gap.topic());
        if (missed.isWildcard() || !follow.seat.followsByName(missed.topic())) {
            follow.seat.miss(gap.topic(), gap.gap());
        }
    }

    // ---- the cursor

    /** How far a client is, by partition. */
    Map<Integer, Position> positions(PatternFollow follow) {
        if (!follow.isLevel) {
            return follow.from;
        }
        if (follow.ahead == null) {
            return snapshot();
        }
        follow.ahead
                .entrySet()
                .removeIf(ahead -> passages[ahead.getKey()].position.number()
                        >= ahead.getValue().number());
        if (follow.ahead.isEmpty()) {
            follow.ahead = null;
            return snapshot();
        }
        Map<Integer, Position> positions = new TreeMap<>(snapshot());
        positions.putAll(follow.ahead);
        return positions;
    }

    /** For which of its patterns {@link #positions} speaks. */
    Set<Long> tags(PatternFollow follow) {
        return follow.names.stream()
                .map(TopicPattern::tag)
                .filter(tag -> follow.isLevel || follow.covered.contains(tag))
                .collect(Collectors.toSet());
    }

    /** The client is about to get everything that is known. */
    void wrote(PatternFollow follow) {
        boolean isAsTheLoop = follow.isLevel && follow.ahead == null;
        follow.writtenHash = isAsTheLoop ? snapshotHash() : hash(positions(follow));
    }

    private Map<Integer, Position> snapshot() {
        if (snapshot == null) {
            Map<Integer, Position> positions = new TreeMap<>();
            for (Passage passage : passages) {
                if (passage.position != null && passage.position.number() > 0) {
                    positions.put(passage.partition, passage.position);
                }
            }
            snapshot = Collections.unmodifiableMap(positions);
            snapshotHash = hash(snapshot);
        }
        return snapshot;
    }

    private long snapshotHash() {
        snapshot();
        return snapshotHash;
    }

    /** Returns a number by which equal positions are known, whatever their order. */
    static long hash(Map<Integer, Position> positions) {
        long sum = 0;
        for (Map.Entry<Integer, Position> at : positions.entrySet()) {
            long one = at.getValue().number() * 0x9e3779b97f4a7c15L + at.getKey();
            one = (one ^ one >>> 32) * 0xff51afd7ed558ccdL + at.getValue().epoch();
            sum += (one ^ one >>> 29) * 0xc4ceb9fe1a85ec53L;
        }
        return sum;
    }

    // ---- time

    /** Tries again what could not be done, and closes taps that nobody needs. Called four times a second. */
    void tick() {
        for (Passage passage : passages) {
            if (passage.state == State.IN_DOUBT && passage.position != null) {
                read(passage);
            }
        }
        for (PatternTap tap : List.copyOf(taps.values())) {
            if (!tap.isOpen() && !leaving.contains(tap.name)) {
                followEverywhere(tap);
            }
        }
        List.copyOf(unread).forEach(this::catchUpIfPossible);
        closeDeserted();
    }

    private void closeDeserted() {
        long nowMs = clockMs.getAsLong();
        Iterator<PatternTap> eldestFirst = deserted.iterator();
        while (eldestFirst.hasNext()) {
            PatternTap tap = eldestFirst.next();
            if (nowMs - tap.desertedSinceMs < Taps.LINGER_MS) {
                break;
            }
            eldestFirst.remove();
            taps.remove(tap.name);
            forget(tap.name);
        }
        if (taps.isEmpty()) {
            close();
        }
    }

    private void close() {
        for (Passage passage : passages) {
            passage.state = State.CLOSED;
            passage.position = null;
            passage.ticket++;
            passage.takeEarly();
        }
        snapshot = null;
    }

    /** If Redis cannot be told, this node goes on hearing for nothing, until its lease ends. */
    private void forget(TopicPattern name) {
        leaving.add(name);
        int[] left = {passages.length};
        for (Passage passage : passages) {
            topics.unfollow(passage.partition, List.of(name)).onComplete(done -> {
                if (--left[0] == 0) {
                    leaving.remove(name);
                }
            });
        }
    }

    /** Follows once more what is followed, in one partition, in case that Redis has lost it. */
    void renew(int partition) {
        if (passages[partition].state == State.LIVE) {
            read(passages[partition]);
        }
    }

    int size() {
        return taps.size();
    }

    /** Who follows a topic by a pattern, perhaps more than once. */
    List<PatternFollow> followers(Topic topic) {
        return topic.candidates().stream()
                .map(taps::get)
                .filter(tap -> tap != null)
                .flatMap(tap -> tap.followers().stream())
                .toList();
    }
}
