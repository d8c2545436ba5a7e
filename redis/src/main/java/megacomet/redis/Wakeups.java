package megacomet.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import megacomet.redis.link.Address;
import megacomet.redis.link.Connections;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;
import megacomet.redis.link.SlotMap;
import megacomet.redis.link.Subscriber;
import megacomet.redis.link.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A node's ears: one subscriber connection to every master, on which it hears its own channel of each partition.
 *
 * <p><b>A wake is a hint.</b> It usually carries the message, but nothing depends on its arrival: every two seconds the
 * node compares what it heard with the counters in Redis (see {@link WakeLedger}) and has read again what it may have
 * missed. The same comparison sends the node a probe through each master; a connection on which the last probe was not
 * heard is deaf, whatever TCP says, and is replaced.
 *
 * <p>After a connection was lost, a slot moved or a master was replaced, the partition is subscribed anew where it is now,
 * then its counter is read, and then what is held there is read: in this order, so that nothing falls between.
 *
 * <p>All methods are called on the event loop that made it, and so is the listener.
 */
final class Wakeups implements Subscriber.Events {

    /** How often what was heard is compared with what was sent, in ms. A lost wake is noticed by the second comparison. */
    static final long COMPARE_MS = 2_000;

    private static final long ARRANGE_AGAIN_MS = 250;
    private static final long READ_FIRST_MS = 100;
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
    private static final Script COUNTERS = Script.load(Store.class, "counters");
    private static final Script ANSWER = Script.load(Store.class, "answer");
    private static final Logger LOG = LoggerFactory.getLogger(Wakeups.class);

    private final Vertx vertx;
    private final Connections connections;
    private final Topology topology;
    private final Masters masters;
    private final Keys keys;
    private final NodeId node;
    private final MasterClocks clocks;
    private final Membership.Listener listener;
    private final WakeLedger ledger;
    private final Map<Address, Ear> ears = new HashMap<>();
    private final Ear[] earOf;
    private boolean isClosed;
    private boolean isToBeArranged;
    private volatile boolean isComplete;

    /** One subscriber connection and what is known of it. */
    private static final class Ear {
        Subscriber subscriber;
        boolean isOpen;
        int unconfirmed;
        final List<Integer> confirmed = new ArrayList<>();
        boolean isProbeSent;
        boolean isProbeHeard;
    }

    Wakeups(
            Connections connections,
            Topology topology,
            Masters masters,
            Keys keys,
            NodeId node,
            MasterClocks clocks,
            Membership.Listener listener,
            Vertx vertx) {
        this.vertx = vertx;
        this.connections = connections;
        this.topology = topology;
        this.masters = masters;
        this.keys = keys;
        this.node = node;
        this.clocks = clocks;
        this.listener = listener;
        this.ledger = new WakeLedger(keys.partitions().count());
        this.earOf = new Ear[keys.partitions().count()];
    }

    void start() {
        Context context = vertx.getOrCreateContext();
        topology.onChange(() -> context.runOnContext(changed -> arrange()));
        arrange();
    }

    void close() {
        isClosed = true;
        new ArrayList<>(ears.values()).forEach(ear -> ear.subscriber.close(new IllegalStateException("closing")));
    }

    /** Whether every partition is heard. From any thread. */
    boolean isComplete() {
        return isComplete;
    }

    /** Arranges again before long, until every partition is heard. */
    private void arrangeAgain() {
        if (!isToBeArranged && !isClosed && !ledger.isListeningToAll()) {
            isToBeArranged = true;
            vertx.setTimer(ARRANGE_AGAIN_MS, id -> {
                isToBeArranged = false;
                arrange();
            });
        }
    }

