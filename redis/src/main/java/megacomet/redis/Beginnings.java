package megacomet.redis;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import megacomet.model.Batch;
import megacomet.model.Cursor;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.redis.EachMaster.Answer;
import megacomet.redis.link.Masters;
import megacomet.redis.link.RedisUnavailable;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/**
 * Where topics and partitions are now, for clients that are made to follow them. What is published after that is theirs,
 * however long it takes until a node that holds them knows; and what was published before is not.
 */
final class Beginnings {

    private static final Script BEGINNINGS = Script.load(Store.class, "beginnings");
    private static final int NOT_HERE = -1;

    private final EachMaster masters;
    private final Keys keys;
    private final RedisTopics topics;

    Beginnings(Masters masters, Topology topology, Keys keys, StoreOptions options) {
        this.masters = new EachMaster(masters, topology, keys.partitions());
        this.keys = keys;
        this.topics = new RedisTopics(masters, keys, options, NodeId.random(), 0);
    }

    /** Something that a client follows from somewhere on. */
    record Begun(TopicPattern name, Position from, byte[] beginning) {

        /** As follow_client.lua and session_follow.lua want it. */
        List<Object> arguments() {
            List<TopicPattern> covers = name.coveredBy();
            ByteBuffer tags = ByteBuffer.allocate(covers.size() * Long.BYTES);
            covers.forEach(pattern -> tags.putLong(pattern.tag()));
            return List.of(
                    name,
                    TopicDirectory.tagOf(name),
                    Integer.toUnsignedLong(from.epoch()),
                    from.number(),
                    name.isWildcard() ? 1 : 0,
                    tags.array(),
                    beginning);
        }
    }

    /** Returns where each of these is now, in their order. */
    Future<List<Begun>> of(List<TopicPattern> names) {
        Map<Integer, List<TopicPattern>> byPartition = new LinkedHashMap<>();
        for (TopicPattern name : names) {
            if (!name.isWildcard()) {
                int partition = keys.partitions().of(name.topic());
                byPartition
                        .computeIfAbsent(partition, none -> new ArrayList<>())
                        .add(name);
            }
        }
        Map<TopicPattern, Position> positions = new LinkedHashMap<>();
        List<Future<?>> reads = new ArrayList<>();
        byPartition.forEach((partition, those) -> reads.add(read(partition, those, positions)));
        boolean hasPattern = names.stream().anyMatch(TopicPattern::isWildcard);
        Future<byte[]> everywhere = hasPattern ? everywhere() : Future.succeededFuture(new byte[0]);
        reads.add(everywhere);
        return Future.all(reads)
                .map(done -> names.stream()
                        .map(name -> name.isWildcard()
                                ? new Begun(name, new Position(0, 0), everywhere.result())
                                : new Begun(name, positions.get(name), new byte[0]))
                        .toList());
    }

    private Future<?> read(int partition, List<TopicPattern> those, Map<TopicPattern, Position> positions) {
        List<Topics.Want> wants = those.stream()
                .map(name -> new Topics.Want(name.topic(), null, false))
                .toList();
        return topics.read(partition, wants).onSuccess(batches -> {
            for (int i = 0; i < those.size(); i++) {
                Batch batch = batches.get(i);
                positions.put(those.get(i), batch.position());
            }
        });
    }

    private Future<byte[]> everywhere() {
        return masters.ask(BEGINNINGS, List.of(), keys::passed).map(answers -> {
            Map<Integer, Position> positions = new TreeMap<>();
            for (Answer answer : answers) {
                int epoch = (int) (long) answer.reply().get(0).toLong();
                for (int i = 0; i < answer.partitions().size(); i++) {
                    long number = answer.reply().get(i + 1).toLong();
                    if (number == NOT_HERE) {
                        throw RedisUnavailable.notSent("a partition is on its way", null);
                    }
                    if (number > 0) {
                        positions.put(answer.partitions().get(i), new Position(epoch, number));
                    }
                }
            }
            return encode(positions);
        });
    }

    /** As a cursor that is nobody's, which is compact and knows how to be read. */
    private static byte[] encode(Map<Integer, Position> positions) {
        TopicPositions everywhere = new TopicPositions(Map.of(), Set.of(0L), positions);
        return new Cursor(0, 0, new Position(0, 0), everywhere).encode().getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads what stands in {@link Begun#beginning}. */
    static Map<Integer, Position> parse(byte[] beginning) {
        return Cursor.parse(new String(beginning, StandardCharsets.US_ASCII))
                .topics()
                .byPartition();
    }
}
