package megacomet.redis.link;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs scripts on one master whose writes a replica must have too.
 *
 * <p>A script and its {@code WAIT} share one connection: Redis waits for what that connection has written, and on one that
 * wrote nothing it answers at once that every replica has it. Both are sent together, so that nothing can come between them
 * and no connection of another making. While Redis waits it does nothing else on the connection. So there are a few, for
 * these calls alone, and a call that finds none free waits its turn.
 *
 * <p>A master without a replica is not asked to write: nothing could come of it but an error.
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
final class ReplicatedCalls {

    /** How many such calls may wait for replicas at a time. */
    static final int MAX_LINKS = 8;

    private static final Pattern ONLINE = Pattern.compile("(?m)^slave\\d+:.*\\bstate=online\\b");

    private final Connections connections;
    private final Topology topology;
    private final Address master;
    private final List<Link> all = new ArrayList<>();
    private final Deque<Link> free = new ArrayDeque<>();
    private final Deque<Turn> waiting = new ArrayDeque<>();

    ReplicatedCalls(Connections connections, Topology topology, Address master) {
        this.connections = connections;
        this.topology = topology;
        this.master = master;
    }

    /**
     * Runs a script once.
     *
     * @param isAsked whether the master is only a migration's other side, which serves those who ask
     * @param deadlineNanos until when it may wait, for its turn and for replicas, in the time of {@link System#nanoTime}
     */
    Durable run(Script.Call call, boolean isAsked, long deadlineNanos) {
        Turn turn = new Turn(call, isAsked, deadlineNanos);
        waiting.add(turn);
        next();
        return new Durable(turn.reply.future(), turn.isReplicated.future());
    }

    Address master() {
        return master;
    }

    /** Closes all connections; what is unanswered fails. */
    void close() {
        all.forEach(Link::close);
        waiting.forEach(turn -> turn.reply.fail(RedisUnavailable.notSent("the connections were given up", null)));
        waiting.clear();
    }

    private void next() {
        while (!waiting.isEmpty()) {
            if (waiting.peek().isLate()) {
                waiting.poll().reply.fail(RedisUnavailable.notSent("others wait for the replicas of " + master, null));
                continue;
            }
            if (free.isEmpty() && all.size() < MAX_LINKS) {
                Link link = Link.toMaster(connections, topology, master);
                all.add(link);
                free.add(link);
            }
            if (free.isEmpty()) {
                return;
            }
            waiting.poll().begin(free.poll());
        }
    }

    private final class Turn {
        final Script.Call call;
        final boolean isAsked;
        final long deadlineNanos;
        final Promise<Response> reply = Promise.promise();
        final Promise<Boolean> isReplicated = Promise.promise();
        private Link link;

        Turn(Script.Call call, boolean isAsked, long deadlineNanos) {
            this.call = call;
            this.isAsked = isAsked;
            this.deadlineNanos = deadlineNanos;
        }

        boolean isLate() {
            return leftMs() <= 0;
        }

        private long leftMs() {
            return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        }

        void begin(Link mine) {
            link = mine;
            link.send(Request.cmd(Command.INFO).arg("replication")).onComplete(info -> {
                if (info.failed()) {
                    fail(
                            info.cause() instanceof RedisUnavailable unavailable
                                    ? RedisUnavailable.notSent(unavailable.getMessage(), unavailable)
                                    : info.cause());
                } else if (!ONLINE.matcher(info.result().toString()).find()) {
                    fail(new NoReplicas(master));
                } else {
                    write(isAsked ? call.byText() : call.byHash());
                }
            });
        }

        private void fail(Throwable failure) {
            reply.fail(failure);
            end();
        }

        /** All in one tick, and so on one connection. */
        private void write(Request script) {
            if (isAsked) {
                link.send(Request.cmd(Command.ASKING));
            }
            Future<Response> written = link.send(script);
            // Redis is to answer before the link takes it for dead.
            long waitMs = Math.max(1, Math.min(leftMs(), connections.timeoutMs() * 3 / 4));
            Future<Response> waited = link.send(Request.cmd(Command.WAIT).arg(1).arg(waitMs));
            written.onComplete(done -> {
                if (done.failed() && done.cause() instanceof ErrorType error && error.is("NOSCRIPT")) {
                    write(call.byText());
                    return;
                }
                reply.handle(done);
                waited.onComplete(replicas -> {
                    isReplicated.complete(
                            replicas.succeeded() && replicas.result().toInteger() > 0);
                    end();
                });
            });
        }

        private void end() {
            free.add(link);
            next();
        }
    }
}