    /** Subscribes every partition where it is now. Does nothing while all is as it should be. */
    private void arrange() {
        if (isClosed) {
            return;
        }
        SlotMap map = topology.map();
        Map<Ear, List<Integer>> toSubscribe = new HashMap<>();
        for (int partition = 0; partition < earOf.length; partition++) {
            Address master = map.masterOf(keys.partitions().slot(partition));
            Ear ear = earOf[partition];
            if (ear != null && !ear.subscriber.address().equals(master)) {
                deafen(partition);
                ear = null;
            }
            if (ear == null && master != null) {
                Ear right = ears.computeIfAbsent(master, this::listenTo);
                if (right.isOpen) {
                    earOf[partition] = right;
                    toSubscribe
                            .computeIfAbsent(right, none -> new ArrayList<>())
                            .add(partition);
                }
            }
        }
        toSubscribe.forEach((ear, partitions) -> {
            ear.unconfirmed += partitions.size();
            ear.subscriber.subscribe(partitions.stream().map(this::channel).toList());
        });
        new ArrayList<>(ears.entrySet())
                .stream()
                        .filter(ear -> !map.masters().contains(ear.getKey()))
                        .forEach(ear ->
                                ear.getValue().subscriber.close(new IllegalStateException("no master any more")));
        arrangeAgain();
    }

    private Ear listenTo(Address master) {
        Ear ear = new Ear();
        ear.subscriber = Subscriber.open(connections, master, this);
        return ear;
    }

    private void deafen(int partition) {
        earOf[partition] = null;
        isComplete = false;
        ledger.deafen(partition);
        listener.deaf(partition);
        arrangeAgain();
    }

    private String channel(int partition) {
        return keys.channel(partition) + node;
    }

    @Override
    public void opened(Subscriber subscriber) {
        ears.get(subscriber.address()).isOpen = true;
        arrange();
    }

    @Override
    public void subscribed(Subscriber subscriber, String channel) {
        Ear ear = ears.get(subscriber.address());
        ear.confirmed.add(keys.parse(channel).partition());
        if (--ear.unconfirmed == 0) {
            List<Integer> partitions = List.copyOf(ear.confirmed);
            ear.confirmed.clear();
            readCounters(ear, partitions);
        }
    }

    /** The counters are read after the subscription is confirmed, so that no wake is counted and not heard. */
    private void readCounters(Ear ear, List<Integer> partitions) {
        ask(ear, partitions)
                .onSuccess(counts -> {
                    for (int partition : partitions) {
                        if (earOf[partition] == ear && counts.of(partition) >= 0) {
                            ledger.listen(partition, counts.epoch, counts.of(partition));
                            listener.readAgain(partition);
                        } else if (earOf[partition] == ear) {
                            deafen(partition); // It is moving. The next arrangement tries again.
                        }
                    }
                    isComplete = ledger.isListeningToAll();
                    if (isComplete) {
                        LOG.atInfo().addKeyValue("masters", topology.map()).log("hearing every partition");
                    }
                })
                .onFailure(failure -> ear.subscriber.close(failure));
    }

    @Override
    public void unsubscribed(Subscriber subscriber, String channel) {
        Keys.Parsed parsed = keys.parse(channel);
        if (parsed != null && earOf[parsed.partition()] != null) {
            deafen(parsed.partition());
            topology.refresh();
        }
    }

    @Override
    public void heard(Subscriber subscriber, String channel, byte[] message) {
        if (Arrays.equals(message, PROBE)) {
            ears.get(subscriber.address()).isProbeHeard = true;
            return;
        }
        int partition = keys.parse(channel).partition();
        try {
            // What is missing is told before what came after it: who follows patterns cannot see a hole.
            if (Question.isOne(message)) {
                answer(subscriber.address(), Question.parse(message));
            } else if (!ledger.isListening(partition)) {
                // It is in what is read once the counter is known. Now it would come before what was lost before it.
                LOG.atDebug().addKeyValue("partition", partition).log("a wake before the partition is heard");
            } else if (TopicWake.isOne(message)) {
                TopicWake.Received received = TopicWake.parse(message);
                doubt(partition, ledger.heard(partition, received.counter()), "a wake is missing");
                listener.published(partition, received.wake());
            } else {
                Wake.Received received = Wake.parse(message);
                doubt(partition, ledger.heard(partition, received.counter()), "a wake is missing");
                listener.woken(partition, received.loop(), received.wake());
            }
        } catch (IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("channel", channel).setCause(e).log("wake not understood");
            listener.readAgain(partition);
        }
    }

