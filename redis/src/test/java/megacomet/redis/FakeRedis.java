package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;

/**
 * The mailboxes in memory, with a clock that is moved by hand: what the scripts do, said once more in Java, for tests that
 * need thousands of runs or an exact order of events. One thread.
 *
 * <p>What a loop asks is kept until {@link #answerNext}, so a test decides what happens before the answer. Wakes go to
 * {@link #wakes}, and a test decides whether they arrive.
 */
public final class FakeRedis {

    private static final long FAILOVER_JUMP = 1L << 32;
    private static final Exception DOWN = new IllegalStateException("down");

    private final LongSupplier clockMs;
    private final Partitions partitions;
    private final Set<Bug> bugs;
    private final List<Asked> asked = new ArrayList<>();
    /** Answers to nodes that sleep. */
    private final Map<String, List<Runnable>> late = new HashMap<>();

    private boolean isDown;
    private Memory memory = new Memory();
    private Memory replica = new Memory();
    private final FakeTopics topics;
    private FakeTopics.Memory topicsReplica = new FakeTopics.Memory();
    private int epoch = 1;

    /** Wakes that were sent and have not been taken by the test. */
    public final List<Sent> wakes = new ArrayList<>();

    /** A wake, to whom it was sent: one for a client, with its loop, or one for a topic, which says its loops. */
    public record Sent(String node, int loop, int partition, Wake wake, TopicWake topicWake) {}

    /** What a Redis, its scripts or their users may do wrong: for tests of tests. */
    public enum Bug {
        /** A wake is lost, and no counter says so. Whoever hears the wakes must look for it. */
        WAKE_LOST_UNCOUNTED,
        /** What has been read is gone, though nobody has confirmed it. */
        READING_TRIMS,
        /** What a cursor says is not looked at. */
        CURSOR_IGNORED,
        /** What has died is read as well. Whoever keeps the clocks must keep them behind. */
        LATE_DELIVERY,
        /** Nothing says that messages are gone. */
        GAP_UNSAID,
        /** A new master goes on with the numbers of the old one. */
        EPOCH_KEPT,
        /** A client that is claimed is not told to whom it belonged. */
        MOVED_UNTOLD,
        /** Whoever reads again is not told what the application has a client follow. */
        GRANT_UNTOLD
    }

    /** Something that a node has asked. */
    private record Asked(String node, Supplier<Runnable> work) {}

    static final class Stream {
        int epoch;
        long last;
        long confirmed;
        long base;
        boolean rebased;
        long floor;
        Gap.Reason reason = Gap.Reason.UNKNOWN;
        List<Message> messages = new ArrayList<>();

        Stream copy() {
            Stream copy = new Stream();
            copy.epoch = epoch;
            copy.last = last;
            copy.confirmed = confirmed;
            copy.base = base;
            copy.rebased = rebased;
            copy.floor = floor;
            copy.reason = reason;
            copy.messages = new ArrayList<>(messages);
            return copy;
        }
    }

    private record Owner(String node, int loop, long generation, Page page, Transport transport, Set<Long> follows) {}

    private static final class Memory {
        final Map<ClientId, Stream> streams = new HashMap<>();
        final Map<ClientId, Owner> owners = new HashMap<>();
        final Map<ClientId, Map<TopicPattern, Position>> following = new HashMap<>();

        Memory copy() {
            Memory copy = new Memory();
            streams.forEach((client, stream) -> copy.streams.put(client, stream.copy()));
            copy.owners.putAll(owners);
            following.forEach((client, names) -> copy.following.put(client, new LinkedHashMap<>(names)));
            return copy;
        }
    }

    public FakeRedis(LongSupplier clockMs, Partitions partitions) {
        this(clockMs, partitions, Set.of());
    }

    /** One with bugs. */
    public FakeRedis(LongSupplier clockMs, Partitions partitions, Set<Bug> bugs) {
        this.clockMs = clockMs;
        this.partitions = partitions;
        this.bugs = bugs;
        this.topics = new FakeTopics(this, partitions);
    }

    // ---- what a test does

    /** How many requests wait for their answer. */
    public int asked() {
        return asked.size();
    }

    /** Executes the request that was asked first, and answers it. */
    public void answerNext() {
        executeNext().run();
    }

    /** Executes the request that was asked first; what is returned answers it. */
    public Runnable executeNext() {
        Asked next = asked.remove(0);
        Runnable answer = next.work.get();
        return () -> {
            List<Runnable> slept = late.get(next.node);
            if (slept == null) {
                answer.run();
            } else {
                slept.add(answer);
            }
        };
    }

    /** Executes and answers all requests, also those that come meanwhile. */
    public void answerAll() {
        while (!asked.isEmpty()) {
            answerNext();
        }
    }

    /** From now on, or no longer, requests fail when they are answered, and are not executed. */
    public void setDown(boolean down) {
        isDown = down;
    }

