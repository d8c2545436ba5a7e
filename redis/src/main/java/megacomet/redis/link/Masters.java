package megacomet.redis.link;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's way to the masters: runs a script on whichever serves a slot now, and tries again, until a deadline,
 * when that has just changed.
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
public final class Masters {

    private static final long FIRST_PAUSE_MS = 5;
    private static final long LONGEST_PAUSE_MS = 200;

    private final Connections connections;
    private final Vertx vertx;
    private final Topology topology;
    private final Observer observer;
    private final Map<Address, Link> links = new HashMap<>();
    private final Map<Address, ReplicatedCalls> replicated = new HashMap<>();
    private SlotMap known = SlotMap.UNKNOWN;

    /** Is told of every script that was answered. */
    public interface Observer {
        /** Tells how long {@code verb} took, all its tries together, and whether it was done. */
        void took(String verb, long nanos, boolean isDone);
    }

    /** What a script's repetition would do, if its first run had its effect and only the answer was lost. */
    public enum Repeat {
        /** The same as once. */
        HARMLESS,
        /** Something twice: never repeat unless it surely did not run. */
        HARMFUL
    }

    /** @param observer is told of every script */
    public Masters(Connections connections, Topology topology, Observer observer) {
        this.connections = connections;
        this.vertx = connections.vertx();
        this.topology = topology;
        this.observer = observer;
    }

    /**
     * Runs a script on the master of {@code slot}.
     *
     * <p>Answers that only mean "not here" or "not now" (MOVED, ASK, TRYAGAIN, CLUSTERDOWN, LOADING, READONLY, NOSCRIPT,
     * NOREPLICAS, MISCONF) and connections that cannot be opened are tried again within {@code timeoutMs}. While a slot migrates, Redis answers
     * TRYAGAIN for keys that are not all on one side; that lasts until the migration is through.
     *
     * @return the reply; fails with {@link RedisUnavailable} or {@link RedisFull}, or with an {@link ErrorType} that no
     *     repetition would mend
     */
    public Future<Response> call(int slot, Script.Call call, Repeat repeat, long timeoutMs) {
        Attempts attempts = new Attempts(slot, call, repeat, timeoutMs, null);
        attempts.next();
        return attempts.promise.future();
    }

    /**
     * Does the same, and then waits until a replica has what the script wrote, within {@code timeoutMs} and three quarters of
     * a command's time. Of a repetition it waits for what the first run wrote, because Redis replicates in order.
     *
     * @return the reply may fail with {@link NoReplicas} as well
     */
    public Durable callReplicated(int slot, Script.Call call, Repeat repeat, long timeoutMs) {
        Promise<Boolean> isReplicated = Promise.promise();
        Attempts attempts = new Attempts(slot, call, repeat, timeoutMs, isReplicated);
        attempts.next();
        return new Durable(attempts.promise.future(), isReplicated.future());
    }

    /** Runs a script once, on one master, with no second try. */
    public Future<Response> callOn(Address master, Script.Call call) {
        prune();
        return evaluate(linkTo(master), call);
    }

    /** Sends one plain command to one master, with no second try. */
    public Future<Response> sendTo(Address master, Request request) {
        prune();
        return linkTo(master).send(request);
    }

    /** Closes all connections; what is unanswered fails. */
    public void close() {
        links.values().forEach(Link::close);
        links.clear();
        replicated.values().forEach(ReplicatedCalls::close);
        replicated.clear();
    }

    private Link linkTo(Address address) {
        return links.computeIfAbsent(address, to -> Link.toMaster(connections, topology, to));
    }

    /** Gives up connections to servers that are no masters any more: a paused one would keep our commands for ever. */
    private void prune() {
        SlotMap current = topology.map();
        if (current != known) {
            known = current;
            // Not now: its commands' failures may run scripts again, and so come here while we iterate.
            links.values().removeIf(link -> {
                boolean isGone = !current.serves(link.address());
                if (isGone) {
                    vertx.runOnContext(run -> link.close());
                }
                return isGone;
            });
            replicated.values().removeIf(calls -> {
                boolean isGone = !current.serves(calls.master());
                if (isGone) {
                    vertx.runOnContext(run -> calls.close());
                }
                return isGone;
            });
        }
    }

