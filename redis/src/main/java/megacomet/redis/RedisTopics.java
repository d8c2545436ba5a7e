package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import megacomet.model.Batch;
import megacomet.model.Position;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/** {@link Topics} in Redis, by the scripts read_topics, follow_patterns, passed, pick and unfollow. */
final class RedisTopics implements Topics {

    private static final Script READ_TOPICS = Script.load(Store.class, "read_topics");
    private static final Script FOLLOW_PATTERNS = Script.load(Store.class, "follow_patterns");
    private static final Script UNFOLLOW = Script.load(Store.class, "unfollow");
    private static final String NOBODY = "";

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final NodeId node;
    private final int loop;

    RedisTopics(Masters masters, Keys keys, StoreOptions options, NodeId node, int loop) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.node = node;
        this.loop = loop;
    }

    @Override
    public Future<List<Batch>> follow(int partition, List<Want> wants) {
        return read(partition, wants, node.value(), Allowance.AS_CONFIGURED);
    }

    @Override
    public Future<List<Batch>> read(int partition, List<Want> wants, Allowance allowance) {
        return read(partition, wants, NOBODY, allowance);
    }

    private Future<List<Batch>> read(int partition, List<Want> wants, String follower, Allowance allowance) {
        List<byte[]> of = new ArrayList<>(List.of(keys.followed(partition)));
        List<Object> arguments = new ArrayList<>(List.of(
                follower,
                loop,
                Math.min(allowance.messages(), options.limits().answerMaxMessages()),
                Math.min(allowance.bytes(), options.limits().answerMaxBytes())));
        for (Want want : wants) {
            of.add(keys.topic(partition, want.topic()));
            of.add(keys.log(partition, want.topic()));
            of.add(keys.latest(partition, want.topic()));
            Position from = want.from();
            arguments.add(want.topic());
            arguments.add(from == null ? "" : Integer.toUnsignedLong(from.epoch()));
            arguments.add(from == null ? "" : from.number());
            arguments.add(want.isFromEarliest() ? 1 : 0);
        }
        return run(partition, READ_TOPICS.call(of, arguments.toArray())).map(replies -> {
            List<Batch> batches = new ArrayList<>(wants.size());
            for (int i = 0; i < wants.size(); i++) {
                TopicMode mode = TopicMode.ofCode(replies.get(i).get(0).toInteger());
                Reading reading = Reading.parse(replies.get(i), 1, wants.get(i).topic());
                batches.add(reading.batchFor(wants.get(i), mode));
            }
            return batches;
        });
    }

    @Override
    public Future<Position> followPatterns(int partition, List<TopicPattern> patterns) {
        List<byte[]> of = List.of(keys.passed(partition), keys.followed(partition));
        return run(partition, FOLLOW_PATTERNS.call(of, withSelf(patterns)))
                .map(reply -> new Position(
                        (int) (long) reply.get(0).toLong(), reply.get(1).toLong()));
    }

    @Override
    public Future<Recent> recent(int partition, List<TopicPattern> patterns, Position from, Allowance allowance) {
        return new RecentReader(masters, keys, options, partition, patterns, allowance).read(from);
    }

    @Override
    public Future<Void> unfollow(int partition, List<TopicPattern> names) {
        return run(partition, UNFOLLOW.call(List.of(keys.followed(partition)), withSelf(names)))
                .mapEmpty();
    }

    private Object[] withSelf(List<TopicPattern> names) {
        List<Object> arguments = new ArrayList<>(List.of(node, loop));
        arguments.addAll(names);
        return arguments.toArray();
    }

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
