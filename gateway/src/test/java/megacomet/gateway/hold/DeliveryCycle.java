package megacomet.gateway.hold;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import megacomet.model.Batch;
import megacomet.model.ClientId;
import megacomet.model.Cursor;
import megacomet.model.Message;
import megacomet.model.Page;
import megacomet.model.Position;
import megacomet.model.TopicPattern;
import megacomet.model.Transport;
import megacomet.redis.Mailboxes;
import megacomet.redis.MasterClocks;
import megacomet.redis.Partitions;
import megacomet.redis.Topics;
import megacomet.redis.Wake;

/**
 * What the waiting room does over and over: a client's poll is answered with a message, and the client polls again. Without
 * sockets, and with a Redis that has nothing to say. One thread.
 */
final class DeliveryCycle implements Outlet {

    private static final int EPOCH = 1;
    private static final int GENERATION = 7;
    private static final long NOW_MS = 1_790_000_000_000L;
    private static final int HOLD_MS = 55_000;
    private static final int CLIENTS_BESIDE = 1_000;

    private final ClientId client = new ClientId("user-42");
    private final Partitions partitions = new Partitions(16);
    private final int partition = partitions.of(client);
    private final byte[] data = ("\"" + "x".repeat(198) + "\"").getBytes(StandardCharsets.UTF_8);
    private final WaitingRoom room;
    private long nowMs = NOW_MS;
    private long number = 1_000;
    private Answer latest;

    DeliveryCycle() {
        room = new WaitingRoom(
                new NothingToSay(),
                new NoTopics(),
                partitions,
                new MasterClocks(partitions.count(), () -> nowMs),
                () -> nowMs,
                new Random(1),
                RoomOptions.DEFAULT,
                RoomObserver.NONE);
        for (int each = 0; each < partitions.count(); each++) {
            room.readAgain(each);
        }
        for (int i = 0; i < CLIENTS_BESIDE; i++) {
            poll(new ClientId("beside-" + i), null);
        }
        poll(client, null);
    }

    /** One message, to the browser and back. Returns what it was answered. */
    Answer run() {
        long before = number++;
        Message message = new Message(number, nowMs, nowMs + 60_000, data);
        latest = null;
        room.wake(partition, new Wake.Appended(client, GENERATION, EPOCH, before, number, message));
        room.deliverWoken();
        Answer answer = latest;
        poll(client, Cursor.parse(answer.cursor()));
        return answer;
    }

    private void poll(ClientId who, Cursor cursor) {
        room.seat(who, Page.UNKNOWN, new Hold(this, Transport.JSON, HOLD_MS, cursor != null), cursor);
    }

    /** Time goes on, so that what is owed to Redis is settled. */
    void pass(long ms) {
        nowMs += ms;
        room.tick();
    }

    @Override
    public void answer(Answer answer) {
        latest = answer;
    }

    @Override
    public void refuse(EndReason why, long retryAfterMs) {
        throw new IllegalStateException("refused: " + why);
    }

    @Override
    public boolean isStream() {
        return false;
    }

    /** Owns every client that it is asked for, and has no messages. */
    private final class NothingToSay implements Mailboxes {

        @Override
        public Future<Claimed> claim(Claim claim) {
            return Future.succeededFuture(owned());
        }

        private Claimed owned() {
            Batch batch = new Batch(List.of(), new Position(EPOCH, number), null, true);
            return new Claimed.Owned(GENERATION, batch, nowMs, false, List.of());
        }

        @Override
        public Future<List<Claimed>> reclaim(List<Tenure> tenures) {
            List<Claimed> all = new ArrayList<>();
            tenures.forEach(tenure -> all.add(owned()));
            return Future.succeededFuture(all);
        }

        @Override
        public Future<List<Following>> following(ClientId who) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Void> confirm(List<Tenure> tenures) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> release(List<Tenure> tenures) {
            return Future.succeededFuture();
        }
    }

    /** Nobody follows any. */
    private static final class NoTopics implements Topics {

        @Override
        public Future<List<Batch>> follow(int partition, List<Want> wants) {
            throw new IllegalStateException();
        }

        @Override
        public Future<List<Batch>> read(int partition, List<Want> wants, Allowance allowance) {
            throw new IllegalStateException();
        }

        @Override
        public Future<Position> followPatterns(int partition, List<TopicPattern> patterns) {
            throw new IllegalStateException();
        }

        @Override
        public Future<Recent> recent(int partition, List<TopicPattern> patterns, Position from, Allowance allowance) {
            throw new IllegalStateException();
        }

        @Override
        public Future<Void> unfollow(int partition, List<TopicPattern> names) {
            throw new IllegalStateException();
        }
    }
}
