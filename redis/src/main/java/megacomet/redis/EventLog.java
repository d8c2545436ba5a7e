package megacomet.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import megacomet.model.ClientId;
import megacomet.model.Gap;
import megacomet.redis.link.Masters;
import megacomet.redis.link.Script;

/**
 * What happened to clients, in the order in which Redis was told, for applications to read; for one event loop.
 *
 * <p>It is bounded: about {@value #MAX_LENGTH} events are kept, for seven days after the last. Whoever reads comes back with
 * the id of the last event that it has, and is told if what followed is not kept any more.
 *
 * <p>Events are told at least once. While Redis is away they wait here, and if more than {@value #MAX_WAITING} wait, new
 * ones are dropped, counted, and their number told in their place.
 */
public final class EventLog implements Loss.Observer {

    /** About how many events are kept. */
    public static final int MAX_LENGTH = 100_000;

    /** How many wait for Redis. */
    public static final int MAX_WAITING = 10_000;

    /** The id before the first event. */
    public static final String BEGINNING = "0-0";

    private static final Pattern ID = Pattern.compile("\\d{1,15}-\\d{1,10}");
    private static final String NOW = "$";
    private static final long LIFE_MS = 604_800_000;
    private static final int MAX_A_SCRIPT = 200;
    private static final long RETRY_MS = 1_000;
    private static final Script TELL = Script.load(Store.class, "tell");
    private static final Script EVENTS = Script.load(Store.class, "events");

    private final Vertx vertx;
    private final Masters masters;
    private final Keys keys;
    private final StoreOptions options;
    private final Observer observer;
    private final MasterClocks clocks;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final List<Promise<Void>> whenTold = new ArrayList<>();
    private boolean isSending;
    private long dropped;

    /**
     * Is told what becomes of events.
     *
     * @param told so many are in the log
     * @param dropped so many were dropped, because Redis did not take them and too many waited
     */
    public record Observer(IntConsumer told, IntConsumer dropped) {
        /** One that looks away. */
        public static final Observer NONE = new Observer(count -> {}, count -> {});
    }

    /** An event as it stands in the log. */
    public record Entry(String id, String json) {}

    /**
     * What was read.
     *
     * @param upTo the id from which to read on
     * @param isCutOff whether events may be missing before these, because they are not kept any more
     */
    public record Entries(String upTo, boolean isCutOff, List<Entry> entries) {}

    EventLog(Vertx vertx, Masters masters, Keys keys, StoreOptions options, MasterClocks clocks, Observer observer) {
        this.clocks = clocks;
        this.vertx = vertx;
        this.masters = masters;
        this.keys = keys;
        this.options = options;
        this.observer = observer;
    }

    /** Whether a text could be the id of an event. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    @Override
    public void lost(Loss loss) {
        long nowMs = nowMs(loss.client());
        append(List.of(
                loss.reason() == Gap.Reason.EXPIRED
                        ? Event.expired(loss.client(), loss.count(), loss.upTo(), nowMs)
                        : Event.dropped(loss.client(), loss.count(), loss.upTo(), nowMs)));
    }

    /** What time it is for events of a client: by Redis's clock where that is known, because a process's own may be wrong. */
    long nowMs(ClientId client) {
        return clocks.nowMs(keys.partitions().of(client));
    }

    /** Tells events. Never fails, never waits. Does nothing in a process that tells none. */
    public void append(List<Event> events) {
        if (!options.tellsEvents()) {
            return;
        }
        for (Event event : events) {
            if (waiting.size() >= MAX_WAITING) {
                dropped++;
                observer.dropped.accept(1);
            } else {
                sayWhatWasDropped(event.atMs());
                waiting.add(event.json());
            }
        }
        sendNext();
    }

    private void sayWhatWasDropped(long atMs) {
        if (dropped > 0) {
            waiting.add(Event.lost(dropped, atMs).json());
            dropped = 0;
        }
    }

    private void sendNext() {
        if (isSending) {
            return;
        }
        if (waiting.isEmpty()) {
            told();
            return;
        }
        isSending = true;
        List<Object> arguments = new ArrayList<>(List.of(MAX_LENGTH, LIFE_MS));
        waiting.stream().limit(MAX_A_SCRIPT).forEach(arguments::add);
        int count = arguments.size() - 2;
        run(TELL.call(List.of(keys.events()), arguments.toArray()))
                .onSuccess(id -> {
                    for (int i = 0; i < count; i++) {
                        waiting.remove();
                    }
                    isSending = false;
                    observer.told.accept(count);
                    sendNext();
                })
                .onFailure(failure -> {
                    told(); // Nobody waits longer than one try.
                    vertx.setTimer(RETRY_MS, again -> {
                        isSending = false;
                        sendNext();
                    });
                });
    }

    private void told() {
        List<Promise<Void>> those = List.copyOf(whenTold);
        whenTold.clear();
        those.forEach(Promise::complete);
    }

    /** Completes when what was appended is in the log, or cannot be put there now. */
    public Future<Void> whenTold() {
        Promise<Void> promise = Promise.promise();
        whenTold.add(promise);
        sendNext();
        return promise.future();
    }

    /** Returns the id of the last event: whoever reads after it gets what happens from now on. */
    public Future<String> last() {
        return read(NOW, 1).map(Entries::upTo);
    }

    /** Returns what happened after the event with this id, oldest first. */
    public Future<Entries> after(String id, int max) {
        return read(id, max);
    }

    private Future<Entries> read(String after, int max) {
        return run(EVENTS.call(List.of(keys.events()), after, max)).map(reply -> {
            List<Entry> entries = new ArrayList<>();
            for (int i = 2; i < reply.size(); i += 2) {
                entries.add(new Entry(reply.get(i).toString(), reply.get(i + 1).toString()));
            }
            return new Entries(reply.get(0).toString(), reply.get(1).toInteger() == 1, entries);
        });
    }

    private Future<Response> run(Script.Call call) {
        return masters.call(keys.eventsSlot(), call, Masters.Repeat.HARMLESS, options.deadlineMs());
    }
}
