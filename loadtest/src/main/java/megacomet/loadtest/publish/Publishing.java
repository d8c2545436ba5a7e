package megacomet.loadtest.publish;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import megacomet.loadtest.browser.Crowd;
import megacomet.loadtest.browser.Network;
import megacomet.loadtest.dialect.PublishDialect;
import megacomet.loadtest.measure.Clock;
import megacomet.loadtest.measure.Counts;
import megacomet.loadtest.measure.Latencies;
import megacomet.loadtest.message.Publication;
import megacomet.loadtest.publish.PublishConnection.Letter;
import megacomet.loadtest.wire.Target;
import org.HdrHistogram.Histogram;

/**
 * The application's side of one process: publishes by its plans, whatever becomes of the messages before, or in loops, and
 * accounts for each message.
 *
 * <p>It belongs to the process's event loop.
 */
public final class Publishing implements PublishConnection.Fates {

    private static final long REFUSED_PAUSE_MS = 100;

    private final Network network;
    private final Counts counts;
    private final Ledger ledger;
    private final TopicFates topicFates;
    private final List<Stream> streams = new ArrayList<>();
    private final List<PublishConnection> connections = new ArrayList<>();
    private final Histogram lateness = Latencies.empty();
    private final SplittableRandom chance;

    /** By the number of the message that each waits for. */
    private final Map<Integer, Turn> turns = new HashMap<>();

    private long lastLoopEndsUs;

    /** Is told which messages to topics were accepted. */
    public interface TopicFates {

        void accepted(int group, int number);
    }

    /** Messages of which each browser gets the next when it has the one before. */
    private record Loops(int group, List<Crowd> recipients, List<PublishConnection> connections, long endUs) {}

    /** Whose turn it is in a loop. */
    private record Turn(Loops loops, Crowd crowd, int place) {}

    /** Messages of one plan. */
    private static final class Stream {
        final int group;
        final List<Crowd> recipients;
        final boolean isToTopic;
        final List<PublishConnection> connections;
        final Plan plan;
        long next;

        Stream(int group, List<Crowd> recipients, boolean isToTopic, List<PublishConnection> connections, Plan plan) {
            this.group = group;
            this.recipients = recipients;
            this.isToTopic = isToTopic;
            this.connections = connections;
            this.plan = plan;
        }

        boolean isOver() {
            return next == plan.count();
        }
    }

    /** @param seed chooses the recipients */
    public Publishing(Network network, Counts counts, Ledger ledger, TopicFates topicFates, long seed) {
        this.network = network;
        this.counts = counts;
        this.ledger = ledger;
        this.topicFates = topicFates;
        chance = new SplittableRandom(seed);
    }

    /** The connections by which a group is published to. */
    public final class Line {
        private final int group;
        private final List<Crowd> recipients;
        private final List<PublishConnection> own = new ArrayList<>();

        private Line(int group, List<Crowd> recipients) {
            this.group = group;
            this.recipients = recipients;
        }

        /** Messages for single browsers, by a plan; or for the topic of all. */
        public void add(Plan plan, boolean isToTopic) {
            streams.add(new Stream(group, recipients, isToTopic, own, plan));
        }

        /** Messages for single browsers, each browser's next when it has the one before, from one time to another. */
        public void loop(long startUs, long endUs) {
            Loops loops = new Loops(group, recipients, own, endUs);
            lastLoopEndsUs = Math.max(lastLoopEndsUs, endUs);
            long afterUs = Math.max(0, startUs - Clock.nowUs());
            network.loop().schedule(() -> begin(loops), afterUs, TimeUnit.MICROSECONDS);
        }
    }

    /**
     * Opens connections for a group.
     *
     * @param dialects one for each target
     */
    public Line connect(
            int group, List<Crowd> recipients, List<Target> targets, List<PublishDialect> dialects, int count) {
        Line line = new Line(group, recipients);
        for (int i = 0; i < count; i++) {
            int target = i % targets.size();
            PublishConnection connection =
                    new PublishConnection(network, targets.get(target), dialects.get(target), this);
            connection.open();
            line.own.add(connection);
        }
        connections.addAll(line.own);
        return line;
    }

    /** Begins to publish by the plans that there are. */
    public void start() {
        publishDue();
    }

