package megacomet.gateway.hold;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.Mailboxes;
import megacomet.redis.Partitions;
import megacomet.redis.TopicWake;
import megacomet.redis.Topics;

/**
 * What the clients of one event loop follow: the part of a {@link WaitingRoom} that deals with topics. It knows where each
 * client is in each topic, has read what a client missed, and gathers in the client's seat what comes.
 *
 * <p>A client that comes back with the cursor that it was last given goes on as if it had never been away: what was gathered
 * meanwhile is still good, and nothing is asked of Redis. Each topic for which its cursor says something else is read from
 * there.
 */
final class Following {

    private final Recoveries recoveries;
    private final Taps taps;
    private final Patterns patterns;
    private final Partitions partitions;
    private int nextToRenew;

    /**
     * @param changed is called for every seat that has something to write or has caught up
     * @param answered is called once after all that an answer of Redis changed
     */
    Following(
            Topics topics,
            Partitions partitions,
            RoomOptions options,
            LongSupplier clockMs,
            Consumer<Seat> changed,
            Runnable answered) {
        this.recoveries = new Recoveries(options, answered);
        this.taps = new Taps(topics, partitions, recoveries, clockMs, changed, answered);
        this.patterns = new Patterns(topics, partitions, recoveries, taps::found, clockMs, changed, answered);
        this.partitions = partitions;
    }

    // ---- what a client follows

    /**
     * A client polls: it follows what its hold wants and what the application has it follow, from where its cursor is.
     *
     * @param cursor what it brought, or null
     * @return whether it followed just the same before
     */
    boolean polled(Seat seat, Hold hold, Cursor cursor) {
        if (seat.followed == null && hold.follows.isEmpty()) {
            return true;
        }
        TopicPositions brought = cursor == null ? TopicPositions.NONE : cursor.topics();
        long issuedAtMs = cursor == null ? 0 : cursor.issuedAtMs();
        if (seat.followed != null) {
            seat.followed.forgetBeginnings(brought.patterns());
            comeBack(seat, brought, issuedAtMs);
        }
        List<Mailboxes.Following> granted = seat.followed == null ? List.of() : seat.followed.granted;
        boolean isSame = follow(seat, hold.follows, granted, brought, issuedAtMs, hold.isFromEarliest);
        if (seat.followed != null && seat.followed.hasLeftovers) {
            leave(seat, new HashSet<>(seat.followed.names));
        }
        return isSame;
    }

    /** Streams that the cursor has where they were last written go on; the others are read from where the cursor is. */
    private void comeBack(Seat seat, TopicPositions brought, long issuedAtMs) {
        Followed followed = seat.followed;
        for (Follow follow : followed.topics) {
            Topic topic = follow.tap.topic;
            Position at = from(TopicPattern.of(topic), followed.granted, brought);
            // The answer that would have brought it from the pattern to the name may have been lost.
            Position byPattern = at == null ? byPattern(topic, brought) : null;
            boolean isWhereItWas = at == null ? follow.written() == null : at.equals(follow.written());
            if (followed.isSpoiled || !isWhereItWas || byPattern != null) {
                seat.dropPending(message -> topic.equals(message.topic()));
                taps.rewind(follow, at, byPattern, issuedAtMs);
            } else {
                taps.readOn(follow);
            }
        }
        PatternFollow byPatterns = followed.patterns;
        if (byPatterns != null) {
            if (followed.isSpoiled || byPatterns.writtenHash != Patterns.hash(brought.byPartition())) {
                seat.dropPending(message -> message.topic() != null && !followed.hasByName(message.topic()));
                patterns.rewind(byPatterns, brought, followed.granted);
            } else {
                // Elsewhere it may have been given by name what was gathered here by a pattern.
                seat.dropPending(message -> wasGivenByName(message, brought) && !followed.hasByName(message.topic()));
                patterns.readOn(byPatterns);
            }
        }
        followed.isSpoiled = false;
    }

    private static boolean wasGivenByName(Message message, TopicPositions brought) {
        if (message.topic() == null || brought.byTopic().isEmpty()) {
            return false;
        }
        Position at = brought.byTopic().get(TopicPattern.of(message.topic()).tag());
        return at != null && message.number() <= at.number();
    }