    /** What is answered to a node reaches it when it {@linkplain #wakeUp wakes up}. */
    public void sleep(String node) {
        late.put(node, new ArrayList<>());
    }

    /** A node gets the answers that it slept through. */
    public void wakeUp(String node) {
        List<Runnable> answers = late.remove(node);
        if (answers != null) {
            answers.forEach(Runnable::run);
        }
    }

    /** A node is no more. What it asked may reach Redis or not; nothing reaches it. */
    public void die(String node, BooleanSupplier reachesRedis) {
        sleep(node);
        asked.removeIf(one -> one.node.equals(node) && !reachesRedis.getAsBoolean());
    }

    /** The replica has everything that the master has. */
    public void replicate() {
        replica = memory.copy();
        topicsReplica = topics.memory.copy();
    }

    /** The replica becomes the master, with what it had when it last replicated. */
    public void failOver() {
        memory = replica.copy();
        topics.memory = topicsReplica.copy();
        if (!bugs.contains(Bug.EPOCH_KEPT)) {
            epoch++;
        }
    }

    /** The master is started again with nothing, which its replica does not hear of. */
    public void beEmptied() {
        memory = new Memory();
        topics.memory = new FakeTopics.Memory();
        epoch++;
    }

    /** Appends a message and sends a wake to the client's owner, if it has one; returns its number. */
    public long publish(ClientId client, byte[] data, long lifeMs) {
        Stream stream = streamOf(client);
        long before = 0;
        if (stream == null) {
            stream = newStream();
            memory.streams.put(client, stream);
        } else {
            before = stream.last;
        }
        Message message = new Message(++stream.last, clockMs.getAsLong(), clockMs.getAsLong() + lifeMs, data);
        stream.messages.add(message);
        Owner owner = memory.owners.get(client);
        if (owner != null) {
            send(owner, client, new Wake.Appended(client, owner.generation, epoch, before, message.number(), message));
        }
        return message.number();
    }

    /** Appends a message to a topic and sends a wake to each node that follows it; returns its number. */
    public long publish(Topic topic, byte[] data, long lifeMs) {
        return topics.publish(topic, data, lifeMs);
    }

    /** Has a client follow a topic from now on, and tells its owner; unless it does already. */
    public void follow(ClientId client, Topic topic) {
        boolean isNew = memory.following
                        .computeIfAbsent(client, none -> new LinkedHashMap<>())
                        .putIfAbsent(TopicPattern.of(topic), topics.positionOf(topic))
                == null;
        if (isNew) {
            followsChanged(client);
        }
    }

    /** Whether the application has the client follow the topic. */
    public boolean isFollowing(ClientId client, Topic topic) {
        return memory.following.getOrDefault(client, Map.of()).containsKey(TopicPattern.of(topic));
    }

    /** Ends that. */
    public void unfollow(ClientId client, Topic topic) {
        boolean wasFollowed =
                memory.following.getOrDefault(client, new HashMap<>()).remove(TopicPattern.of(topic)) != null;
        if (wasFollowed) {
            followsChanged(client);
        }
    }

    private void followsChanged(ClientId client) {
        Owner owner = memory.owners.get(client);
        if (owner != null) {
            send(owner, client, new Wake.FollowsChanged(client, owner.generation));
        }
    }

    /** By what the client counts among followers; null if nobody owns it. */
    public Set<Long> counted(ClientId client) {
        Owner owner = memory.owners.get(client);
        return owner == null ? null : owner.follows;
    }

    /** Empties a mailbox and ends the client's hold. */
    public void delete(ClientId client) {
        Stream stream = streamOf(client);
        if (stream != null && !stream.messages.isEmpty()) {
            stream.floor = stream.messages.get(stream.messages.size() - 1).number();
            stream.reason = Gap.Reason.DELETED;
            stream.messages.clear();
        }
        Owner owner = memory.owners.remove(client);
        if (owner != null) {
            send(owner, client, new Wake.Ended(client, owner.generation));
        }
    }

    /** Up to where the client has confirmed. */
    public long confirmed(ClientId client) {
        Stream stream = memory.streams.get(client);
        return stream == null ? 0 : stream.confirmed;
    }

    /** Who owns the client, as {@code node/loop}; null if nobody does. */
    public String owner(ClientId client) {
        Owner owner = memory.owners.get(client);
        return owner == null ? null : owner.node + "/" + owner.loop;
    }

    // ---- what a loop does

    /** Returns the topics as a loop of a node uses them. */
    public Topics topics(String node, int loop) {
        return topics.asUsedBy(node, loop);
    }