    /** Ends all plans where they are. */
    public void stop() {
        streams.clear();
        lastLoopEndsUs = 0;
    }

    /** Whether all plans are over and all messages are answered. */
    public boolean isDone() {
        return streams.stream().allMatch(Stream::isOver) && Clock.nowUs() >= lastLoopEndsUs && outstanding() == 0;
    }

    /** Messages that wait to be sent or answered. */
    public int outstanding() {
        return connections.stream().mapToInt(PublishConnection::outstanding).sum();
    }

    /** How long after it was due each message was written, since the last call cleared it. */
    public Histogram lateness() {
        return lateness;
    }

    private void publishDue() {
        long nextDueUs = Long.MAX_VALUE;
        for (Stream stream : streams) {
            while (!stream.isOver() && stream.plan.dueUs(stream.next) <= Clock.nowUs()) {
                publish(stream, stream.next++);
            }
            if (!stream.isOver()) {
                nextDueUs = Math.min(nextDueUs, stream.plan.dueUs(stream.next));
            }
        }
        if (nextDueUs != Long.MAX_VALUE) {
            EventLoop loop = network.loop();
            loop.schedule(this::publishDue, Math.max(0, nextDueUs - Clock.nowUs()), TimeUnit.MICROSECONDS);
        }
    }

    private void publish(Stream stream, long n) {
        counts.planned++;
        long dueUs = stream.plan.dueUs(n);
        if (stream.isToTopic) {
            Publication message = new Publication(stream.group, Publication.TOPIC, (int) n, (int) n, dueUs);
            stream.connections.get(0).publish(new Letter(message, null));
            return;
        }
        Crowd crowd = crowdByChance(stream.recipients);
        publish(stream.group, crowd, chance.nextInt(crowd.size()), ledger.add(), dueUs, stream.connections);
    }

    private static void publish(
            int group, Crowd crowd, int place, int number, long dueUs, List<PublishConnection> connections) {
        String client = crowd.clientAt(place);
        Publication message = new Publication(group, place, number, crowd.nextSequenceAt(place), dueUs);
        // The same connection for the same browser, or its messages would overtake each other.
        int connection = Math.floorMod(client.hashCode(), connections.size());
        connections.get(connection).publish(new Letter(message, client));
    }

    // ---- loops

    private void begin(Loops loops) {
        for (Crowd crowd : loops.recipients()) {
            for (int place = 0; place < crowd.size(); place++) {
                publishNext(new Turn(loops, crowd, place));
            }
        }
    }

    private void publishNext(Turn turn) {
        if (Clock.nowUs() < Math.min(turn.loops().endUs(), lastLoopEndsUs)) {
            int number = ledger.add();
            turns.put(number, turn);
            counts.planned++;
            publish(
                    turn.loops().group(),
                    turn.crowd(),
                    turn.place(),
                    number,
                    Clock.nowUs(),
                    turn.loops().connections());
        }
    }

    /** A browser has got a message that was for it alone, and is about to wait again. */
    public void delivered(int number) {
        Turn turn = turns.remove(number);
        if (turn != null) {
            network.loop().execute(() -> publishNext(turn));
        }
    }

    private Crowd crowdByChance(List<Crowd> crowds) {
        int all = 0;
        for (Crowd crowd : crowds) {
            all += crowd.size();
        }
        int chosen = chance.nextInt(all);
        int i = 0;
        while (chosen >= crowds.get(i).size()) {
            chosen -= crowds.get(i++).size();
        }
        return crowds.get(i);
    }

    // ---- fates

    @Override
    public void sent(long lateUs) {
        Latencies.count(lateness, lateUs);
    }

    @Override
    public void accepted(Publication message) {
        counts.published++;
        if (message.isOfTopic()) {
            topicFates.accepted(message.group(), message.number());
        } else {
            ledger.accepted(message.number());
        }
    }

    @Override
    public void refused(Publication message, String reason) {
        counts.refused++;
        counts.error(reason);
        Turn turn = message.isOfTopic() ? null : turns.remove(message.number());
        if (turn != null) {
            network.loop().schedule(() -> publishNext(turn), REFUSED_PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void unsent(Publication message) {
        counts.unsent++;
    }
}
