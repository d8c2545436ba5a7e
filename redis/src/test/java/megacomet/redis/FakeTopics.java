package megacomet.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import megacomet.model.Batch;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.redis.FakeRedis.Stream;

/** The topics of a {@link FakeRedis}: logs, the partitions' own numbering, and who follows what. */
final class FakeTopics {

    private final FakeRedis redis;
    private final Partitions partitions;
    Memory memory = new Memory();

    private record Entry(long partitionNumber, Topic topic, long number) {}

    private record Loop(String node, int loop) {}

    /** What a master has of topics, and a replica a copy of. */
    static final class Memory {
        private final Map<Topic, Stream> logs = new HashMap<>();
        private final Map<Integer, Stream> passages = new HashMap<>();
        private final Map<Integer, List<Entry>> indexes = new HashMap<>();
        private final Map<Integer, Map<TopicPattern, Set<Loop>>> followed = new HashMap<>();

        Memory copy() {
            Memory copy = new Memory();
            logs.forEach((topic, stream) -> copy.logs.put(topic, stream.copy()));
            passages.forEach((partition, stream) -> copy.passages.put(partition, stream.copy()));
            indexes.forEach((partition, index) -> copy.indexes.put(partition, new ArrayList<>(index)));
            followed.forEach((partition, names) -> {
                Map<TopicPattern, Set<Loop>> copied = new HashMap<>();
                names.forEach((name, loops) -> copied.put(name, new LinkedHashSet<>(loops)));
                copy.followed.put(partition, copied);
            });
            return copy;
        }
    }

    FakeTopics(FakeRedis redis, Partitions partitions) {
        this.redis = redis;
        this.partitions = partitions;
    }

    long publish(Topic topic, byte[] data, long lifeMs) {
        int partition = partitions.of(topic);
        long nowMs = redis.nowMs();
        Stream log = memory.logs.get(topic);
        long before = 0;
        if (log == null) {
            log = redis.newStream();
            memory.logs.put(topic, log);
        } else {
            redis.rebase(log);
            before = log.last;
        }
        Stream passage = redis.rebase(memory.passages.computeIfAbsent(partition, none -> redis.newStream()));
        Message message =
                new Message(topic, ++log.last, nowMs, nowMs + lifeMs, megacomet.model.TopicMode.LOG, null, data);
        log.messages.add(message);
        long partitionNumber = ++passage.last;
        memory.indexes
                .computeIfAbsent(partition, none -> new ArrayList<>())
                .add(new Entry(partitionNumber, topic, message.number()));
        Map<String, Set<Integer>> loops = new LinkedHashMap<>();
        List<TopicPattern> names = new ArrayList<>(topic.candidates());
        names.add(TopicPattern.of(topic));
        for (TopicPattern name : names) {
            for (Loop loop : followersOf(partition, name)) {
                loops.computeIfAbsent(loop.node, none -> new LinkedHashSet<>()).add(loop.loop);
            }
        }
        for (Map.Entry<String, Set<Integer>> node : loops.entrySet()) {
            int[] numbers = node.getValue().stream().mapToInt(Integer::intValue).toArray();
            redis.send(
                    node.getKey(),
                    partition,
                    new TopicWake(topic, redis.epoch(), before, message.number(), partitionNumber, numbers, message));
        }
        return message.number();
    }

    private Set<Loop> followersOf(int partition, TopicPattern name) {
        return memory.followed
                .computeIfAbsent(partition, none -> new HashMap<>())
                .computeIfAbsent(name, none -> new LinkedHashSet<>());
    }

    Position positionOf(Topic topic) {
        Stream log = memory.logs.get(topic);
        return new Position(redis.epoch(), log == null ? 0 : redis.rebase(log).last);
    }

