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
import megacomet.model.Topic;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Appends messages to mailboxes and wakes who waits for them, for one event loop.
 *
 * <p>Messages to one client keep the order in which they were published here. For that only one script a client is in
 * flight: if Redis says "not now" to one and it must be sent again, the next has not overtaken it. What comes meanwhile
 * waits in the client's lane and rides along in the next script.
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
public final class Publisher {

    /** The most messages, and bytes of data, of one script: what rides along waits for all of it. */
    private static final int MAX_MESSAGES_A_SCRIPT = 64;

    private static final int MAX_BYTES_A_SCRIPT = 256 << 10;

    private static final int FINGERPRINT_BYTES = 16;
    private static final byte[] NO_FINGERPRINT = {};
    private static final Script PUBLISH = Script.load(Store.class, "publish");

    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final Map<ClientId, Lane> lanes = new HashMap<>();

    /**
     * What is published.
     *
     * @param data JSON in UTF-8, without insignificant whitespace
     * @param lifeMs how long it may be delivered, from the moment Redis takes it
     * @param id makes it idempotent for its client or topic for five minutes, or null
     * @param key in a topic of which the latest is kept: which message it replaces, or null; else of no meaning
     */
    public record Publication(byte[] data, long lifeMs, String id, String key) {
        /** One without a key. */
        public Publication(byte[] data, long lifeMs, String id) {
            this(data, lifeMs, id, null);
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
    }

    Publisher(Masters masters, Keys keys, StoreOptions options) {
        this.masters = masters;
        this.keys = keys;
        this.options = options;
    }

    /**
     * Publishes to one client. The same id with the same data and life within five minutes is answered as the first time,
     * and appends nothing.
     *
     * @return what became of it; fails with {@link megacomet.redis.link.RedisUnavailable}, which tells whether it may have
     *     been stored all the same, or {@link megacomet.redis.link.RedisFull}
     */
    public Future<Published> publish(ClientId client, Publication publication) {
        Lane lane = lanes.computeIfAbsent(client, Lane::new);
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
        throw new UnsupportedOperationException("topics");
    }

    private record Waiting(Publication publication, Promise<Published> promise) {}

    /** What is on its way to one client. Exists only while something is. */
    private final class Lane {
        final ClientId client;
        final int partition;
        final Deque<Waiting> waiting = new ArrayDeque<>();
        boolean isSending;

        Lane(ClientId client) {
            this.client = client;
            this.partition = keys.partitions().of(client);
        }

        void sendNext() {
            if (isSending) {
                return;
            }
            if (waiting.isEmpty()) {
                lanes.remove(client);
                return;
            }
            isSending = true;
            List<Waiting> riders = takeRiders();
            // With an id, Redis knows a repetition for what it is.
            Masters.Repeat repeat =
                    riders.get(0).publication.id == null ? Masters.Repeat.HARMFUL : Masters.Repeat.HARMLESS;
            masters.call(keys.partitions().slot(partition), script(riders), repeat, options.deadlineMs())
                    .onComplete(reply -> {
                        isSending = false;
                        for (int i = 0; i < riders.size(); i++) {
                            if (reply.succeeded()) {
                                riders.get(i).promise.complete(answer(reply.result(), i));
                            } else {
                                riders.get(i).promise.fail(reply.cause());
                            }
                        }
                        sendNext();
                    });
        }

        /** Those with an id and those without do not mix, because only the former may be repeated. */
        private List<Waiting> takeRiders() {
            List<Waiting> riders = new ArrayList<>();
            boolean withId = waiting.peek().publication.id != null;
            int bytes = 0;
            while (!waiting.isEmpty() && riders.size() < MAX_MESSAGES_A_SCRIPT) {
                Publication next = waiting.peek().publication;
                bytes += next.data.length;
                boolean isOther = (next.id != null) != withId;
                if (!riders.isEmpty() && (isOther || bytes > MAX_BYTES_A_SCRIPT)) {
                    break;
                }
                riders.add(waiting.poll());
            }
            return riders;
        }

        private Script.Call script(List<Waiting> riders) {
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
                arguments.add(publication.id == null ? NO_FINGERPRINT : fingerprint(publication));
                arguments.add(publication.data);
                if (publication.id != null) {
                    of.add(keys.id(partition, client, hash(publication.id)));
                }
            }
            return PUBLISH.call(of, arguments.toArray());
        }
    }

    private static Published answer(Response reply, int index) {
        int verdict = reply.get(1 + 2 * index).toInteger();
        return new Published(
                Outcome.BY_VERDICT[verdict], reply.get(2 + 2 * index).toLong());
    }

    private static byte[] fingerprint(Publication publication) {
        MessageDigest digest = sha256();
        digest.update(Long.toString(publication.lifeMs).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ' ');
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
