package megacomet.conformance.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What was delivered to one session, in the order in which it came. */
public final class Inbox {

    private final List<JsonNode> events = new ArrayList<>();

    synchronized void add(JsonNode event) {
        events.add(event);
        notifyAll();
    }

    /** Everything that came so far. */
    public synchronized List<JsonNode> events() {
        return new ArrayList<>(events);
    }

    /** Waits until something new has come, or the time is over. */
    synchronized void awaitMoreThan(int count, long waitMs) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (events.size() <= count) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime());
            if (leftMs <= 0) {
                return;
            }
            wait(leftMs);
        }
    }
}
