package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;
import org.junit.jupiter.api.Test;

/**
 * A few clients, three event loops on two nodes, one Redis, and everything that can happen to them in an order that a seed
 * decides: polls to a random loop, answers lost on their way, retries that overtake, wakes lost and late, Redis down,
 * failovers that forget, expiry, deletion. Time is virtual.
 *
 * <p>What must hold: a client that brings its cursor back gets every message once and in order, unless a gap is said that
 * covers it; nothing is delivered after its life; and when all faults are over, everything is delivered.
 *
 * <p>{@code -Dmegacomet.simulation.seeds=N} runs more seeds, {@code -Dmegacomet.simulation.first=S} begins with another.
 */
class WaitingRoomSimulation {

    private static final int STEPS = 400;
    private static final boolean TRACE = Boolean.getBoolean("megacomet.simulation.trace");
    private static final Partitions PARTITIONS = new Partitions(4);

    /** What each browser follows: by name, by patterns, by both. */
    private static final List<List<TopicPattern>> FOLLOWS = List.of(
            List.of(new TopicPattern("a/1")),
            List.of(new TopicPattern("a/*"), new TopicPattern("a/**")),
            List.of(new TopicPattern("b"), new TopicPattern("a/2"), new TopicPattern("**")));

    private static final List<Topic> TOPICS = List.of(new Topic("a/1"), new Topic("a/2"), new Topic("b"));

    /** What the application has the first browser follow, at times. */
    private static final Topic GRANTED = new Topic("granted");