    /** The hold, or the application, wants the client to follow something else than before; what stays goes on. */
    boolean changed(Seat seat, List<TopicPattern> wanted, List<Mailboxes.Following> granted, Cursor cursor) {
        if (cursor != null) {
            return follow(seat, wanted, granted, cursor.topics(), cursor.issuedAtMs(), false);
        }
        // What it follows by a pattern, and now by its name as well, goes on where the pattern is.
        PatternFollow byPatterns = seat.followed == null ? null : seat.followed.patterns;
        TopicPositions here = byPatterns == null ? TopicPositions.NONE : positionsOf(byPatterns);
        return follow(seat, wanted, granted, here, 0, false);
    }

    /** What the client follows, in no order. */
    List<TopicPattern> names(Seat seat) {
        return seat.followed == null ? List.of() : seat.followed.names;
    }

    /** Whether that is what the seat knows that the application has its client follow. */
    boolean isGranted(Seat seat, List<Mailboxes.Following> granted) {
        List<Mailboxes.Following> known = seat.followed == null ? List.of() : seat.followed.granted;
        return namesOf(known).equals(namesOf(granted));
    }

    private static Set<TopicPattern> namesOf(List<Mailboxes.Following> granted) {
        return granted.stream().map(Mailboxes.Following::name).collect(Collectors.toSet());
    }

    private boolean follow(
            Seat seat,
            List<TopicPattern> wanted,
            List<Mailboxes.Following> granted,
            TopicPositions brought,
            long issuedAtMs,
            boolean isFromEarliest) {
        List<TopicPattern> names = Followed.union(wanted, granted);
        if (seat.followed == null) {
            if (names.isEmpty()) {
                return true;
            }
            seat.followed = new Followed();
        }
        Followed followed = seat.followed;
        followed.granted = granted;
        if (names.equals(followed.names)) {
            return true;
        }
        Set<TopicPattern> wantedNow = new HashSet<>(names);
        boolean isSame = wantedNow.equals(new HashSet<>(followed.names));
        followed.names = names;
        if (!isSame) {
            leave(seat, wantedNow);
            join(seat, names, granted, brought, issuedAtMs, isFromEarliest);
            followed.tags = Followed.reducedTags(names);
            for (Follow follow : followed.topics) {
                taps.isByPatternToo(follow, followed.hasByPattern(follow.tap.topic));
            }
        }
        return isSame;
    }

    private void leave(Seat seat, Set<TopicPattern> stays) {
        Followed followed = seat.followed;
        followed.hasLeftovers = false;
        followed.topics.removeIf(follow -> {
            Topic topic = follow.tap.topic;
            if (stays.contains(TopicPattern.of(topic))) {
                return false;
            }
            if (!followed.hasByPattern(topic)) {
                seat.dropPending(message -> topic.equals(message.topic()));
            } else if (!isLevelWithPatterns(follow, followed.patterns)) {
                followed.hasLeftovers = true;
                return false;
            }
            taps.leave(follow);
            return true;
        });
    }

    /**
     * Whether a topic may go over from its name to a pattern that matches it: what the one has been given is then just what the
     * other passed over. Until then it goes on by its name, which the client does not notice.
     */
    private boolean isLevelWithPatterns(Follow follow, PatternFollow byPatterns) {
        return byPatterns != null
                && byPatterns.isLevel
                && byPatterns.ahead == null
                && follow.isLevel
                && taps.isLive(follow.tap)
                && patterns.isLive(follow.tap.partition);
    }

    private void join(
            Seat seat,
            List<TopicPattern> names,
            List<Mailboxes.Following> granted,
            TopicPositions brought,
            long issuedAtMs,
            boolean isFromEarliest) {
        Followed followed = seat.followed;
        for (TopicPattern name : names) {
            if (!name.isWildcard() && followed.byName(name) == null) {
                Position from = from(name, granted, brought);
                Position byPattern = from == null ? byPattern(name.topic(), brought) : null;
                followed.topics.add(taps.follow(seat, name.topic(), from, byPattern, issuedAtMs, isFromEarliest));
            }
        }
        joinPatterns(seat, names.stream().filter(TopicPattern::isWildcard).toList(), granted, brought);
    }

