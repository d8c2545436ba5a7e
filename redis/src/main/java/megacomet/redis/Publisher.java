package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.model.ClientId;
import megacomet.model.Gap;
import megacomet.model.Topic;
import megacomet.redis.link.Durable;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * Appends messages to mailboxes and topics and wakes who waits for them, for one event loop.
 *
 * <p>Messages to one target, a client or a topic, keep the order in which they were published here. For that only one
 * script a target is in flight: if Redis says "not now" to one and it must be sent again, the next has not overtaken it.
 * What comes meanwhile waits in the target's lane and rides along in the next script. What is published to different clients
 * while a script is on its way rides together in the next, unless Redis is a cluster, whose scripts are of one slot each
 * (decisions 0013 and 0015).
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
public final class Publisher {

    /** The most messages, and bytes of data, of one script: what rides along waits for all of it. */
    private static final int MAX_MESSAGES_A_SCRIPT = 64;

    private static final int MAX_BYTES_A_SCRIPT = 256 << 10;

    /** How long at most the next scripts to clients wait for those on their way, which may never come back. */
    private static final int MAX_WAIT_MS = 20;

    /** Where the first client stands in a script's reply, and where a client's first message in what stands there. */
    private static final int FIRST_CLIENT = 1;

    private static final int FIRST_ANSWER = 4;

    /** Where a topic's reply says which message began it, from 1, and where its first message stands. */
    private static final int BEGUN_BY = 1;

    private static final int FIRST_TOPIC_ANSWER = 2;
    private static final int NONE = 0;

    private final Vertx vertx;
    private final Masters masters;
    private final Partitions partitions;
    private final StoreOptions options;
    private final Loss.Observer losses;
    private final PublishScripts scripts;
    /** By client, or by topic and its settings. */
    private final Map<Object, Lane<?>> lanes = new HashMap<>();

    /** Of which the next messages go together. */
    private final List<ClientLane> departing = new ArrayList<>();

    /** How many scripts to clients are on their way for which the next wait. */
    private int underWay;

    /** Whether {@link #depart} comes when the event loop has come round; and whether it comes when those have taken too long. */
    private boolean isDeparting;

    private boolean isTimed;