    /** Returns the mailboxes as a loop of a node uses them. */
    public Mailboxes mailboxes(String node, int loop) {
        return new Mailboxes() {
            @Override
            public Future<Claimed> claim(Claim claim) {
                return ask(node, () -> claimNow(node, loop, claim));
            }

            @Override
            public Future<List<Claimed>> reclaim(List<Tenure> tenures) {
                return ask(
                        node,
                        () -> tenures.stream()
                                .map(tenure -> reclaimNow(node, loop, tenure))
                                .toList());
            }

            @Override
            public Future<List<Following>> following(ClientId client) {
                return ask(node, () -> followingNow(client));
            }

            @Override
            public Future<Void> confirm(List<Tenure> tenures) {
                return ask(node, () -> {
                    tenures.forEach(tenure -> {
                        confirmNow(tenure.client(), tenure.position());
                        confirmFollowing(tenure.client(), tenure.topics());
                    });
                    return null;
                });
            }

            @Override
            public Future<Void> release(List<Tenure> tenures) {
                return ask(node, () -> {
                    tenures.forEach(tenure -> releaseNow(node, loop, tenure));
                    return null;
                });
            }
        };
    }

    <T> Future<T> ask(String node, Supplier<T> work) {
        Promise<T> promise = Promise.promise();
        asked.add(new Asked(node, () -> {
            T result = isDown ? null : work.get();
            boolean wasDown = isDown;
            return () -> {
                if (wasDown) {
                    promise.fail(DOWN);
                } else {
                    promise.complete(result);
                }
            };
        }));
        return promise.future();
    }

    private Mailboxes.Claimed claimNow(String node, int loop, Mailboxes.Claim claim) {
        ClientId client = claim.client();
        Owner former = memory.owners.get(client);
        if (former != null && claim.page().isOvertakenBy(former.page)) {
            return new Mailboxes.Claimed.Overtaken();
        }
        if (former != null
                && claim.isBack()
                && former.page.conn() != claim.page().conn()) {
            return new Mailboxes.Claimed.Moved(former.page);
        }
        long generation = Math.max(clockMs.getAsLong() * 1_000, former == null ? 0 : former.generation + 1);
        Cursor cursor = claim.cursor();
        confirmFollowing(client, cursor == null ? TopicPositions.NONE : cursor.topics());
        List<Mailboxes.Following> following = followingNow(client);
        Set<Long> follows = tags(claim.follows());
        following.forEach(one -> follows.add(one.name().tag()));
        following.forEach(one -> {
            boolean isCovered = one.name().topic().candidates().stream()
                    .anyMatch(pattern -> !pattern.equals(one.name()) && follows.contains(pattern.tag()));
            if (isCovered) {
                follows.remove(one.name().tag());
            }
        });
        memory.owners.put(client, new Owner(node, loop, generation, claim.page(), claim.transport(), follows));
        Stream stream = streamOf(client);
        long from = 0;
        if (stream != null) {
            from = standing(stream, cursor == null ? null : cursor.mailbox());
            confirm(stream, cursor == null ? 0 : from);
        }
        boolean isElsewhere = former != null && !(former.node.equals(node) && former.loop == loop);
        if (isElsewhere && !bugs.contains(Bug.MOVED_UNTOLD)) {
            send(former, client, new Wake.Moved(client, former.generation, generation, claim.page()));
        }
        Reading reading = read(stream, from);
        if (bugs.contains(Bug.READING_TRIMS) && stream != null) {
            stream.messages.clear();
        }
        return new Mailboxes.Claimed.Owned(
                generation, reading.batchFor(cursor), clockMs.getAsLong(), former == null, following);
    }

    private static Set<Long> tags(long[] follows) {
        Set<Long> tags = new TreeSet<>();
        for (long tag : follows) {
            tags.add(tag);
        }
        return tags;
    }

    private List<Mailboxes.Following> followingNow(ClientId client) {
        return memory.following.getOrDefault(client, Map.of()).entrySet().stream()
                .map(one -> new Mailboxes.Following(one.getKey(), one.getValue()))
                .toList();
    }

    private void confirmFollowing(ClientId client, TopicPositions confirmed) {
        memory.following.getOrDefault(client, new HashMap<>()).replaceAll((name, position) -> {
            Position brought = confirmed.byTopic().get(name.tag());
            boolean isFurther = brought != null
                    && (brought.epoch() != position.epoch()
                            ? brought.epoch() == epoch
                            : brought.number() > position.number());
            return isFurther ? brought : position;
        });
    }

