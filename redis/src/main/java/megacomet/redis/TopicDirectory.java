package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import megacomet.model.ClientId;
import megacomet.model.Topic;
import megacomet.model.TopicMode;
import megacomet.model.TopicPattern;
import megacomet.redis.link.Address;
import megacomet.redis.link.Masters;
import megacomet.redis.link.RedisUnavailable;
import megacomet.redis.link.Script;
import megacomet.redis.link.Topology;

/** What applications may know of topics; for one event loop. */
public final class TopicDirectory {

    /** How long nodes are waited for that were asked who follows a topic, in ms. */
    public static final long ANSWER_MS = 2_000;

    /** How long answers are kept for whoever asked, in ms. */
    static final long ANSWERS_LIFE_MS = 10_000;

    private static final long LOOK_FOR_ANSWERS_MS = 20;
    private static final Script TOPIC = Script.load(Store.class, "topic");
    private static final Script FOLLOWERS = Script.load(Store.class, "followers");
    private static final Script TOPIC_NAMES = Script.load(Store.class, "topic_names");

    private final Vertx vertx;
    private final Masters masters;
    private final Topology topology;
    private final EachMaster eachMaster;
    private final Keys keys;
    private final StoreOptions options;

    /**
     * A topic as Redis knows it. One that nobody ever published to has no messages.
     *
     * @param first number of the oldest live message, 0 if there is none
     * @param last the latest number given, 0 if none ever was
     * @param messages how many live messages are kept
     */
    public record SeenTopic(Topic topic, TopicMode mode, long first, long last, long messages) {}

    TopicDirectory(Vertx vertx, Masters masters, Topology topology, Keys keys, StoreOptions options) {
        this.vertx = vertx;
        this.masters = masters;
        this.topology = topology;
        this.eachMaster = new EachMaster(masters, topology, keys.partitions());
        this.keys = keys;
        this.options = options;
    }

    /** Looks a topic up. */
    public Future<SeenTopic> look(Topic topic) {
        int partition = keys.partitions().of(topic);
        List<byte[]> of =
                List.of(keys.topic(partition, topic), keys.log(partition, topic), keys.latest(partition, topic));
        return run(partition, TOPIC.call(of))
                .map(reply -> new SeenTopic(
                        topic,
                        TopicMode.ofCode(reply.get(0).toInteger()),
                        reply.get(1).toLong(),
                        reply.get(2).toLong(),
                        reply.get(3).toLong()));
    }

    /**
     * Counts the clients that follow a topic, by its name or by a pattern, each once, at whichever of the nodes they are.
     *
     * @param live the nodes whose lease has not ended; clients of others do not count
     */
    public Future<Long> followers(Topic topic, Set<NodeId> live) {
        List<TopicPattern> names = Stream.concat(Stream.of(TopicPattern.of(topic)), topic.candidates().stream())
                .toList();
        List<Object> arguments = new ArrayList<>();
        arguments.add(names.size());
        names.forEach(name -> arguments.add(tagOf(name)));
        arguments.add(live.size());
        arguments.addAll(live);
        return eachMaster
                .ask(FOLLOWERS, arguments, keys::follows)
                .map(answers -> answers.stream()
                        .mapToLong(answer -> answer.reply().toLong())
                        .sum());
    }

    /** Returns the name's tag as scripts keep it. */
    static byte[] tagOf(TopicPattern name) {
        return ByteBuffer.allocate(Long.BYTES).putLong(name.tag()).array();
    }

    /**
     * Asks the nodes who follows a topic, and returns at most {@code limit} clients, in the order of their names. A node
     * that does not answer within {@link #ANSWER_MS} is done without.
     */
    public Future<List<ClientId>> listFollowers(Topic topic, Set<NodeId> live, int limit) {
        int partition = keys.partitions().of(topic);
        Address master = topology.map().masterOf(keys.partitions().slot(partition));
        if (master == null) {
            return Future.failedFuture(RedisUnavailable.notSent("no master is known for " + topic, null));
        }
        byte[] answers = keys.answer(partition, NodeId.random().value());
        byte[] question = new Question(topic, limit, answers).toBytes();
        List<Future<Response>> asked = live.stream()
                .map(node -> masters.sendTo(
                        master,
                        Request.cmd(Command.SPUBLISH)
                                .arg(keys.channel(partition) + node)
                                .arg(question)))
                .toList();
        long startNanos = System.nanoTime();
        return Future.all(asked)
                .compose(done -> {
                    long listening = done.<Response>list().stream()
                            .mapToLong(Response::toLong)
                            .sum();
                    return awaitAnswers(master, answers, listening, startNanos);
                })
                .map(given -> merge(given, limit));
    }

    private Future<Response> awaitAnswers(Address master, byte[] answers, long expected, long startNanos) {
        Request read = Request.cmd(Command.LRANGE).arg(answers).arg(0).arg(-1);
        return masters.sendTo(master, read).compose(given -> {
            long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            if (given.size() >= expected || waitedMs >= ANSWER_MS) {
                return Future.succeededFuture(given);
            }
            Promise<Void> pause = Promise.promise();
            vertx.setTimer(LOOK_FOR_ANSWERS_MS, id -> pause.complete());
            return pause.future().compose(again -> awaitAnswers(master, answers, expected, startNanos));
        });
    }

    private static List<ClientId> merge(Response answers, int limit) {
        TreeSet<ClientId> all = new TreeSet<>();
        answers.forEach(answer -> all.addAll(Question.clients(answer.toBytes())));
        return all.stream().limit(limit).toList();
    }

    /**
     * Returns topics that the pattern matches and that are followed by name or had a message whose state is still kept, in
     * the order of their names, at most {@code limit}. Private ones only if their name is the pattern.
     */
    public Future<List<Topic>> list(TopicPattern pattern, int limit) {
        IntStream partitions = pattern.isWildcard()
                ? IntStream.range(0, keys.partitions().count())
                : IntStream.of(keys.partitions().of(pattern.topic()));
        List<Future<Response>> lists = partitions
                .mapToObj(partition -> run(partition, namesIn(partition, pattern, limit)))
                .toList();
        return Future.all(lists).map(done -> {
            Collection<Topic> topics = new TreeSet<>();
            done.<Response>list().forEach(names -> names.forEach(name -> topics.add(new Topic(name.toString()))));
            return topics.stream().filter(pattern::matches).limit(limit).toList();
        });
    }

    private Script.Call namesIn(int partition, TopicPattern pattern, int limit) {
        String name = pattern.value();
        int star = pattern.isWildcard() ? name.indexOf('*') : name.length();
        return TOPIC_NAMES.call(
                List.of(keys.names(partition), keys.followed(partition)),
                name.substring(0, star),
                name.substring(star),
                limit);
    }

    private Future<Response> run(int partition, Script.Call call) {
        return masters.call(keys.partitions().slot(partition), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