    @Test
    void nothingIsLostRepeatedOrReorderedInAnyOrderOfEvents() {
        int first = Integer.getInteger("megacomet.simulation.first", 1);
        int seeds = Integer.getInteger("megacomet.simulation.seeds", 3_000);
        for (int seed = first; seed < first + seeds; seed++) {
            try {
                new World(seed).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class World {
        final Random random;
        long nowMs = 1_790_000_000_000L;
        final FakeRedis redis;
        final List<Node> nodes = new ArrayList<>();
        final List<Browser> browsers = new ArrayList<>();
        boolean isDown;

        World(int seed) {
            random = new Random(seed);
            redis = new FakeRedis(() -> nowMs, PARTITIONS);
            nodes.add(new Node("a", 2));
            nodes.add(new Node("b", 1));
            for (int i = 0; i < 3; i++) {
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

        void step() {
            Browser browser = browsers.get(random.nextInt(browsers.size()));
            switch (random.nextInt(30)) {
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
                default -> {
                    if (random.nextInt(8) == 0) {
                        redis.delete(browser.client);
                        browser.deletions++;
                    }
                }
            }
        }

        void publish(long lifeMs) {
            if (isDown) {
                return;
            }
            Topic topic = random.nextInt(4) == 0 ? GRANTED : TOPICS.get(random.nextInt(TOPICS.size()));
            long number = redis.publish(topic, "1".getBytes(StandardCharsets.UTF_8), lifeMs);
            note(topic + " published " + number + " for " + lifeMs);
            browsers.forEach(browser -> browser.published(topic, number, nowMs + lifeMs));
        }

        /**
         * The application has the first browser follow something; and the last, now and then, by name what it follows by a
         * pattern all along, which must change nothing.
         */
        void grant() {
            if (isDown) {
                return;
            }
            if (!browsers.get(0).isGranted) {
                note("granted");
                redis.follow(browsers.get(0).client, GRANTED);
                browsers.get(0).isGranted = true;
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

        /** {@code -Dmegacomet.simulation.trace=true} tells what happened. */
        void note(String what) {
            if (TRACE) {
                System.out.println(nowMs + " " + what);
            }
        }

        void fault() {
            switch (random.nextInt(4)) {
                case 0 -> setDown(!isDown);
                case 1 -> {
                    note("failover");
                    redis.failOver();
                    browsers.forEach(browser -> browser.failovers++);
                    browsers.get(0).isGranted = redis.isFollowing(browsers.get(0).client, GRANTED);
                    nodes.forEach(Node::readAgain);
                }
                default -> nodes.get(random.nextInt(nodes.size())).goDeafForAWhile();
            }
        }

        void setDown(boolean down) {
            note("down " + down);
            isDown = down;
            redis.setDown(down);
        }

        void answerSome() {
            for (int i = random.nextInt(4); i >= 0 && redis.asked() > 0; i--) {
                redis.answerNext();
            }
        }

        void hearSome() {
            for (int i = random.nextInt(4); i >= 0 && !redis.wakes.isEmpty(); i--) {
                FakeRedis.Sent wake = redis.wakes.remove(0);
                note("heard " + wake);
                node(wake).hear(wake);
            }
            nodes.forEach(Node::deliverWoken);
        }

        /** A lost wake is noticed in the end: the node compares counters. */
        void loseAWake() {
            if (!redis.wakes.isEmpty()) {
                FakeRedis.Sent lost = redis.wakes.remove(0);
                note("lost " + lost);
                node(lost).lost.add(lost.partition());
            }
        }

        Node node(FakeRedis.Sent wake) {
            return nodes.stream()
                    .filter(node -> node.name.equals(wake.node()))
                    .findFirst()
                    .orElseThrow();
        }

        void pass(long ms) {
            for (long end = nowMs + ms; nowMs < end; ) {
                nowMs += Math.min(WaitingRoom.TICK_MS, end - nowMs);
                nodes.forEach(Node::tick);
            }
        }

        /** All faults end; then every browser gets what is still alive. */
        void comeToRest() {
            setDown(false);
            for (int round = 0; round < 6; round++) {
                nodes.forEach(Node::readAgain);
                browsers.forEach(Browser::comeAgain);
                redis.answerAll();
                hearAll();
                pass(Settlements.PERIOD_MS + WaitingRoom.TICK_MS);
                redis.answerAll();
                hearAll();
            }
            browsers.forEach(Browser::assertHasAll);
            browsers.forEach(Browser::assertCounted);
            // Everybody leaves; the gateways forget them.
            browsers.forEach(Browser::goAway);
            for (int i = 0; i < 3; i++) {
                pass(RoomOptions.DEFAULT.lingerMs() + 1_000);
                redis.answerAll();
                hearAll();
            }
            for (Node node : nodes) {
                node.rooms.forEach(room -> assertEquals(0, room.seats() + room.holds(), "seats left"));
            }
        }

        void hearAll() {
            while (!redis.wakes.isEmpty()) {
                hearSome();
                redis.answerAll();
            }
        }

        final class Node {
            final String name;
            final List<WaitingRoom> rooms = new ArrayList<>();
            final List<Integer> lost = new ArrayList<>();
            final MasterClocks clocks = new MasterClocks(PARTITIONS.count(), () -> nowMs);

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
                            RoomOptions.DEFAULT,
                            RoomObserver.NONE));
                }
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
                rooms.forEach(WaitingRoom::deliverWoken);
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
                for (int p = 0; p < PARTITIONS.count(); p++) {
                    clocks.set(p, nowMs, nowMs);
                }
                rooms.forEach(WaitingRoom::tick);
                if (!lost.isEmpty() && random.nextInt(20) == 0) {
                    lost.forEach(partition -> rooms.forEach(room -> room.readAgain(partition)));
                    lost.clear();
                }
            }

            void assertSound() {
                rooms.forEach(WaitingRoom::assertSound);
            }
        }

        /** A client that brings its cursor back, and remembers what it was given. */
        final class Browser {
            final ClientId client;
            final String page = "page";
            final TreeMap<Long, Message> got = new TreeMap<>();
            final TreeMap<Long, Long> published = new TreeMap<>();
            String cursor;
            long n;
            Poll current;
            long covered;
            long highest;
            int failovers;
            int deletions;
            boolean isGranted;
            /** Whether it followed by name what a pattern of its own matches, or does. */
            boolean hasChangedWays;

            final List<TopicPattern> follows;
            final Map<Topic, TopicView> views = new HashMap<>();

            Browser(ClientId client, List<TopicPattern> follows) {
                this.client = client;
                this.follows = follows;
            }

            void published(Topic topic, long number, long expiryMs) {
                boolean isForUs = topic.equals(GRANTED) && isGranted
                        || follows.stream().anyMatch(name -> name.matches(topic) && hasBegun(name));
                if (isForUs) {
                    views.computeIfAbsent(topic, none -> new TopicView())
                            .published
                            .put(number, expiryMs);
                }
            }

            /** Its cursor says where it is, so that nothing may be missing from there on. */
            boolean hasBegun(TopicPattern name) {
                TopicPositions at = cursor == null
                        ? TopicPositions.NONE
                        : Cursor.parse(cursor).topics();
                return at.byTopic().containsKey(name.tag()) || at.patterns().contains(name.tag());
            }

            void toggleWritable() {
                if (current != null && current.isStream) {
                    current.isWritable = !current.isWritable;
                    if (current.isWritable) {
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
                if (isGranted) {
                    all.add(TopicPattern.of(GRANTED));
                }
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
                note(client + " published " + number + " for " + lifeMs);
                published.put(number, nowMs + lifeMs);
            }

            void poll() {
                if (current == null) {
                    new Poll(this, ++n).send();
                }
            }

            /** The browser gives its poll up and sends another; the first may still arrive, or have. */
            void retry() {
                if (current != null) {
                    Poll given = current;
                    given.isGivenUp = true;
                    current = null;
                    new Poll(this, ++n).send();
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
                note(client + " got " + answer);
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
                                .receive(message, failovers);
                        continue;
                    }
                    assertFalse(got.containsKey(message.number()), "delivered twice: " + message.number());
                    if (isOfOtherMaster && message.number() < highest) {
                        isOfOtherMaster = false; // Of two masters in one answer; once in it numbers begin anew.
                        highest = 0;
                    }
                    assertTrue(highest < message.number(), "reordered: " + message.number());
                    highest = message.number();
                    got.put(message.number(), message);
                }
                if (answer.cursor() != null) {
                    long now = Cursor.parse(answer.cursor()).mailbox().number();
                    assertTrue(now >= covered, "the cursor went back from " + covered + " to " + now);
                    long lacking = published.subMap(covered, false, now, true).keySet().stream()
                            .filter(number -> !got.containsKey(number))
                            .count();
                    long said = answer.gap() == null ? 0 : answer.gap().missed();
                    if (said != Gap.UNKNOWN && failovers == 0) {
                        assertEquals(lacking, said, "missed and said");
                    }
                    covered = Math.max(covered, now);
                    cursor = answer.cursor();
                }
            }

            void assertHasAll() {
                published.forEach((number, expiryMs) -> {
                    boolean isExcused = expiryMs <= nowMs + 1_000 || failovers > 0 || deletions > 0;
                    assertTrue(got.containsKey(number) || isExcused, "lacks " + number);
                });
                views.forEach((topic, view) -> view.assertComplete(client + " " + topic, failovers));
            }

            /** What this browser should have got of a topic, and did. */
            final class TopicView {
                final TreeMap<Long, Long> published = new TreeMap<>();
                final Set<Long> got = new HashSet<>();
                long highest;
                int resets;
                long said;

                void receive(Message message, int failovers) {
                    // A second failover may forget the numbers of the first, by which what was given is known. And
                    // after one,
                    // name and pattern may be apart, so that what goes over from the one to the other comes twice.
                    boolean mayBeTwice = failovers > (hasChangedWays ? 0 : 1);
                    if (!got.add(message.number())) {
                        assertTrue(mayBeTwice, message.topic() + " twice: " + message.number());
                        return;
                    }
                    if (message.number() < highest && resets < failovers) {
                        resets++; // A replica that never heard of the former master's numbers begins below them.
                        highest = 0;
                    }
                    assertTrue(highest < message.number(), message.topic() + " reordered: " + message.number());
                    highest = message.number();
                }

                void assertComplete(String what, int failovers) {
                    if (failovers > 0) {
                        return; // What a failover forgets, nobody can count.
                    }
                    long lacking = published.entrySet().stream()
                            .filter(one -> !got.contains(one.getKey()))
                            .count();
                    boolean isAlive = published.entrySet().stream()
                            .anyMatch(one -> !got.contains(one.getKey()) && one.getValue() > nowMs + 1_000);
                    assertFalse(isAlive, what + ": lacks what is alive");
                    boolean mayBeUntold = cursor == null; // Then a gap comes with the next message.
                    assertTrue(said >= lacking || mayBeUntold, what + ": lacks " + lacking + ", was told of " + said);
                }
            }
        }

        final class Poll implements Outlet {
            final Browser browser;
            final WaitingRoom room;
            final Hold hold;
            final Page page;
            final boolean isStream = random.nextInt(4) == 0;
            boolean isWritable = true;
            boolean isBroken;
            boolean isGivenUp;
            boolean isAnswered;

            Poll(Browser browser, long n) {
                this.browser = browser;
                Node node = nodes.get(random.nextInt(nodes.size()));
                this.room = node.rooms.get(random.nextInt(node.rooms.size()));
                this.hold = new Hold(
                        this,
                        isStream ? Transport.SSE : Transport.JSON,
                        30_000,
                        browser.cursor != null,
                        browser.follows,
                        false,
                        isStream && random.nextInt(4) == 0 ? 40_000 : Hold.FOR_EVER);
                this.page = Page.of(browser.page, n);
                note(browser.client + " polls " + node.name + node.rooms.indexOf(room) + " n=" + n);
            }

            /** It may be answered before this returns. */
            void send() {
                assertTrue(browser.current == null);
                browser.current = this;
                room.seat(browser.client, page, hold, browser.cursor == null ? null : Cursor.parse(browser.cursor));
            }

            void disconnect() {
                room.leave(hold);
            }

            @Override
            public void answer(Answer answer) {
                assertFalse(isAnswered, "answered twice");
                assertTrue(isWritable || answer.ended() != null, "written to one that does not read");
                isAnswered = !isStream || answer.ended() != null;
                boolean isLostOnTheWay = random.nextInt(8) == 0;
                note(browser.client + " answered lost=" + isLostOnTheWay + " givenUp=" + isGivenUp + " " + answer);
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
                note(browser.client + " turned away");
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
}
