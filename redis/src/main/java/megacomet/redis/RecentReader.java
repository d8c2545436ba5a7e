package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Position;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Reads once what came in a partition for patterns, in two steps: what the partition's index has after the position, of
 * which the patterns choose; and then those messages from their topics. What is in the index and not in its topic any more
 * was missed, and is counted; unless the topic keeps but the latest, where a later message stands for it. If another master
 * takes over between the two, it begins again.
 */
final class RecentReader {

    private static final Script PASSED = Script.load(Store.class, "passed");
    private static final Script PICK = Script.load(Store.class, "pick");
    private static final int FIRST_ENTRY = 6;
    private static final int FIRST_TOPIC = 1;

    /** How many entries of the index are asked for at least: most may be of topics that no pattern matches. */
    private static final int LEAST_ENTRIES = 100;

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final int partition;
    private final List<TopicPattern> patterns;
    private final int maxMessages;
    private final int maxBytes;
    private final List<Topics.Passed> messages = new ArrayList<>();
    private final Map<String, Gap> gaps = new LinkedHashMap<>();

    /** What the index says of a message. */
    private record Entry(long partitionNumber, TopicMode mode, Topic topic, long number) {

        static Entry parse(byte[] bytes) {
            Message envelope = Message.fromEnvelope(null, ByteBuffer.wrap(bytes));
            ByteBuffer data = ByteBuffer.wrap(envelope.data());
            long number = data.getLong();
            String topic = StandardCharsets.US_ASCII.decode(data).toString();
            return new Entry(envelope.number(), envelope.mode(), new Topic(topic), number);
        }
    }

    /** What the index said is another master's word, which knows other messages by those numbers or none. */
    private static final class OtherMaster extends Exception {
        private static final long serialVersionUID = 1L;

        OtherMaster() {
            super("another master took over between the index and its messages", null, false, false);
        }
    }