    /** How far the client has the topic's partition, if it followed the topic by a pattern; else null. */
    private Position byPattern(Topic topic, TopicPositions brought) {
        return isCovered(topic, brought)
                ? brought.byPartition().getOrDefault(partitions.of(topic), new Position(0, 0))
                : null;
    }

    private static boolean isCovered(Topic topic, TopicPositions brought) {
        return !brought.patterns().isEmpty()
                && topic.candidates().stream()
                        .anyMatch(pattern -> brought.patterns().contains(pattern.tag()));
    }

    /**
     * Where the client is in a topic: what its cursor says; or, if the application has it follow that, what it has confirmed
     * or where it began, if that is later: an old cursor does not go back behind it. Unless it followed the topic by a pattern
     * all along, because then it has missed nothing that it was not to have.
     */
    private static Position from(TopicPattern name, List<Mailboxes.Following> granted, TopicPositions brought) {
        Position at = brought.byTopic().get(name.tag());
        if (granted.isEmpty() || isCovered(name.topic(), brought)) {
            return at;
        }
        for (Mailboxes.Following following : granted) {
            Position from = following.from();
            if (from != null && following.name().equals(name) && (at == null || PatternBeginning.isLater(from, at))) {
                return from;
            }
        }
        return at;
    }

    /** All patterns of a client share their positions; so if one comes or goes, they are followed anew from where they are. */
    private void joinPatterns(
            Seat seat, List<TopicPattern> names, List<Mailboxes.Following> granted, TopicPositions brought) {
        Followed followed = seat.followed;
        PatternFollow before = followed.patterns;
        if (before != null && before.names.equals(names)) {
            return;
        }
        TopicPositions from = before == null ? brought : positionsOf(before);
        if (before != null) {
            patterns.leave(before);
            seat.dropPending(message -> message.topic() != null
                    && !followed.hasByName(message.topic())
                    && names.stream().noneMatch(name -> name.matches(message.topic())));
        }
        followed.patterns = names.isEmpty() ? null : patterns.follow(seat, names, from, granted);
    }

    private TopicPositions positionsOf(PatternFollow follow) {
        Map<Long, Position> byName = follow.isLevel ? Map.of() : follow.byName;
        return new TopicPositions(byName, patterns.tags(follow), patterns.positions(follow));
    }

    private static long tagOf(Follow follow) {
        return TopicPattern.of(follow.tap.topic).tag();
    }

    /** The client's mailbox was read, or cannot be: what it follows may be read. */
    void seated(Seat seat) {
        recoveries.seated(seat);
    }

    /** The client is not this loop's any more. */
    void forget(Seat seat) {
        recoveries.forget(seat);
        if (seat.followed != null) {
            seat.followed.topics.forEach(taps::leave);
            if (seat.followed.patterns != null) {
                patterns.leave(seat.followed.patterns);
            }
            seat.followed = null;
        }
    }

    /** What was gathered of topics was too much to keep, and is gone; the next poll reads. */
    void spoil(Seat seat) {
        if (seat.followed != null) {
            seat.followed.isSpoiled = true;
            seat.followed.topics.forEach(follow -> follow.isLevel = false);
            if (seat.followed.patterns != null) {
                seat.followed.patterns.isLevel = false;
            }
        }
    }

    // ---- what a client is told

    /** Whether nothing more can be said to the client now: it has caught up everywhere, or Redis does not answer. */
    boolean isSettled(Seat seat) {
        Followed followed = seat.followed;
        if (followed == null) {
            return true;
        }
        for (Follow follow : followed.topics) {
            if (!taps.isSettled(follow)) {
                return false;
            }
        }
        return followed.patterns == null || patterns.isSettled(followed.patterns);
    }

