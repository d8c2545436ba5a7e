package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.model.Gap;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.redis.link.Durable;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Appends messages to mailboxes and topics and wakes who waits for them, for one event loop.
 *
 * <p>Messages to one target, a client or a topic, keep the order in which they were published here. For that only one
 * script a target is in flight: if Redis says "not now" to one and it must be sent again, the next has not overtaken it.
 * What comes meanwhile waits in the target's lane and rides along in the next script.
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
public final class Publisher {

    /** The most messages, and bytes of data, of one script: what rides along waits for all of it. */
    private static final int MAX_MESSAGES_A_SCRIPT = 64;

    private static final int MAX_BYTES_A_SCRIPT = 256 << 10;

    /** Where the first message's answer stands in a script's reply. */
    private static final int FIRST_ANSWER = 5;

    private static final int FIRST_TOPIC_ANSWER = 1;

    private static final int FINGERPRINT_BYTES = 16;
    private static final byte[] NO_FINGERPRINT = {};
    private static final Script PUBLISH = Script.load(Store.class, "publish");
    private static final Script PUBLISH_TOPIC = Script.load(Store.class, "publish_topic");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final Loss.Observer losses;
    private final Map<Target, Lane> lanes = new HashMap<>();

    /**
     * What is published.
     *
     * @param data JSON in UTF-8, without insignificant whitespace
     * @param lifeMs how long it may be delivered, from the moment Redis takes it
     * @param id makes it idempotent for its client or topic for five minutes, or null
     * @param key in a topic of which the latest is kept: which message it replaces, or null; else of no meaning
     * @param isReplicated whether it is done only when a replica has it, too
     */
    public record Publication(byte[] data, long lifeMs, String id, String key, boolean isReplicated) {
        /** One that replicas may get later. */
        public Publication(byte[] data, long lifeMs, String id, String key) {
            this(data, lifeMs, id, key, false);
        }

        /** One without a key. */
        public Publication(byte[] data, long lifeMs, String id) {
            this(data, lifeMs, id, null);
        }

        /** Whether both may be in one script: what is sent again when its answer is lost, and what it waits for, is the same. */
        boolean isLike(Publication other) {
            return (id == null) == (other.id == null) && isReplicated == other.isReplicated;
        }
    }

    /** What became of a publication. {@code number} is its place in the mailbox; 0 if it was refused. */
    public record Published(Outcome outcome, long number) {}

    /** How a publication ended. */
    public enum Outcome {
        /** It is in the mailbox, and nobody was woken: the client is away. */
        QUEUED,
        /** It is in the mailbox, and the node that holds the client was woken. */
        SENT,
        /** Refused: the same id was published for this client within five minutes, with other data or another life. */
        CONFLICT,
        /** Refused: so many ids were published within five minutes that no more can be remembered. */
        TOO_MANY_IDS,
        /** The topic only relays, and no node follows it: nobody will ever get it. */
        DROPPED;

        private static final Outcome[] BY_VERDICT = {null, QUEUED, SENT, CONFLICT, TOO_MANY_IDS, DROPPED};

        private boolean isTaken() {
            return this != CONFLICT && this != TOO_MANY_IDS;
        }
    }

