package megacomet.publisher;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import megacomet.redis.Event;
import megacomet.redis.EventLog;
import megacomet.web.ApiKeys;
import megacomet.web.ErrorCode;
import megacomet.web.Problem;

/**
 * {@code GET /v1/events}: what happens to clients, as a stream of server-sent events that may be broken off and gone on with.
 * Each reader has a place of its own in the log, from which it reads as fast as it takes in; so a slow one costs no memory.
 */
final class EventsApi {

    /** The most readers of one event loop; each reads the log several times a second. */
    private static final int MAX_READERS = 100;

    private static final long READ_EVERY_MS = 250;
    private static final long HEARTBEAT_MS = 15_000;
    private static final int MAX_A_READ = 500;
    private static final long RETRY_AFTER_MS = 10_000;

    private final Vertx vertx;
    private final EventLog log;
    private final ApiKeys keys;
    private final Readers readers;

    /** How many read, for the metrics. */
    interface Readers {
        void add(int more);
    }

    private int count;

    EventsApi(Vertx vertx, EventLog log, ApiKeys keys, Readers readers) {
        this.vertx = vertx;
        this.log = log;
        this.keys = keys;
        this.readers = readers;
    }

    void on(Router router) {
        router.get("/v1/events").handler(this::stream);
    }

    private void stream(RoutingContext context) {
        keys.demand(context.request(), ApiKeys.Scope.READ);
        Set<String> types = types(Queries.text(context, "types"));
        String after = after(context);
        if (count >= MAX_READERS) {
            throw Problem.later(ErrorCode.TOO_MANY_READERS, RETRY_AFTER_MS, null);
        }
        Reader reader = new Reader(context.response(), types);
        context.addEndHandler(ended -> reader.leave());
        reader.start(after);
    }

    /** The header is what a browser or library that reconnects sends by itself, so it is the later word. */
    private static String after(RoutingContext context) {
        String header = context.request().getHeader("last-event-id");
        String after = header == null || header.isEmpty() ? Queries.text(context, "after") : header;
        if (after == null || EventLog.isId(after)) {
            return after;
        }
        if (after.equals("0")) {
            return EventLog.BEGINNING;
        }
        throw Problem.of(ErrorCode.INVALID_PARAMETER, "after is not the id of an event, nor 0.");
    }

    private static Set<String> types(String text) {
        if (text == null) {
            return null;
        }
        Set<Event.Kind> kinds = EnumSet.of(Event.Kind.LOST);
        for (String word : text.split(",")) {
            kinds.add(Arrays.stream(Event.Kind.values())
                    .filter(kind -> kind.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> Problem.of(
                            ErrorCode.INVALID_PARAMETER,
                            "types are " + Arrays.toString(Event.Kind.values()).toLowerCase(Locale.ROOT) + ".")));
        }
        List<String> beginnings = new ArrayList<>();
        kinds.forEach(kind -> beginnings.add("{\"event\":\"" + kind.word() + "\""));
        return Set.copyOf(beginnings);
    }

    /** One application that reads. */
    private final class Reader {
        final HttpServerResponse response;
        final Set<String> beginnings;
        String upTo;
        long lastWrittenMs = nowMs();
        boolean isGone;

        /** @param beginnings of the events that it wants, or null for all */
        Reader(HttpServerResponse response, Set<String> beginnings) {
            this.response = response;
            this.beginnings = beginnings;
        }

        void start(String after) {
            count++;
            readers.add(1);
            if (after != null) {
                open(after);
            } else {
                log.last().onSuccess(this::open).onFailure(failure -> {
                    leave();
                    megacomet.web.ProblemAnswers.answer(response, Delivery.problemOf(failure));
                });
            }
        }

        private void leave() {
            if (!isGone) {
                isGone = true;
                count--;
                readers.add(-1);
            }
        }

        /** The first comment tells proxies and readers that the stream stands. */
        private void open(String after) {
            if (isGone) {
                return;
            }
            upTo = after;
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream")
                    .putHeader("cache-control", "no-store")
                    .putHeader("x-accel-buffering", "no")
                    .write(": events after " + after + "\n\n");
            read();
        }

        private void read() {
            if (isGone) {
                return;
            }
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> {
                    response.drainHandler(null);
                    read();
                });
                return;
            }
            log.after(upTo, MAX_A_READ).onComplete(read -> {
                if (isGone) {
                    return;
                }
                boolean isAll = true;
                if (read.succeeded()) {
                    write(read.result());
                    isAll = read.result().entries().size() < MAX_A_READ;
                }
                heartbeat();
                if (isAll) {
                    vertx.setTimer(READ_EVERY_MS, next -> read());
                } else {
                    read();
                }
            });
        }

        private void write(EventLog.Entries read) {
            StringBuilder text = new StringBuilder();
            if (read.isCutOff()) {
                text.append("data: ")
                        .append(Event.lost(0, System.currentTimeMillis()).json())
                        .append("\n\n");
            }
            for (EventLog.Entry entry : read.entries()) {
                if (isWanted(entry.json())) {
                    text.append("id: ")
                            .append(entry.id())
                            .append("\ndata: ")
                            .append(entry.json())
                            .append("\n\n");
                }
            }
            upTo = read.upTo();
            if (text.length() > 0) {
                write(text.toString());
            }
        }

        /** The kind is the first that stands in an event; so it need not be taken apart. */
        private boolean isWanted(String json) {
            return beginnings == null || beginnings.stream().anyMatch(json::startsWith);
        }

        private void heartbeat() {
            if (nowMs() - lastWrittenMs >= HEARTBEAT_MS) {
                write(": still here\n\n");
            }
        }

        private void write(String text) {
            lastWrittenMs = nowMs();
            response.write(text);
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