    private void answer(Address master, Question question) {
        listener.followers(question.topic(), question.limit())
                .compose(clients -> masters.callOn(
                        master,
                        ANSWER.call(
                                List.of(question.answers()), Question.answer(clients), TopicDirectory.ANSWERS_LIFE_MS)))
                .onFailure(failure -> LOG.atInfo().setCause(failure).log("a question was not answered"));
    }

    private void doubt(int partition, WakeLedger.Doubt doubt, String why) {
        if (doubt == WakeLedger.Doubt.READ_AGAIN) {
            LOG.atInfo()
                    .addKeyValue("partition", partition)
                    .addKeyValue("why", why)
                    .log("reading again");
            listener.readAgain(partition);
        }
    }

    @Override
    public void ended(Subscriber subscriber, Throwable cause) {
        Ear ear = ears.remove(subscriber.address());
        if (!isClosed) {
            // One that never opened is tried again and again while Redis is down, and is not worth a line each time.
            LOG.atLevel(ear.isOpen ? Level.WARN : Level.DEBUG)
                    .addKeyValue("master", subscriber.address())
                    .addKeyValue("why", cause.getMessage())
                    .log("subscriber connection ended");
            topology.refresh();
        }
        for (int partition = 0; partition < earOf.length; partition++) {
            if (earOf[partition] != null && earOf[partition] == ear) {
                deafen(partition);
            }
        }
    }

    /** Compares, for every master, what was heard with what was sent. Called every {@link #COMPARE_MS}. */
    void compare() {
        for (Ear ear : new ArrayList<>(ears.values())) {
            List<Integer> partitions = new ArrayList<>();
            for (int partition = 0; partition < earOf.length; partition++) {
                if (earOf[partition] == ear && ledger.isListening(partition)) {
                    partitions.add(partition);
                }
            }
            if (!partitions.isEmpty()) {
                probe(ear, partitions.get(0));
                compare(ear, partitions);
            }
        }
    }

    private void compare(Ear ear, List<Integer> partitions) {
        long[] asked = ledger.snapshot();
        ask(ear, partitions).onSuccess(counts -> {
            for (int partition : partitions) {
                long count = counts.of(partition);
                if (earOf[partition] == ear && count >= 0) {
                    doubt(
                            partition,
                            ledger.compare(partition, counts.epoch, count, asked[partition]),
                            "sent and heard differ");
                }
            }
        });
    }

    private void probe(Ear ear, int partition) {
        if (ear.isProbeSent && !ear.isProbeHeard) {
            // If this loop was held up, it has yet to read what came meanwhile.
            vertx.setTimer(READ_FIRST_MS, read -> {
                if (!ear.isProbeHeard) {
                    ear.subscriber.close(new IllegalStateException("deaf: a probe was not heard"));
                }
            });
            return;
        }
        ear.isProbeSent = false;
        ear.isProbeHeard = false;
        Request publish = Request.cmd(Command.SPUBLISH).arg(channel(partition)).arg(PROBE);
        masters.sendTo(ear.subscriber.address(), publish).onSuccess(receivers -> ear.isProbeSent = true);
    }

    private record Counts(int epoch, Map<Integer, Long> counts) {
        /** How many wakes the partition was sent, or -1 if it is not on this master. */
        long of(int partition) {
            return counts.get(partition);
        }
    }

    private Future<Counts> ask(Ear ear, List<Integer> partitions) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(node);
        partitions.forEach(partition -> arguments.add(keys.counters(partition)));
        long sentMs = clocks.monotonicMs();
        return masters.callOn(ear.subscriber.address(), COUNTERS.call(List.of(), arguments.toArray()))
                .map(reply -> {
                    Map<Integer, Long> counts = new HashMap<>();
                    for (int i = 0; i < partitions.size(); i++) {
                        counts.put(partitions.get(i), reply.get(2 + i).toLong());
                        clocks.set(partitions.get(i), reply.get(1).toLong(), sentMs);
                    }
                    return new Counts((int) (long) reply.get(0).toLong(), counts);
                });
    }
}
