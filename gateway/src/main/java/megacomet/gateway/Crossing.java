package megacomet.gateway;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.redis.TopicWake;
import megacomet.redis.Wake;

/**
 * The one way from the event loop that hears wakes to the one that holds the client: the only place in the gateway where
 * two threads meet. Whatever comes while the other loop is busy is dealt with in one go when it has time, but not more than
 * {@value #MAX_A_TURN} at once, so that it can breathe.
 *
 * <p>Any thread may send; what one thread sends arrives in its order.
 */
final class Crossing {

    private static final int MAX_A_TURN = 1_000;

    private final Context to;
    private final WaitingRoom room;
    private final Queue<Consumer<WaitingRoom>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isAwake = new AtomicBoolean();

    /** @param to the event loop of {@code room} */
    Crossing(Context to, WaitingRoom room) {
        this.to = to;
        this.room = room;
    }

    void wake(int partition, Wake wake) {
        send(there -> there.wake(partition, wake));
    }

    void published(int partition, TopicWake wake) {
        send(there -> there.published(partition, wake));
    }

    void deaf(int partition) {
        send(there -> there.deaf(partition));
    }

    void revoked(Set<String> subjects) {
        send(there -> there.revoked(subjects));
    }

    void readAgain(int partition) {
        send(there -> there.readAgain(partition));
    }

    private void send(Consumer<WaitingRoom> event) {
        queue.add(event);
        wakeUp();
    }

    private void wakeUp() {
        if (isAwake.compareAndSet(false, true)) {
            to.runOnContext(run -> arrive());
        }
    }

    private void arrive() {
        isAwake.set(false);
        for (int i = 0; i < MAX_A_TURN; i++) {
            Consumer<WaitingRoom> event = queue.poll();
            if (event == null) {
                break;
            }
            event.accept(room);
        }
        room.deliverWoken();
        if (!queue.isEmpty()) {
            wakeUp();
        }
    }
}
