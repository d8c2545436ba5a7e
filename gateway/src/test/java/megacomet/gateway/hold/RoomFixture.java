package megacomet.gateway.hold;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Page;
import megacomet.model.Topic;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.FakeRedis;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;
import org.junit.jupiter.api.AfterEach;

/** Two rooms on two nodes, a Redis that answers when it is told to, and a client that polls. */
abstract class RoomFixture {

    static final ClientId CLIENT = new ClientId("42");
    static final Partitions PARTITIONS = new Partitions(4);
    static final int PARTITION = PARTITIONS.of(CLIENT);
    static final RoomOptions OPTIONS = RoomOptions.DEFAULT;

    long nowMs = 1_790_000_000_000L;
    final FakeRedis redis = new FakeRedis(() -> nowMs, PARTITIONS);
    final List<String> seen = new ArrayList<>();
    final WaitingRoom room = room("here");
    final WaitingRoom elsewhere = room("there");
    int pollsAnsweredWithoutRedis;

    /** How the rooms keep their holds. */
    RoomOptions options() {
        return OPTIONS;
    }

    WaitingRoom room(String node) {
        return room(node, 0);
    }

    /** @param aheadMs by how much the node's clocks are ahead of Redis's */
    WaitingRoom room(String node, long aheadMs) {
        MasterClocks clocks = new MasterClocks(PARTITIONS.count(), () -> nowMs + aheadMs);
        WaitingRoom made = new WaitingRoom(
                redis.mailboxes(node, 0),
                redis.topics(node, 0),
                PARTITIONS,
                clocks,
                () -> nowMs + aheadMs,
                new Random(1),
                options(),
                new RoomObserver() {
                    @Override
                    public void answeredWithoutRedis() {
                        pollsAnsweredWithoutRedis++;
                    }

                    @Override
                    public void ended(ClientId client, Transport transport, EndReason reason, long heldMs) {
                        seen.add(reason.word());
                    }
                });
        for (int partition = 0; partition < PARTITIONS.count(); partition++) {
            made.readAgain(partition);
        }
        return made;
    }

    @AfterEach
    void nothingIsLeftAmiss() {
        room.assertSound();
        elsewhere.assertSound();
    }

    /** A poll that Redis has answered, if it had to be asked. */
    RecordedOutlet poll(WaitingRoom where, Page page, String cursor) {
        RecordedOutlet outlet = new RecordedOutlet();
        seat(where, outlet, page, cursor, 55_000);
        redis.answerAll();
        return outlet;
    }

    RecordedOutlet poll(String cursor) {
        return poll(room, Page.UNKNOWN, cursor);
    }

    Hold seat(WaitingRoom where, RecordedOutlet outlet, Page page, String cursor, int timeoutMs) {
        Hold hold = new Hold(outlet, Transport.JSON, timeoutMs, cursor != null);
        where.seat(CLIENT, page, hold, cursor == null ? null : Cursor.parse(cursor));
        return hold;
    }

    void publish(String data) {
        redis.publish(CLIENT, data.getBytes(StandardCharsets.UTF_8), 60_000);
    }

    /** Lets the wakes that were sent arrive. */
    void hear() {
        List<FakeRedis.Sent> sent = new ArrayList<>(redis.wakes);
        redis.wakes.clear();
        sent.forEach(wake -> {
            if (wake.topicWake() == null) {
                roomOf(wake).wake(wake.partition(), wake.wake());
            } else {
                roomOf(wake).published(wake.partition(), wake.topicWake());
            }
        });
        room.deliverWoken();
        elsewhere.deliverWoken();
    }

    WaitingRoom roomOf(FakeRedis.Sent wake) {
        return wake.node().equals("here") ? room : elsewhere;
    }

    void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += Math.min(WaitingRoom.TICK_MS, end - nowMs);
            room.tick();
            elsewhere.tick();
        }
    }

    RecordedOutlet pollForEverything(String cursor) {
        return pollFor(room, cursor, new TopicPattern("**"));
    }

    RecordedOutlet pollFor(WaitingRoom where, String cursor, TopicPattern... names) {
        RecordedOutlet outlet = new RecordedOutlet();
        seatFor(where, outlet, cursor, names);
        redis.answerAll();
        return outlet;
    }

    void seatFor(WaitingRoom where, RecordedOutlet outlet, String cursor, TopicPattern... names) {
        Hold hold = new Hold(outlet, Transport.JSON, 30_000, cursor != null, List.of(names), false, Hold.FOR_EVER);
        where.seat(CLIENT, Page.UNKNOWN, hold, cursor == null ? null : Cursor.parse(cursor));
    }

    String timedOutFollowingEverything() {
        RecordedOutlet outlet = pollForEverything(null);
        pass(30_000);
        return outlet.answer.cursor();
    }

    /** A topic of the client's partition, of which the room knows what time it is there. */
    static Topic topicBesideItsMailbox() {
        return topicIn(PARTITION);
    }

    static Topic topicIn(int partition) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new Topic("news/" + i))
                .filter(topic -> PARTITIONS.of(topic) == partition)
                .findFirst()
                .orElseThrow();
    }
}
