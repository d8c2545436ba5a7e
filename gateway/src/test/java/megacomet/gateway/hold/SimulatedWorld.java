package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicGap;
import megacomet.model.TopicPattern;
import megacomet.model.TopicPositions;
import megacomet.model.Transport;
import megacomet.redis.FakeRedis;
import megacomet.redis.FakeRedis.Bug;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;

/**
 * A few clients, three event loops on two nodes, one Redis, and everything that can happen to them in an order that a seed
 * decides: polls to a random loop, answers lost on their way, retries that overtake, pages that take over, wakes lost and
 * late, Redis down, failovers that forget, nodes that sleep or die, expiry, deletion, and an application that has clients
 * follow and unfollow. Time is virtual.
 *
 * <p>What must hold: a client that brings its cursor back gets every message once and in order, unless a gap is said that
 * covers it; nothing is delivered after its life; one client has one hold; and when all faults are over, a client that waits
 * is told everything without doing anything, and one that comes gets everything.
 *
 * <p>What it leaves out: what is in the scripts ({@code FakeRedis} says the same once more, and the contracts hold both to
 * it), topics' modes, mailboxes that do not fit into an answer, transports, and more than a few of anything.
 */
final class SimulatedWorld {
    private static final int STEPS = 400;
    /** Tells what happens. */
    private static final boolean TRACE = Boolean.getBoolean("megacomet.simulation.trace");

    private static final Partitions PARTITIONS = new Partitions(4);

    /** Answers are so small that many are full, and clients come for the rest. */
    private static final RoomOptions OPTIONS = RoomOptions.DEFAULT.withAnswers(3, 1 << 20);

    /** What each browser follows: by name, by patterns, by both; and what the application decides, as Bayeux's sessions do. */
    private static final List<List<TopicPattern>> FOLLOWS = List.of(
            List.of(new TopicPattern("a/1")),
            List.of(new TopicPattern("a/*"), new TopicPattern("a/**")),
            List.of(new TopicPattern("b"), new TopicPattern("a/2"), new TopicPattern("**")),
            List.of());

    private static final List<Topic> TOPICS = List.of(new Topic("a/1"), new Topic("a/2"), new Topic("b"));

    /** What the application has the first browser follow, at times. */
    private static final Topic GRANTED = new Topic("granted");

    private static final List<Topic> ALL_TOPICS = List.of(TOPICS.get(0), TOPICS.get(1), TOPICS.get(2), GRANTED);

    private final RandomGenerator random;
    private final boolean mayBeEmptied;
    private final Set<Bug> bugs;
    private long nowMs = 1_790_000_000_000L;
    private final FakeRedis redis;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Browser> browsers = new ArrayList<>();
    private final List<Poll> polls = new ArrayList<>();
    private boolean isDown;
    private boolean isAtRest;
    private int deaths;

    /** How often a replica has become the master. */
    private int replaced;

    private int pages;

    SimulatedWorld(int seed, Set<Bug> bugs) {
        this(seed, bugs, false);
    }