    /** Whether something that the client follows has not begun: no cursor that is made now would speak for it. */
    boolean isYetToBegin(Seat seat) {
        Followed followed = seat.followed;
        if (followed == null) {
            return false;
        }
        return followed.topics.stream().anyMatch(follow -> follow.known() == null)
                || followed.patterns != null && followed.patterns.isYetToBegin();
    }

    /** Whether no cursor can be made for the client now: see {@link Taps#isBetween}. */
    boolean isBetween(Seat seat) {
        return seat.followed != null && seat.followed.topics.stream().anyMatch(taps::isBetween);
    }

    /** The client is about to get everything that is known. */
    void wrote(Seat seat) {
        if (seat.followed != null) {
            seat.followed.topics.forEach(Follow::wrote);
            if (seat.followed.patterns != null) {
                patterns.wrote(seat.followed.patterns);
                if (seat.hold != null) {
                    // A stream, which does not come back to this seat with a cursor from before.
                    seat.followed.forgetBeginnings(patterns.tags(seat.followed.patterns));
                    beginByPattern(seat.followed);
                }
            }
        }
    }

    /** From now on a pattern has the client follow what it follows by a name that has not begun: there that goes on. */
    private void beginByPattern(Followed followed) {
        TopicPositions here = positionsOf(followed.patterns);
        for (Follow follow : followed.topics) {
            if (follow.known() == null && follow.byPattern == null) {
                follow.byPattern = byPattern(follow.tap.topic, here);
            }
        }
    }

    /** Goes on reading for a client that got as much as fitted in. */
    void readOn(Seat seat) {
        if (seat.followed != null) {
            seat.followed.topics.forEach(taps::readOn);
            if (seat.followed.patterns != null) {
                patterns.readOn(seat.followed.patterns);
            }
        }
    }

    /** How far the client has its topics, once it is written what is pending. */
    TopicPositions positions(Seat seat) {
        Followed followed = seat.followed;
        if (followed == null) {
            return TopicPositions.NONE;
        }
        PatternFollow byPatterns = followed.patterns;
        Map<Long, Position> byTopic = new HashMap<>();
        if (byPatterns != null && !byPatterns.isLevel) {
            byTopic.putAll(byPatterns.byName);
        }
        for (Follow follow : followed.topics) {
            if (follow.known() != null) {
                byTopic.put(tagOf(follow), follow.known());
            }
        }
        return byPatterns == null
                ? new TopicPositions(byTopic, Set.of(), Map.of())
                : new TopicPositions(byTopic, patterns.tags(byPatterns), patterns.positions(byPatterns));
    }

    /** How far it has been written topics that it follows by name. */
    TopicPositions writtenPositions(Seat seat) {
        Map<Long, Position> byTopic = new HashMap<>();
        if (seat.followed != null) {
            for (Follow follow : seat.followed.topics) {
                if (follow.written() != null) {
                    byTopic.put(tagOf(follow), follow.written());
                }
            }
        }
        return new TopicPositions(byTopic, Set.of(), Map.of());
    }

    /** Returns clients that follow a topic here, in the order of their names. */
    List<ClientId> followers(Topic topic, int limit) {
        Set<ClientId> clients = new TreeSet<>();
        taps.followers(topic).forEach(follow -> clients.add(follow.seat.client));
        patterns.followers(topic).forEach(follow -> clients.add(follow.seat.client));
        return clients.stream().limit(limit).toList();
    }

    // ---- what comes

    void published(int partition, TopicWake wake) {
        taps.published(wake);
        patterns.published(partition, wake);
    }

    void readAgain(int partition) {
        taps.readAgain(partition);
        patterns.readAgain(partition);
    }

    /** Tries again what could not be done, and closes what nobody needs. Called four times a second. */
    void tick() {
        taps.tick();
        patterns.tick();
    }

    /** Follows once more what is followed in one partition, in case that Redis has lost it; each partition in its turn. */
    void renewNext() {
        taps.renew(nextToRenew);
        patterns.renew(nextToRenew);
        nextToRenew = (nextToRenew + 1) % partitions.count();
    }

    /** How many topics and patterns are followed. */
    int size() {
        return taps.size() + patterns.size();
    }

    void assertSound() {
        taps.assertSound();
    }
}