    private Mailboxes.Claimed reclaimNow(String node, int loop, Mailboxes.Tenure tenure) {
        Owner stored = memory.owners.get(tenure.client());
        boolean isMine = stored != null && stored.node.equals(node) && stored.loop == loop;
        if (stored != null
                && (stored.generation > tenure.generation() || stored.generation == tenure.generation() && !isMine)) {
            return new Mailboxes.Claimed.Moved(stored.page);
        }
        memory.owners.put(
                tenure.client(),
                new Owner(node, loop, tenure.generation(), tenure.page(), tenure.transport(), tags(tenure.follows())));
        Stream stream = streamOf(tenure.client());
        long from = 0;
        if (stream != null) {
            from = standing(stream, tenure.position());
            dropDead(stream);
        }
        return new Mailboxes.Claimed.Owned(
                tenure.generation(),
                read(stream, from).batchAfter(tenure.position()),
                clockMs.getAsLong(),
                false,
                bugs.contains(Bug.GRANT_UNTOLD) ? List.of() : followingNow(tenure.client()));
    }

    private void confirmNow(ClientId client, Position position) {
        Stream stream = streamOf(client);
        if (stream != null) {
            confirm(stream, standing(stream, position));
        }
    }

    private void releaseNow(String node, int loop, Mailboxes.Tenure tenure) {
        Owner stored = memory.owners.get(tenure.client());
        if (stored != null
                && stored.node.equals(node)
                && stored.loop == loop
                && stored.generation <= tenure.generation()) {
            memory.owners.remove(tenure.client());
        }
    }

    private Stream streamOf(ClientId client) {
        Stream stream = memory.streams.get(client);
        return stream == null ? null : rebase(stream);
    }

    Stream newStream() {
        Stream stream = new Stream();
        stream.epoch = epoch;
        stream.base = clockMs.getAsLong() * 1_000;
        stream.last = stream.base;
        return stream;
    }

    long nowMs() {
        return clockMs.getAsLong();
    }

    int epoch() {
        return epoch;
    }

    /** A stream that another master wrote begins anew. */
    Stream rebase(Stream stream) {
        if (stream.epoch != epoch) {
            stream.epoch = epoch;
            stream.base = Math.max(stream.last, clockMs.getAsLong() * 1_000) + FAILOVER_JUMP + tag();
            stream.last = stream.base;
            stream.rebased = true;
            stream.floor = stream.base;
            stream.reason = Gap.Reason.FAILOVER;
        }
        return stream;
    }

    /** Epochs are random: the first 32 bits of a replication id. */
    private long tag() {
        return Integer.toUnsignedLong((int) megacomet.model.Hash64.of(new byte[] {(byte) epoch, (byte) (epoch >> 8)}));
    }

    long standing(Stream stream, Position position) {
        if (position == null || bugs.contains(Bug.CURSOR_IGNORED)) {
            return stream.confirmed;
        }
        long number = position.epoch() == epoch ? position.number() : Math.min(position.number(), stream.base - 1);
        return Math.max(Math.min(number, stream.last), stream.confirmed);
    }

    private void confirm(Stream stream, long number) {
        stream.confirmed = Math.max(stream.confirmed, number);
        dropDead(stream);
    }

    void dropDead(Stream stream) {
        stream.messages.removeIf(message -> message.number() <= stream.confirmed);
        while (!stream.messages.isEmpty() && !isAlive(stream.messages.get(0))) {
            stream.floor = Math.max(stream.floor, stream.messages.remove(0).number());
            stream.reason = Gap.Reason.EXPIRED;
        }
    }

    Reading read(Stream stream, long from) {
        long nowMs = clockMs.getAsLong();
        if (stream == null) {
            return new Reading(epoch, nowMs, 0, 0, 0, false, 0, Gap.Reason.UNKNOWN, true, List.of());
        }
        List<Message> live = stream.messages.stream()
                .filter(message -> message.number() > from && isAlive(message))
                .toList();
        long base = bugs.contains(Bug.GAP_UNSAID) ? stream.last : stream.base;
        return new Reading(
                epoch, nowMs, from, stream.last, base, stream.rebased, stream.floor, stream.reason, true, live);
    }

    /** Reads a log, and no more of it than is allowed. */
    Reading read(Stream stream, long from, Topics.Allowance allowance) {
        Reading all = read(stream, from);
        int bytes = 0;
        int count = 0;
        for (Message message : all.messages()) {
            bytes += message.bytes();
            if (count > 0 && (count == allowance.messages() || bytes > allowance.bytes())) {
                break;
            }
            count++;
        }
        return new Reading(
                all.epoch(),
                all.masterMs(),
                all.from(),
                all.last(),
                all.base(),
                all.rebased(),
                all.floor(),
                all.reason(),
                count == all.messages().size(),
                all.messages().subList(0, count));
    }

    boolean isAlive(Message message) {
        return message.expiryMs() > clockMs.getAsLong() || bugs.contains(Bug.LATE_DELIVERY);
    }

    private void send(Owner to, ClientId client, Wake wake) {
        wakes.add(new Sent(to.node, to.loop, partitions.of(client), wake, null));
    }

    void send(String node, int partition, TopicWake wake) {
        wakes.add(new Sent(node, 0, partition, null, wake));
    }
}