    Publisher(Masters masters, Keys keys, StoreOptions options, Loss.Observer losses) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.losses = losses;
    }

    /**
     * Publishes to one client. The same id with the same data and life within five minutes is answered as the first time,
     * and appends nothing.
     *
     * @return what became of it; fails with {@link megacomet.redis.link.RedisUnavailable}, which tells whether it may have
     *     been stored all the same, or {@link megacomet.redis.link.RedisFull}; of one that is to be replicated also with
     *     {@link megacomet.redis.link.NoReplicas} or {@link NotReplicated}
     */
    public Future<Published> publish(ClientId client, Publication publication) {
        return publish(new ToClient(client), publication);
    }

    private Future<Published> publish(Target target, Publication publication) {
        Lane lane = lanes.computeIfAbsent(target, Lane::new);
        Waiting waiting = new Waiting(publication, Promise.promise());
        lane.waiting.add(waiting);
        lane.sendNext();
        return waiting.promise.future();
    }

    /**
     * Publishes to whoever follows a topic, by its name or by a pattern: one wake to each node of theirs. Otherwise as to a
     * client.
     */
    public Future<Published> publish(Topic topic, TopicSettings settings, Publication publication) {
        return publish(new ToTopic(topic, settings), publication);
    }

    /** What has a lane of its own: it knows the script that publishes to it. */
    private sealed interface Target {
        int partition(Partitions partitions);
    }

    private record ToClient(ClientId client) implements Target {
        @Override
        public int partition(Partitions partitions) {
            return partitions.of(client);
        }
    }

    private record ToTopic(Topic topic, TopicSettings settings) implements Target {
        @Override
        public int partition(Partitions partitions) {
            return partitions.of(topic);
        }
    }

    private record Waiting(Publication publication, Promise<Published> promise) {}

    /** What is on its way to one target. Exists only while something is. */
    private final class Lane {
        final Target target;
        final int partition;
        final Deque<Waiting> waiting = new ArrayDeque<>();
        boolean isSending;

        Lane(Target target) {
            this.target = target;
            this.partition = target.partition(keys.partitions());
        }

        void sendNext() {
            if (isSending) {
                return;
            }
            if (waiting.isEmpty()) {
                lanes.remove(target);
                return;
            }
            isSending = true;
            List<Waiting> riders = takeRiders();
            // With an id, Redis knows a repetition for what it is.
            Masters.Repeat repeat =
                    riders.get(0).publication.id == null ? Masters.Repeat.HARMFUL : Masters.Repeat.HARMLESS;
            int first = target instanceof ToClient ? FIRST_ANSWER : FIRST_TOPIC_ANSWER;
            Durable durable = send(script(riders), repeat, riders.get(0).publication.isReplicated);
            durable.reply().onComplete(reply -> {
                isSending = false;
                if (reply.succeeded() && target instanceof ToClient to) {
                    tellLosses(to.client, reply.result());
                }
                for (int i = 0; i < riders.size(); i++) {
                    if (reply.succeeded()) {
                        complete(riders.get(i), answer(reply.result(), first, i), durable);
                    } else {
                        riders.get(i).promise.fail(reply.cause());
                    }
                }
                sendNext(); // What has its number is in order, whether replicas have it or not.
            });
        }

        private Durable send(Script.Call script, Masters.Repeat repeat, boolean isReplicated) {
            int slot = keys.partitions().slot(partition);
            return isReplicated
                    ? masters.callReplicated(slot, script, repeat, options.deadlineMs())
                    : new Durable(
                            masters.call(slot, script, repeat, options.deadlineMs()), Future.succeededFuture(true));
        }

        private void complete(Waiting rider, Published published, Durable durable) {
            if (!published.outcome.isTaken()) {
                rider.promise.complete(published);
                return;
            }
            durable.isReplicated().onSuccess(isReplicated -> {
                if (isReplicated) {
                    rider.promise.complete(published);
                } else {
                    rider.promise.fail(new NotReplicated(published.number));
                }
            });
        }

        /** Those with an id and those without do not mix, because only the former may be repeated. */
        private List<Waiting> takeRiders() {
            List<Waiting> riders = new ArrayList<>();
            Publication first = waiting.peek().publication;
            int bytes = 0;
            while (!waiting.isEmpty() && riders.size() < MAX_MESSAGES_A_SCRIPT) {
                Publication next = waiting.peek().publication;
                bytes += next.data.length;
                if (!riders.isEmpty() && (!next.isLike(first) || bytes > MAX_BYTES_A_SCRIPT)) {
                    break;
                }
                riders.add(waiting.poll());
            }
            return riders;
        }

        private Script.Call script(List<Waiting> riders) {
            return target instanceof ToTopic to
                    ? script(to.topic, to.settings, riders)
                    : script(((ToClient) target).client, riders);
        }

        private Script.Call script(ClientId client, List<Waiting> riders) {
            List<byte[]> of = new ArrayList<>(List.of(
                    keys.state(partition, client),
                    keys.mailbox(partition, client),
                    keys.owner(partition, client),
                    keys.counters(partition),
                    keys.ids(partition),
                    keys.due(partition)));
            List<Object> arguments = new ArrayList<>(List.of(
                    client,
                    keys.channel(partition),
                    options.limits().mailboxMaxMessages(),
                    options.limits().mailboxMaxBytes(),
                    options.limits().wakeMaxBytes(),
                    options.limits().idsMaxAPartition()));
            for (Waiting rider : riders) {
                Publication publication = rider.publication;
                arguments.add(publication.lifeMs);
                arguments.add(publication.id == null ? NO_FINGERPRINT : fingerprint(publication, null));
                arguments.add(publication.data);
                if (publication.id != null) {
                    of.add(keys.id(partition, client, hash(publication.id)));
                }
            }
            return PUBLISH.call(of, arguments.toArray());
        }

        private Script.Call script(Topic topic, TopicSettings settings, List<Waiting> riders) {
            List<byte[]> of = new ArrayList<>(List.of(
                    keys.topic(partition, topic),
                    keys.log(partition, topic),
                    keys.latest(partition, topic),
                    keys.passed(partition),
                    keys.recent(partition),
                    keys.followed(partition),
                    keys.counters(partition),
                    keys.names(partition),
                    keys.ids(partition)));
            List<TopicPattern> patterns = topic.candidates();
            List<Object> arguments = new ArrayList<>(List.of(
                    topic,
                    keys.channel(partition),
                    settings.mode().code(),
                    settings.maxMessages(),
                    settings.maxBytes(),
                    options.limits().wakeMaxBytes(),
                    options.limits().idsMaxAPartition(),
                    options.limits().recentMaxMessages(),
                    patterns.size()));
            arguments.addAll(patterns);
            for (Waiting rider : riders) {
                Publication publication = rider.publication;
                arguments.add(publication.lifeMs);
                arguments.add(publication.id == null ? NO_FINGERPRINT : fingerprint(publication, publication.key));
                arguments.add(publication.data);
                arguments.add(publication.key == null ? "" : publication.key);
                if (publication.id != null) {
                    of.add(keys.topicId(partition, topic, hash(publication.id)));
                }
            }
            return PUBLISH_TOPIC.call(of, arguments.toArray());
        }
    }

    private void tellLosses(ClientId client, Response reply) {
        losses.counted(
                client, Gap.Reason.EXPIRED, reply.get(1).toLong(), reply.get(2).toLong());
        losses.counted(
                client, Gap.Reason.OVERFLOW, reply.get(3).toLong(), reply.get(4).toLong());
    }

    private static Published answer(Response reply, int first, int index) {
        int verdict = reply.get(first + 2 * index).toInteger();
        return new Published(
                Outcome.BY_VERDICT[verdict], reply.get(first + 2 * index + 1).toLong());
    }

    private static byte[] fingerprint(Publication publication, String key) {
        MessageDigest digest = sha256();
        digest.update(Long.toString(publication.lifeMs).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ' ');
        if (key != null) {
            digest.update(key.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0); // which no JSON has
        }
        return Arrays.copyOf(digest.digest(publication.data), FINGERPRINT_BYTES);
    }

    private static String hash(String id) {
        byte[] digest = sha256().digest(id.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, FINGERPRINT_BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