    /** @param mayBeEmptied whether masters are started again with nothing before they are replaced */
    SimulatedWorld(int seed, Set<Bug> bugs, boolean mayBeEmptied) {
        this.mayBeEmptied = mayBeEmptied;
        this.random = new SplittableRandom(seed);
        this.bugs = bugs;
        redis = new FakeRedis(() -> nowMs, PARTITIONS, bugs);
        nodes.add(new Node("a", 2));
        nodes.add(new Node("b", 1));
        for (int i = 0; i < FOLLOWS.size(); i++) {
            browsers.add(new Browser(new ClientId("client-" + i), FOLLOWS.get(i)));
        }
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            nowMs++; // No two things happen in the same microsecond of a Redis.
            step();
            nodes.forEach(Node::assertSound);
        }
        comeToRest();
    }

    private void step() {
        Browser browser = browsers.get(random.nextInt(browsers.size()));
        switch (random.nextInt(36)) {
            case 0, 1, 2, 3 -> browser.poll();
            case 4 -> browser.retry();
            case 5 -> browser.goAway();
            case 6, 7, 8, 9 -> browser.publish(random.nextInt(6) == 0 ? 300 : 60_000);
            case 10, 11, 12, 13 -> answerSome();
            case 14, 15, 16 -> hearSome();
            case 17 -> loseAWake();
            case 18, 19 -> pass(random.nextInt(400));
            case 20 -> pass(random.nextInt(20_000));
            case 21 -> fault();
            case 22 -> redis.replicate();
            case 23, 24, 25, 26 -> publish(random.nextInt(6) == 0 ? 300 : 60_000);
            case 27 -> browser.toggleWritable();
            case 28 -> grant();
            case 29, 30 -> browsers.get(3).followSomethingElse();
            case 31 -> browser.reload();
            case 32 -> someNode().toggleSleep();
            case 33 -> {
                if (random.nextInt(6) == 0) {
                    someNode().die();
                }
            }
            default -> {
                if (random.nextInt(8) == 0) {
                    redis.delete(browser.client);
                    browser.deletions++;
                }
            }
        }
    }

    private void publish(long lifeMs) {
        if (isDown) {
            return;
        }
        Topic topic = random.nextInt(4) == 0 ? GRANTED : TOPICS.get(random.nextInt(TOPICS.size()));
        long number = redis.publish(topic, "1".getBytes(StandardCharsets.UTF_8), lifeMs);
        note(topic, "published", number, "for", lifeMs);
        browsers.forEach(browser -> browser.published(topic, number, nowMs + lifeMs));
    }

    /**
     * The application has the first browser follow something; and the last, now and then, by name what it follows by a
     * pattern all along, which must change nothing.
     */
    private void grant() {
        if (isDown) {
            return;
        }
        if (!browsers.get(0).granted.contains(GRANTED)) {
            browsers.get(0).isToFollow(GRANTED);
        }
        ClientId last = browsers.get(2).client;
        browsers.get(2).hasChangedWays = true;
        if (random.nextBoolean()) {
            note("granted by name");
            redis.follow(last, TOPICS.get(0));
        } else {
            note("by name no more");
            redis.unfollow(last, TOPICS.get(0));
        }
    }

    private void note(Object... what) {
        if (TRACE) {
            System.out.println(
                    nowMs + " " + Arrays.stream(what).map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }

    private void fault() {
        switch (random.nextInt(4)) {
            case 0 -> setDown(!isDown);
            case 1 -> {
                if (mayBeEmptied) {
                    serveWithNothing();
                }
                note("failover");
                redis.failOver();
                replaced++;
                browsers.forEach(Browser::sawFailover);
                nodes.forEach(Node::readAgain);
            }
            default -> someNode().goDeafForAWhile();
        }
    }

    /** The master is started again with nothing, and serves for a moment, until the others have agreed on its replica. */
    private void serveWithNothing() {
        note("emptied");
        if (random.nextBoolean()) {
            redis.replicate();
        }
        redis.beEmptied();
        browsers.forEach(Browser::sawFailover);
        nodes.forEach(Node::readAgain);
        for (int i = random.nextInt(20); i >= 0; i--) {
            nowMs++;
            answerSome();
            hearSome();
            if (random.nextInt(4) == 0) {
                publish(60_000);
            }
        }
    }

    /** Redis does not answer, or does again. */
    private void setDown(boolean down) {
        note("down", down);
        isDown = down;
        redis.setDown(down);
    }

    private void answerSome() {
        for (int i = random.nextInt(4); i >= 0 && redis.asked() > 0; i--) {
            redis.answerNext();
        }
    }

    private void hearSome() {
        for (int i = random.nextInt(4); i >= 0 && hearNext(); i--) {}
        nodes.forEach(Node::deliverWoken);
    }

    /** The first wake for a node that is not asleep arrives; one for a node that died goes nowhere. */
    private boolean hearNext() {
        for (int i = 0; i < redis.wakes.size(); i++) {
            FakeRedis.Sent wake = redis.wakes.get(i);
            Node node = node(wake);
            if (node == null || !node.isAsleep) {
                redis.wakes.remove(i);
                if (node != null) {
                    note("heard", wake);
                    node.hear(wake);
                }
                return true;
            }
        }
        return false;
    }

    private void loseAWake() {
        if (!redis.wakes.isEmpty()) {
            FakeRedis.Sent lost = redis.wakes.remove(0);
            note("lost", lost);
            Node node = node(lost);
            if (node != null && !bugs.contains(Bug.WAKE_LOST_UNCOUNTED)) {
                node.lost.add(lost.partition());
            }
        }
    }

    /** Returns to whom a wake was sent, or null if that node is no more. */
    private Node node(FakeRedis.Sent wake) {
        for (Node node : nodes) {
            if (node.name.equals(wake.node())) {
                return node;
            }
        }
        return null;
    }

    private Node someNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += Math.min(WaitingRoom.TICK_MS, end - nowMs);
            nodes.forEach(Node::tick);
        }
    }

    /** All faults end; then whoever waits is told, and every browser gets what is still alive. */
    private void comeToRest() {
        isAtRest = true;
        setDown(false);
        nodes.forEach(Node::wakeUp);
        hearAll();
        browsers.forEach(Browser::comeAgain);
        hearAll();
        for (Browser browser : browsers) {
            browser.publish(60_000);
            publish(60_000);
            if (random.nextBoolean()) {
                loseAWake();
            }
        }
        nodes.forEach(Node::compareCounters);
        for (int round = 0; round < 3; round++) {
            hearAll();
            pass(Settlements.PERIOD_MS + WaitingRoom.TICK_MS);
        }
        hearAll();
        browsers.forEach(Browser::assertIsNotDeaf);
        // Whoever missed much needs many small answers.
        for (int round = 0; round < 6 || round < 60 && isAnyLacking(); round++) {
            browsers.forEach(Browser::comeAgain);
            hearAll();
            pass(Settlements.PERIOD_MS + WaitingRoom.TICK_MS);
            hearAll();
        }
        browsers.forEach(Browser::assertHasAll);
        browsers.forEach(Browser::assertCounted);
        browsers.forEach(Browser::assertIsHeldOnce);
        // Everybody leaves; the gateways forget them.
        browsers.forEach(Browser::goAway);
        for (int i = 0; i < 3; i++) {
            pass(RoomOptions.DEFAULT.lingerMs() + 1_000);
            hearAll();
        }
        for (Node node : nodes) {
            node.rooms.forEach(room -> assertEquals(0, room.seats() + room.holds(), "seats left"));
        }
    }

    private boolean isAnyLacking() {
        return browsers.stream().anyMatch(browser -> !browser.lackingAlive().isEmpty());
    }

    private void hearAll() {
        redis.answerAll();
        while (!redis.wakes.isEmpty()) {
            hearSome();
            redis.answerAll();
        }
    }

    private final class Node {
        final String name;
        final List<WaitingRoom> rooms = new ArrayList<>();
        final List<Integer> lost = new ArrayList<>();
        final MasterClocks clocks = new MasterClocks(PARTITIONS.count(), () -> nowMs);
        boolean isAsleep;
        boolean isDead;

        Node(String name, int loops) {
            this.name = name;
            for (int loop = 0; loop < loops; loop++) {
                rooms.add(new WaitingRoom(
                        redis.mailboxes(name, loop),
                        redis.topics(name, loop),
                        PARTITIONS,
                        clocks,
                        () -> nowMs,
                        random,
                        OPTIONS,
                        RoomObserver.NONE));
            }
            setClocks();
            readAgain();
        }

        /** As the ledger does: if one before it is missing, the partition is read again first. */
        void hear(FakeRedis.Sent sent) {
            if (lost.contains(sent.partition())) {
                lost.removeIf(partition -> partition == sent.partition());
                rooms.forEach(room -> room.readAgain(sent.partition()));
            }
            if (sent.wake() != null) {
                rooms.get(sent.loop()).wake(sent.partition(), sent.wake());
            } else {
                for (int loop : sent.topicWake().loops()) {
                    rooms.get(loop).published(sent.partition(), sent.topicWake());
                }
            }
        }

        void deliverWoken() {
            if (!isAsleep) {
                rooms.forEach(WaitingRoom::deliverWoken);
            }
        }

        void toggleSleep() {
            if (isAsleep) {
                wakeUp();
            } else {
                note(name, "sleeps");
                isAsleep = true;
                redis.sleep(name);
            }
        }

        /** It slept past its lease, so it reads again; what Redis answered long ago, and what it did not hear, comes first. */
        void wakeUp() {
            if (isAsleep) {
                note(name, "wakes up");
                isAsleep = false;
                redis.wakeUp(name);
                deliverWoken();
                readAgain();
            }
        }

        /** Another process takes its place, with another name. */
        void die() {
            note(name, "dies");
            isDead = true;
            redis.die(name, random::nextBoolean);
            browsers.forEach(browser -> browser.lost(this));
            nodes.set(nodes.indexOf(this), new Node(name.charAt(0) + "" + ++deaths, rooms.size()));
        }

        void goDeafForAWhile() {
            for (int p = 0; p < PARTITIONS.count(); p++) {
                int partition = p;
                rooms.forEach(room -> room.deaf(partition));
            }
            redis.wakes.removeIf(sent -> sent.node().equals(name));
            readAgain();
        }

        void readAgain() {
            for (int p = 0; p < PARTITIONS.count(); p++) {
                int partition = p;
                rooms.forEach(room -> room.readAgain(partition));
            }
            lost.clear();
        }

        void tick() {
            if (isAsleep) {
                return;
            }
            setClocks();
            rooms.forEach(WaitingRoom::tick);
            if (!lost.isEmpty() && random.nextInt(20) == 0) {
                compareCounters();
            }
        }

        private void setClocks() {
            long behindMs = bugs.contains(Bug.LATE_DELIVERY) ? 3_600_000 : 0;
            for (int p = 0; p < PARTITIONS.count(); p++) {
                clocks.set(p, nowMs - behindMs, nowMs);
            }
        }

        /** A lost wake is noticed in the end. */
        void compareCounters() {
            lost.forEach(partition -> rooms.forEach(room -> room.readAgain(partition)));
            lost.clear();
        }

        void assertSound() {
            rooms.forEach(WaitingRoom::assertSound);
        }
    }

    /** A client that brings its cursor back, and remembers what it was given. */
    private final class Browser {
        final ClientId client;
        final List<TopicPattern> follows;
        /** What the application has it follow. */
        final Set<Topic> granted = new HashSet<>();

        final Map<Topic, TopicView> views = new HashMap<>();
        final TreeMap<Long, Message> got = new TreeMap<>();
        final TreeMap<Long, Long> published = new TreeMap<>();
        String page = "page";
        String cursor;
        long n;
        Poll current;
        long covered;
        long highest;
        int failovers;
        int deletions;
        /**
         * Whether it follows or followed by name what a pattern of its own matches, or what the application decides: where it is
         * there, a failover may forget.
         */
        boolean hasChangedWays;

        Browser(ClientId client, List<TopicPattern> follows) {
            this.client = client;
            this.follows = follows;
        }

        void published(Topic topic, long number, long expiryMs) {
            boolean isForUs =
                    granted.contains(topic) || follows.stream().anyMatch(name -> name.matches(topic) && hasBegun(name));
            if (isForUs) {
                views.computeIfAbsent(topic, none -> new TopicView()).published.put(number, expiryMs);
            }
        }

        /** Its cursor says where it is, so that nothing may be missing from there on. */
        boolean hasBegun(TopicPattern name) {
            TopicPositions at =
                    cursor == null ? TopicPositions.NONE : Cursor.parse(cursor).topics();
            return at.byTopic().containsKey(name.tag()) || at.patterns().contains(name.tag());
        }

        void isToFollow(Topic topic) {
            note(client, "is to follow", topic);
            redis.follow(client, topic);
            granted.add(topic);
            hasChangedWays = true;
        }

        /** As a Bayeux client subscribes and unsubscribes. What it had not yet been given of what it left, it need not get. */
        void followSomethingElse() {
            Topic topic = ALL_TOPICS.get(random.nextInt(ALL_TOPICS.size()));
            if (isDown) {
                return;
            }
            if (granted.remove(topic)) {
                note(client, "is to leave", topic);
                redis.unfollow(client, topic);
                forget(topic);
            } else {
                isToFollow(topic);
            }
        }

        private void forget(Topic topic) {
            TopicView view = views.get(topic);
            if (view != null) {
                view.published.clear();
            }
        }

        /** What the old master had not yet replicated was never said. */
        void sawFailover() {
            failovers++;
            for (Topic topic : ALL_TOPICS) {
                boolean isFollowing = redis.isFollowing(client, topic);
                boolean isOurs = this == browsers.get(2);
                if (!isOurs && isFollowing != granted.contains(topic)) {
                    forget(topic);
                    if (!granted.remove(topic)) {
                        granted.add(topic);
                    }
                }
            }
        }

        /** Its page is loaded anew, or another tab takes over where this one was. */
        void reload() {
            Poll former = current;
            current = null;
            page = "page-" + ++pages;
            n = 0;
            if (former != null) {
                former.isGivenUp = true;
            }
            poll();
            if (former != null && random.nextBoolean()) {
                former.disconnect();
            }
        }

        /** A node is no more. */
        void lost(Node node) {
            if (current != null && current.node == node) {
                current.isGivenUp = true;
                current = null;
            }
        }

        void toggleWritable() {
            if (current != null && current.isStream) {
                current.isWritable = !current.isWritable;
                if (current.isWritable && !current.node.isAsleep) {
                    current.room.writable(current.hold);
                }
            }
        }

        void comeAgain() {
            if (current == null) {
                poll();
            } else if (current.isStream && !current.isWritable) {
                toggleWritable();
            }
        }

        void assertCounted() {
            Set<Long> expected = new TreeSet<>();
            List<TopicPattern> all = new ArrayList<>(follows);
            granted.forEach(topic -> all.add(TopicPattern.of(topic)));
            for (long tag : Followed.reducedTags(all)) {
                expected.add(tag);
            }
            boolean isHeld = current != null;
            assertTrue(!isHeld || expected.equals(redis.counted(client)), client + " is counted wrongly");
        }

        void publish(long lifeMs) {
            if (isDown) {
                return;
            }
            long number = redis.publish(client, "1".getBytes(StandardCharsets.UTF_8), lifeMs);
            note(client, "published", number, "for", lifeMs);
            published.put(number, nowMs + lifeMs);
        }

        void poll() {
            if (current == null) {
                new Poll(this, someNode(), ++n).send();
            }
        }

        /** The browser gives its poll up and sends another; the first may still arrive, or have. */
        void retry() {
            if (current != null) {
                Poll given = current;
                given.isGivenUp = true;
                current = null;
                new Poll(this, someNode(), ++n).send();
                if (random.nextBoolean()) {
                    given.disconnect();
                }
            }
        }

        void goAway() {
            if (current != null) {
                current.isGivenUp = true;
                current.disconnect();
                current = null;
            }
        }

        void receive(Answer answer) {
            note(client, "got", answer);
            current = null;
            boolean isOfOtherMaster = answer.gap() != null && answer.gap().reason() == Gap.Reason.FAILOVER;
            if (isOfOtherMaster) {
                // Numbers begin anew, but what was got must still not come again.
                assertTrue(failovers > 0, "a failover that never was");
                highest = 0;
                covered = 0;
            }
            for (TopicGap gap : answer.topicGaps()) {
                assertTrue(gap.gap().isCounted() || failovers > 0, "a gap of a topic without a count");
                if (gap.gap().isCounted()) {
                    views.computeIfAbsent(new Topic(gap.topic()), none -> new TopicView()).said +=
                            gap.gap().missed();
                }
            }
            for (Message message : answer.messages()) {
                assertTrue(message.expiryMs() > nowMs, "delivered after its life");
                if (message.topic() != null) {
                    views.computeIfAbsent(message.topic(), none -> new TopicView())
                            .receive(message);
                    continue;
                }
                if (got.containsKey(message.number())) {
                    // Numbers that are above an emptied master's clock are forgotten there.
                    assertTrue(mayBeEmptied && replaced > 1, () -> "delivered twice: " + message.number());
                    continue;
                }
                if (isOfOtherMaster && message.number() < highest) {
                    isOfOtherMaster = false; // Of two masters in one answer; once in it numbers begin anew.
                    highest = 0;
                }
                assertTrue(highest < message.number(), () -> "reordered: " + message.number());
                highest = message.number();
                got.put(message.number(), message);
            }
            if (answer.cursor() != null) {
                long now = Cursor.parse(answer.cursor()).mailbox().number();
                assertTrue(now >= covered, () -> "the cursor went back from " + covered + " to " + now);
                long lacking = published.subMap(covered, false, now, true).keySet().stream()
                        .filter(number -> !got.containsKey(number))
                        .count();
                long said = answer.gap() == null ? 0 : answer.gap().missed();
                if (said != Gap.UNKNOWN && failovers == 0) {
                    assertEquals(lacking, said, "missed and said");
                }
                if (answer.gap() != null && answer.gap().reason() == Gap.Reason.FAILOVER) {
                    highest =
                            Math.min(highest, now); // The last of several masters in one answer may have given nothing.
                }
                covered = Math.max(covered, now);
                cursor = answer.cursor();
            }
        }

        /** One whose poll waits has been told of everything, though it did nothing. */
        void assertIsNotDeaf() {
            if (current != null && !current.isBroken && current.isWritable) {
                assertEquals(List.of(), lackingAlive(), () -> client + " is deaf");
            }
        }

        void assertHasAll() {
            assertEquals(List.of(), lackingAlive(), () -> client + " lacks what is alive");
            views.forEach((topic, view) -> view.assertIsTold(client + " " + topic));
        }

        /** But for what a failover forgot or a deletion took, which nobody can count. */
        private List<String> lackingAlive() {
            List<String> lacking = new ArrayList<>();
            if (failovers == 0) {
                views.forEach((topic, view) -> addLacking(lacking, topic.value(), view.published, view.got));
            }
            if (failovers == 0 && deletions == 0) {
                addLacking(lacking, "", published, got.keySet());
            }
            return lacking;
        }

        private void addLacking(List<String> lacking, String topic, Map<Long, Long> published, Set<Long> got) {
            published.forEach((number, expiryMs) -> {
                if (!got.contains(number) && expiryMs > nowMs + 1_000) {
                    lacking.add(topic + "#" + number);
                }
            });
        }

        void assertIsHeldOnce() {
            long holds = polls.stream()
                    .filter(poll -> poll.browser == this && !poll.node.isDead && !poll.hold.hasEnded())
                    .count();
            assertTrue(holds <= 1, () -> client + " is held twice");
        }

        /** What this browser should have got of a topic, and did. */
        final class TopicView {
            final TreeMap<Long, Long> published = new TreeMap<>();
            final Set<Long> got = new HashSet<>();
            long highest;
            int resets;
            long said;

            void receive(Message message) {
                // A second failover may forget the numbers of the first, by which what was given is known. And
                // after one,
                // name and pattern may be apart, so that what goes over from the one to the other comes twice.
                boolean mayBeTwice = replaced > (hasChangedWays ? 0 : 1);
                if (!got.add(message.number())) {
                    assertTrue(mayBeTwice, message.topic() + " twice: " + message.number());
                    return;
                }
                if (message.number() < highest && resets < failovers) {
                    resets++; // A replica that never heard of the former master's numbers begins below them.
                    highest = 0;
                }
                assertTrue(highest < message.number(), () -> message.topic() + " reordered: " + message.number());
                highest = message.number();
            }

            void assertIsTold(String what) {
                long lacking = published.keySet().stream()
                        .filter(number -> !got.contains(number))
                        .count();
                boolean mayBeUntold = cursor == null; // Then a gap comes with the next message.
                assertTrue(
                        said >= lacking || mayBeUntold || failovers > 0,
                        () -> what + ": lacks " + lacking + ", was told of " + said);
            }
        }
    }

    private final class Poll implements Outlet {
        final Browser browser;
        final Node node;
        final WaitingRoom room;
        final Hold hold;
        final String pageName;
        final Page page;
        final boolean isStream = random.nextInt(4) == 0;
        boolean isWritable = true;
        boolean isBroken;
        boolean isGivenUp;
        boolean isAnswered;

        Poll(Browser browser, Node node, long n) {
            this.browser = browser;
            this.node = node;
            this.room = node.rooms.get(random.nextInt(node.rooms.size()));
            this.hold = new Hold(
                    this,
                    isStream ? Transport.SSE : Transport.JSON,
                    30_000,
                    browser.cursor != null,
                    browser.follows,
                    false,
                    isStream && random.nextInt(4) == 0 ? 40_000 : Hold.FOR_EVER);
            this.pageName = browser.page;
            this.page = Page.of(pageName, n);
            note(browser.client, "polls", node.name, node.rooms.indexOf(room), page);
        }

        /** It may be answered before this returns. */
        void send() {
            assertTrue(browser.current == null);
            browser.current = this;
            if (node.isAsleep) {
                isGivenUp = true; // Nobody answers; the browser gives up, and tries another time.
                browser.current = null;
                return;
            }
            polls.add(this);
            room.seat(browser.client, page, hold, browser.cursor == null ? null : Cursor.parse(browser.cursor));
        }

        /** A node that sleeps notices it when it wakes up, if it is not told before that the client is elsewhere. */
        void disconnect() {
            if (node.isAsleep) {
                isBroken = true;
            } else if (!node.isDead) {
                room.leave(hold);
            }
        }

        @Override
        public void answer(Answer answer) {
            assertFalse(isAnswered, "answered twice");
            assertTrue(isWritable || answer.ended() != null, "written to one that does not read");
            isAnswered = !isStream || answer.ended() != null;
            boolean isByOwnPage = browser.page.equals(pageName);
            assertFalse(answer.ended() == EndReason.SUPERSEDED && isByOwnPage, "superseded by its own page");
            boolean isLostOnTheWay = random.nextInt(8) == 0 && !isAtRest;
            note(browser.client, "is answered, lost", isLostOnTheWay, "given up", isGivenUp, answer);
            if (isGivenUp) {
                return;
            }
            if (isLostOnTheWay) {
                browser.current = null;
                if (!isAnswered) {
                    isGivenUp = true; // What is streamed after this is lost, too.
                    isBroken = true;
                }
            } else {
                browser.receive(answer);
                browser.current = isAnswered ? null : this;
            }
        }

        @Override
        public boolean isWritable() {
            return isWritable;
        }

        @Override
        public void heartbeat() {
            if (isBroken && !hold.hasEnded()) {
                room.leave(hold);
            }
        }

        @Override
        public void refuse(EndReason why, long retryAfterMs) {
            assertFalse(isAnswered, "answered twice");
            isAnswered = true;
            note(browser.client, "is turned away");
            if (!isGivenUp) {
                browser.current = null;
            }
        }

        @Override
        public boolean isStream() {
            return isStream;
        }
    }
}
