package megacomet.gateway.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Gap;
import megacomet.model.Message;
import megacomet.model.Page;
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
                browsers.add(new Browser(new ClientId("client-" + i)));
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
            switch (random.nextInt(24)) {
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
                default -> {
                    if (random.nextInt(8) == 0) {
                        redis.delete(browser.client);
                        browser.deletions++;
                    }
                }
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
                browsers.forEach(Browser::poll);
                redis.answerAll();
                hearAll();
                pass(Settlements.PERIOD_MS + WaitingRoom.TICK_MS);
                redis.answerAll();
                hearAll();
            }
            browsers.forEach(Browser::assertHasAll);
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
                            PARTITIONS,
                            clocks,
                            () -> nowMs,
                            random,
                            RoomOptions.DEFAULT,
                            RoomObserver.NONE));
                }
                readAgain();
            }

            void hear(FakeRedis.Sent sent) {
                rooms.get(sent.loop()).wake(sent.partition(), sent.wake());
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

            Browser(ClientId client) {
                this.client = client;
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
                for (Message message : answer.messages()) {
                    assertTrue(message.expiryMs() > nowMs, "delivered after its life");
                    assertFalse(got.containsKey(message.number()), "delivered twice: " + message.number());
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
            }
        }

        final class Poll implements Outlet {
            final Browser browser;
            final WaitingRoom room;
            final Hold hold;
            final Page page;
            boolean isGivenUp;
            boolean isAnswered;

            Poll(Browser browser, long n) {
                this.browser = browser;
                Node node = nodes.get(random.nextInt(nodes.size()));
                this.room = node.rooms.get(random.nextInt(node.rooms.size()));
                this.hold = new Hold(this, Transport.JSON, 30_000, browser.cursor != null);
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
                isAnswered = true;
                boolean isLostOnTheWay = random.nextInt(8) == 0;
                note(browser.client + " answered lost=" + isLostOnTheWay + " givenUp=" + isGivenUp + " " + answer);
                if (isGivenUp) {
                    return;
                }
                if (isLostOnTheWay) {
                    browser.current = null;
                } else {
                    browser.receive(answer);
                }
            }

            @Override
            public void unavailable(long retryAfterMs) {
                assertFalse(isAnswered, "answered twice");
                isAnswered = true;
                note(browser.client + " turned away");
                if (!isGivenUp) {
                    browser.current = null;
                }
            }

            @Override
            public boolean isStream() {
                return false;
            }
        }
    }
}