    /**
     * What is published.
     *
     * @param data JSON in UTF-8, without insignificant whitespace
     * @param lifeMs how long it may be delivered, from the moment Redis takes it
     * @param id makes it idempotent for its client or topic for five minutes, or null
     * @param key in a topic of which the latest is kept: which message it replaces, or null; else of no meaning
     * @param isReplicated whether it is done only when a replica has it, too
     * @param author the browser's client that publishes it, or null if an application does
     */
    public record Publication(byte[] data, long lifeMs, String id, String key, boolean isReplicated, Author author) {
        /** One of an application. */
        public Publication(byte[] data, long lifeMs, String id, String key, boolean isReplicated) {
            this(data, lifeMs, id, key, isReplicated, null);
        }

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
            return (id == null) == (other.id == null)
                    && isReplicated == other.isReplicated
                    && (author == null) == (other.author == null)
                    && (author == null || author.mayBeginTopic == other.author.mayBeginTopic);
        }
    }

    /**
     * The client of a browser that publishes to a topic. The ids of its messages are its own: the same id of another author is
     * another id. They are remembered within a budget of all browsers that is not that of applications.
     *
     * @param client who it is, without control characters: a Bayeux session's client, or a token's subject
     * @param mayBeginTopic whether the message may be the first of its topic, which then has a state in Redis
     */
    public record Author(String client, boolean mayBeginTopic) {}

    /**
     * What became of a publication.
     *
     * @param number its place in the mailbox or topic; 0 if it was refused
     * @param hasBegunTopic whether the topic had no state in Redis before
     */
    public record Published(Outcome outcome, long number, boolean hasBegunTopic) {
        /** One that has begun no topic. */
        public Published(Outcome outcome, long number) {
            this(outcome, number, false);
        }
    }

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
        DROPPED,
        /** Refused: it would have been the first message of its topic, which its author may not begin. */
        NOT_BEGUN;

        private static final Outcome[] BY_VERDICT = {null, QUEUED, SENT, CONFLICT, TOO_MANY_IDS, DROPPED, NOT_BEGUN};

        /** Whether it has its number; else Redis has nothing of it. */
        public boolean isTaken() {
            return this != CONFLICT && this != TOO_MANY_IDS && this != NOT_BEGUN;
        }
    }

    Publisher(Vertx vertx, Masters masters, Keys keys, StoreOptions options, Loss.Observer losses) {
        this.vertx = vertx;
        this.masters = masters;
        this.partitions = keys.partitions();
        this.options = options;
        this.losses = losses;
        this.scripts = new PublishScripts(keys, options.limits());
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
        return lanes.computeIfAbsent(client, none -> new ClientLane(client)).take(publication);
    }

    /**
     * Publishes to whoever follows a topic, by its name or by a pattern: one wake to each node of theirs. Otherwise as to a
     * client.
     */
    public Future<Published> publish(Topic topic, TopicSettings settings, Publication publication) {
        ToTopic target = new ToTopic(topic, settings);
        return lanes.computeIfAbsent(target, none -> new TopicLane(target)).take(publication);
    }

    private record ToTopic(Topic topic, TopicSettings settings) {}

    private record Waiting(Publication publication, Promise<Published> promise) {}

    // ---- the way to one target

    /** What is on its way to one target. Exists only while something is. */
    private abstract class Lane<T> {
        final T target;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private boolean isSending;

        /** What the script carries that is on its way. */
        private final List<Waiting> riders = new ArrayList<>();

        Lane(T target) {
            this.target = target;
        }

        Future<Published> take(Publication publication) {
            Waiting last = new Waiting(publication, Promise.promise());
            waiting.add(last);
            sendNext();
            return last.promise.future();
        }

        private void sendNext() {
            if (isSending) {
                return;
            }
            if (waiting.isEmpty()) {
                lanes.remove(target);
                return;
            }
            isSending = true;
            send();
        }

        /** Has a script sent for what waits; {@link #arrived} or {@link #failed} must follow. */
        abstract void send();

        /** Takes what the script carries. Those with an id and those without do not mix: only the former may be repeated. */
        final List<Publication> board() {
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
            return riders.stream().map(Waiting::publication).toList();
        }

        /**
         * @param first where in the reply the first rider's answer stands
         * @param begunBy which rider began the topic, from 1
         */
        final void arrived(Response reply, int first, int begunBy, Durable durable) {
            List<Waiting> all = leave();
            for (int i = 0; i < all.size(); i++) {
                complete(all.get(i), answer(reply, first, i, begunBy == i + 1), durable);
            }
            sendNext(); // What has its number is in order, whether replicas have it or not.
        }

        final void failed(Throwable failure) {
            leave().forEach(rider -> rider.promise.fail(failure));
            sendNext();
        }

        private List<Waiting> leave() {
            List<Waiting> all = List.copyOf(riders);
            riders.clear();
            isSending = false;
            return all;
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
    }

    private final class TopicLane extends Lane<ToTopic> {
        TopicLane(ToTopic target) {
            super(target);
        }

        @Override
        void send() {
            int partition = partitions.of(target.topic);
            List<Publication> publications = board();
            Script.Call script = scripts.toTopic(target.topic, partition, target.settings, publications);
            Durable durable = call(partition, script, publications.get(0));
            durable.reply().onComplete(reply -> {
                if (reply.succeeded()) {
                    int begunBy = reply.result().get(BEGUN_BY).toInteger();
                    arrived(reply.result(), FIRST_TOPIC_ANSWER, begunBy, durable);
                } else {
                    failed(reply.cause());
                }
            });
        }
    }

    private final class ClientLane extends Lane<ClientId> {
        ClientLane(ClientId target) {
            super(target);
        }

        @Override
        void send() {
            departing.add(this);
            departSoon();
        }

        void arrived(Response reply, Durable durable) {
            if (reply instanceof ErrorType error) {
                failed(error);
                return;
            }
            losses.counted(
                    target,
                    Gap.Reason.EXPIRED,
                    reply.get(0).toLong(),
                    reply.get(1).toLong());
            losses.counted(
                    target,
                    Gap.Reason.OVERFLOW,
                    reply.get(2).toLong(),
                    reply.get(3).toLong());
            arrived(reply, FIRST_ANSWER, NONE, durable);
        }
    }

    // ---- scripts of several clients

    /** When the event loop has come round; or, if scripts are on their way, when those are back. The more wait, the less each costs. */
    private void departSoon() {
        if (departing.isEmpty() || isDeparting) {
            return;
        }
        if (underWay == 0) {
            isDeparting = true;
            vertx.runOnContext(turned -> depart());
        } else if (!isTimed) {
            isTimed = true;
            vertx.setTimer(MAX_WAIT_MS, late -> {
                isTimed = false;
                depart();
            });
        }
    }

    private void depart() {
        isDeparting = false;
        List<Ride> all = new ArrayList<>();
        List<Ride> open = new ArrayList<>(); // The last of each kind.
        for (ClientLane lane : departing) {
            PublishScripts.Mail mail = new PublishScripts.Mail(lane.target, partitions.of(lane.target), lane.board());
            Publication kind = mail.publications().get(0);
            Ride ride = open.stream()
                    .filter(one -> one.kind.isLike(kind))
                    .findFirst()
                    .orElse(null);
            if (ride == null || !ride.hasRoomFor(mail)) {
                open.remove(ride);
                ride = new Ride(kind);
                open.add(ride);
                all.add(ride);
            }
            ride.add(lane, mail);
        }
        departing.clear();
        all.forEach(Ride::start);
    }

    /** One script with the messages of several clients. */
    private final class Ride {
        private final Publication kind;
        private final List<ClientLane> lanes = new ArrayList<>();
        private final List<PublishScripts.Mail> mails = new ArrayList<>();
        private int messages;
        private int bytes;

        /** @param kind like which all are that it carries */
        Ride(Publication kind) {
            this.kind = kind;
        }

        boolean hasRoomFor(PublishScripts.Mail mail) {
            return options.mayMixSlots()
                    && messages + mail.publications().size() <= MAX_MESSAGES_A_SCRIPT
                    && bytes + mail.bytes() <= MAX_BYTES_A_SCRIPT;
        }

        void add(ClientLane lane, PublishScripts.Mail mail) {
            lanes.add(lane);
            mails.add(mail);
            messages += mail.publications().size();
            bytes += mail.bytes();
        }

        void start() {
            boolean isWaitedFor = options.mayMixSlots() && !kind.isReplicated;
            underWay += isWaitedFor ? 1 : 0;
            Durable durable = call(mails.get(0).partition(), scripts.toClients(mails), kind);
            durable.reply().onComplete(reply -> {
                underWay -= isWaitedFor ? 1 : 0;
                for (int i = 0; i < lanes.size(); i++) {
                    if (reply.succeeded()) {
                        lanes.get(i).arrived(reply.result().get(FIRST_CLIENT + i), durable);
                    } else {
                        lanes.get(i).failed(reply.cause());
                    }
                }
                departSoon();
            });
        }
    }

    /** @param kind like which all are that the script carries */
    private Durable call(int partition, Script.Call script, Publication kind) {
        int slot = partitions.slot(partition);
        // With an id, Redis knows a repetition for what it is.
        Masters.Repeat repeat = kind.id == null ? Masters.Repeat.HARMFUL : Masters.Repeat.HARMLESS;
        return kind.isReplicated
                ? masters.callReplicated(slot, script, repeat, options.deadlineMs())
                : new Durable(masters.call(slot, script, repeat, options.deadlineMs()), Future.succeededFuture(true));
    }

    private static Published answer(Response reply, int first, int index, boolean hasBegunTopic) {
        int verdict = reply.get(first + 2 * index).toInteger();
        return new Published(
                Outcome.BY_VERDICT[verdict], reply.get(first + 2 * index + 1).toLong(), hasBegunTopic);
    }
}