    private static Future<Response> evaluate(Link link, Script.Call call) {
        return link.send(call.byHash())
                .recover(failure ->
                        isError(failure, "NOSCRIPT") ? link.send(call.byText()) : Future.failedFuture(failure));
    }

    private static boolean isError(Throwable failure, String code) {
        return failure instanceof ErrorType error && error.is(code);
    }

    /** Reads the third word of {@code ASK 3999 127.0.0.1:6381}. */
    private static Address redirect(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new Address(hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    /** One script's way through its tries. */
    private final class Attempts {
        final int slot;
        final Script.Call call;
        final Repeat repeat;
        final Promise<Response> promise = Promise.promise();
        final long startNanos = System.nanoTime();
        final long deadlineNanos;
        /** Null if replicas do not matter. */
        final Promise<Boolean> isReplicated;

        long pauseMs = FIRST_PAUSE_MS;
        boolean mayHaveHappened;
        private Durable last;

        Attempts(int slot, Script.Call call, Repeat repeat, long timeoutMs, Promise<Boolean> isReplicated) {
            this.isReplicated = isReplicated;
            this.slot = slot;
            this.call = call;
            this.repeat = repeat;
            this.deadlineNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        }

        void next() {
            prune();
            Address master = known.masterOf(slot);
            if (master == null) {
                again(RedisUnavailable.notSent("no master is known for slot " + slot, null));
            } else {
                handle(isReplicated == null ? evaluate(linkTo(master), call) : runReplicated(master, false));
            }
        }

        private Future<Response> runReplicated(Address master, boolean isAsked) {
            last = replicated
                    .computeIfAbsent(master, its -> new ReplicatedCalls(connections, topology, its))
                    .run(call, isAsked, deadlineNanos);
            return last.reply();
        }

        private void handle(Future<Response> reply) {
            reply.onComplete(result -> {
                if (result.succeeded()) {
                    done(result.result(), null);
                } else if (result.cause() instanceof RedisUnavailable unavailable) {
                    lost(unavailable);
                } else if (result.cause() instanceof ErrorType error) {
                    refused(error);
                } else {
                    done(null, result.cause());
                }
            });
        }

        private void lost(RedisUnavailable unavailable) {
            mayHaveHappened |= unavailable.mayHaveHappened();
            if (mayHaveHappened && repeat == Repeat.HARMFUL) {
                done(null, unavailable);
            } else {
                again(unavailable);
            }
        }

        private void refused(ErrorType error) {
            String[] words = error.getMessage().split(" ", 4);
            switch (words[0]) {
                case "MOVED" -> again(error);
                case "ASK" -> ask(redirect(words[2]));
                case "TRYAGAIN", "CLUSTERDOWN", "LOADING", "READONLY", "MASTERDOWN", "BUSY", "NOSCRIPT" -> again(error);
                // It may write again when replicas are back, or its disk.
                case "NOREPLICAS", "MISCONF" -> again(error);
                case "OOM" -> done(null, new RedisFull(error.getMessage()));
                default -> done(null, error);
            }
        }

        /** The keys are on the migration's other side, which serves them to those who ask. */
        private void ask(Address target) {
            if (isReplicated != null) {
                handle(runReplicated(target, true));
                return;
            }
            Link link = linkTo(target);
            link.send(Request.cmd(Command.ASKING));
            handle(link.send(call.byText()));
        }

        private void again(Throwable problem) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                String message = call.script().verb() + " was not done in time: " + problem.getMessage();
                done(null, new RedisUnavailable(message, mayHaveHappened, problem));
                return;
            }
            topology.refresh();
            long pause = Math.min(pauseMs, 1 + TimeUnit.NANOSECONDS.toMillis(leftNanos));
            pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
            vertx.setTimer(pause, id -> next());
        }

        private void done(Response response, Throwable failure) {
            observer.took(call.script().verb(), System.nanoTime() - startNanos, failure == null);
            if (failure == null) {
                promise.complete(response);
                if (isReplicated != null) {
                    last.isReplicated().onComplete(isReplicated);
                }
            } else {
                promise.fail(failure);
            }
        }
    }
}