    RecentReader(
            Masters masters,
            Keys keys,
            StoreOptions options,
            int partition,
            List<TopicPattern> patterns,
            Topics.Allowance allowance) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.partition = partition;
        this.patterns = patterns;
        this.maxMessages = Math.min(allowance.messages(), options.limits().answerMaxMessages());
        this.maxBytes = Math.min(allowance.bytes(), options.limits().answerMaxBytes());
    }

    Future<Topics.Recent> read(Position from) {
        Script.Call call = PASSED.call(
                List.of(keys.passed(partition), keys.recent(partition)),
                Integer.toUnsignedLong(from.epoch()),
                from.number(),
                Math.min(options.limits().recentMaxMessages(), Math.max(LEAST_ENTRIES, 2 * maxMessages)));
        return run(call)
                .compose(index -> {
                    int epoch = (int) (long) index.get(0).toLong();
                    boolean isTrimmed = index.get(3).toInteger() == 1;
                    // Who has nothing of a partition had heard nothing there yet, of whatever master.
                    boolean hasBegunAnew = index.get(5).toInteger() == 1;
                    if (from.epoch() != epoch || from.number() == 0 && hasBegunAnew) {
                        missedByAll(Gap.Reason.FAILOVER);
                    } else if (isTrimmed) {
                        missedByAll(Gap.Reason.UNKNOWN);
                    }
                    return pick(epoch, wanted(index), 0, maxMessages, maxBytes)
                            .map(next ->
                                    recent(epoch, next == null ? end(index) : next.partitionNumber - 1, next, index));
                })
                .recover(failure -> failure instanceof OtherMaster ? readAnew(from) : Future.failedFuture(failure));
    }

    private Future<Topics.Recent> readAnew(Position from) {
        messages.clear();
        gaps.clear();
        return read(from);
    }

    private void missedByAll(Gap.Reason reason) {
        patterns.forEach(pattern -> gaps.put(pattern.value(), new Gap(Gap.UNKNOWN, reason)));
    }

    private List<Entry> wanted(Response index) {
        List<Entry> wanted = new ArrayList<>();
        for (int i = FIRST_ENTRY; i < index.size(); i++) {
            Entry entry = Entry.parse(index.get(i).toBytes());
            if (patterns.stream().anyMatch(pattern -> pattern.matches(entry.topic))) {
                wanted.add(entry);
            }
        }
        return wanted;
    }

    /** How far the reader is with all that the index gave. A partition without a state has nothing after any position. */
    private static long end(Response index) {
        long last = index.get(2).toLong();
        if (last == 0) {
            return index.get(1).toLong();
        }
        return isWhole(index) ? last : Entry.parse(index.get(index.size() - 1).toBytes()).partitionNumber;
    }

    private static boolean isWhole(Response index) {
        return index.get(4).toInteger() == 1;
    }

    private Topics.Recent recent(int epoch, long number, Entry next, Response index) {
        List<TopicGap> missed = new ArrayList<>();
        gaps.forEach((name, gap) -> missed.add(new TopicGap(name, gap)));
        boolean isComplete = next == null && isWhole(index);
        return new Topics.Recent(messages, new Position(epoch, number), missed, isComplete);
    }

    /** Reads the messages from the one at {@code first} on, and returns the one at which the limits ended that, or null. */
    private Future<Entry> pick(int epoch, List<Entry> wanted, int first, int leftMessages, int leftBytes) {
        if (first == wanted.size()) {
            return Future.succeededFuture();
        }
        if (leftMessages <= 0 || leftBytes <= 0) {
            return Future.succeededFuture(wanted.get(first));
        }
        Map<Topic, Integer> topics = new LinkedHashMap<>();
        List<byte[]> of = new ArrayList<>();
        List<Object> arguments = new ArrayList<>(List.of(leftMessages, leftBytes));
        int end = first;
        for (; end < wanted.size(); end++) {
            Topic topic = wanted.get(end).topic;
            if (!topics.containsKey(topic)) {
                if (topics.size() == Topics.MAX_A_CALL) {
                    break;
                }
                topics.put(topic, topics.size());
                of.add(keys.topic(partition, topic));
                of.add(keys.log(partition, topic));
                of.add(keys.latest(partition, topic));
            }
            arguments.add(topics.get(topic) + 1);
            arguments.add(wanted.get(end).number);
        }
        int asked = end;
        return run(PICK.call(of, arguments.toArray())).compose(reply -> {
            if ((int) (long) reply.get(0).toLong() != epoch) {
                return Future.failedFuture(new OtherMaster());
            }
            int firstMessage = FIRST_TOPIC + topics.size();
            int taken = reply.size() - firstMessage;
            int bytes = 0;
            int before = messages.size();
            for (int i = 0; i < taken; i++) {
                Entry entry = wanted.get(first + i);
                byte[] envelope = reply.get(firstMessage + i).toBytes();
                bytes += envelope.length;
                take(entry, envelope, reply.get(FIRST_TOPIC + topics.get(entry.topic)));
            }
            if (first + taken < asked) {
                return Future.succeededFuture(wanted.get(first + taken));
            }
            return pick(epoch, wanted, asked, leftMessages - (messages.size() - before), leftBytes - bytes);
        });
    }

    private void take(Entry entry, byte[] envelope, Response state) {
        if (envelope.length > 0) {
            Message message = Message.fromEnvelope(entry.topic, ByteBuffer.wrap(envelope));
            messages.add(new Topics.Passed(entry.partitionNumber, message));
        } else if (entry.mode == TopicMode.LOG) {
            boolean wasTaken = entry.number <= state.get(0).toLong();
            Gap.Reason reason = wasTaken ? Gap.Reason.ofCode(state.get(1).toLong()) : Gap.Reason.EXPIRED;
            gaps.merge(entry.topic.value(), new Gap(1, reason), Gap::and);
        }
    }

    private Future<Response> run(Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