    Topics asUsedBy(String node, int number) {
        Loop loop = new Loop(node, number);
        return new Topics() {
            @Override
            public Future<List<Batch>> follow(int partition, List<Want> wants) {
                return redis.ask(node, () -> {
                    wants.forEach(want -> followersOf(partition, TopicPattern.of(want.topic()))
                            .add(loop));
                    return wants.stream()
                            .map(want -> readNow(want, Topics.Allowance.AS_CONFIGURED))
                            .toList();
                });
            }

            @Override
            public Future<List<Batch>> read(int partition, List<Want> wants, Allowance allowance) {
                return redis.ask(
                        node,
                        () -> wants.stream()
                                .map(want -> readNow(want, allowance))
                                .toList());
            }

            @Override
            public Future<Position> followPatterns(int partition, List<TopicPattern> patterns) {
                return redis.ask(node, () -> {
                    patterns.forEach(pattern -> followersOf(partition, pattern).add(loop));
                    Stream passage = memory.passages.get(partition);
                    return new Position(redis.epoch(), passage == null ? 0 : redis.rebase(passage).last);
                });
            }

            @Override
            public Future<Recent> recent(
                    int partition, List<TopicPattern> patterns, Position from, Allowance allowance) {
                return redis.ask(node, () -> recentNow(partition, patterns, from, allowance));
            }

            @Override
            public Future<Void> unfollow(int partition, List<TopicPattern> names) {
                return redis.ask(node, () -> {
                    names.forEach(name -> followersOf(partition, name).remove(loop));
                    return null;
                });
            }
        };
    }

    private Batch readNow(Topics.Want want, Topics.Allowance allowance) {
        Stream log = memory.logs.get(want.topic());
        if (want.from() == null && !want.isFromEarliest()) {
            return new Batch(List.of(), positionOf(want.topic()), null, true);
        }
        if (log != null) {
            redis.rebase(log);
            redis.dropDead(log);
        }
        if (want.from() == null) {
            Batch all = redis.read(log, 0, allowance).batchFor(null);
            return new Batch(all.messages(), all.position(), null, all.complete());
        }
        return redis.read(log, log == null ? 0 : redis.standing(log, want.from()), allowance)
                .batchAfter(want.from());
    }

    private Topics.Recent recentNow(
            int partition, List<TopicPattern> patterns, Position from, Topics.Allowance allowance) {
        Stream passage = memory.passages.get(partition);
        if (passage == null) {
            return new Topics.Recent(
                    List.of(),
                    new Position(redis.epoch(), Math.min(from.number(), redis.nowMs() * 1_000)),
                    from.epoch() == redis.epoch() ? List.of() : failovers(patterns),
                    true);
        }
        redis.rebase(passage);
        long standing = redis.standing(passage, from);
        List<Topics.Passed> messages = new ArrayList<>();
        Map<String, Gap> gaps = new TreeMap<>();
        if (from.epoch() != redis.epoch() || from.number() == 0 && passage.rebased) {
            failovers(patterns).forEach(gap -> gaps.put(gap.topic(), gap.gap()));
        }
        long upTo = passage.last;
        int bytes = 0;
        for (Entry entry : memory.indexes.getOrDefault(partition, List.of())) {
            boolean isWanted = entry.partitionNumber > standing
                    && patterns.stream().anyMatch(pattern -> pattern.matches(entry.topic));
            if (isWanted) {
                Stream log = memory.logs.get(entry.topic);
                Message found = log.messages.stream()
                        .filter(message -> message.number() == entry.number && redis.isAlive(message))
                        .findFirst()
                        .orElse(null);
                if (found == null) {
                    gaps.merge(entry.topic.value(), new Gap(1, Gap.Reason.EXPIRED), Gap::and);
                    continue;
                }
                bytes += found.bytes();
                if (!messages.isEmpty() && (messages.size() == allowance.messages() || bytes > allowance.bytes())) {
                    upTo = entry.partitionNumber - 1;
                    break;
                }
                messages.add(new Topics.Passed(entry.partitionNumber, found));
            }
        }
        List<TopicGap> told = gaps.entrySet().stream()
                .map(gap -> new TopicGap(gap.getKey(), gap.getValue()))
                .toList();
        return new Topics.Recent(messages, new Position(redis.epoch(), upTo), told, upTo == passage.last);
    }

    private static List<TopicGap> failovers(List<TopicPattern> patterns) {
        return patterns.stream()
                .map(pattern -> new TopicGap(pattern.value(), new Gap(Gap.UNKNOWN, Gap.Reason.FAILOVER)))
                .toList();
    }
}
