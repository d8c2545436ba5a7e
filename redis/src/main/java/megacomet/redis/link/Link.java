package megacomet.redis.link;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One pipelined connection to one Redis server, for one event loop. It is opened by the first command and again by the
 * first after it was lost.
 *
 * <p>What the Vert.x client leaves to its user is done here. There is a time-out: if the oldest command is not answered
 * in time, the connection is closed and every command on it fails, because a stopped server would keep them for ever.
 * What is outstanding is limited, and the rest waits its turn. And a failure says whether the command may have had its
 * effect: see {@link RedisUnavailable}.
 *
 * <p>All methods are called on the event loop that made it; futures complete there.
 */
final class Link {

    private static final int MAX_UNANSWERED = Connections.MAX_UNANSWERED - 1;
    private static final long MIN_BETWEEN_ATTEMPTS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CHECKS_A_TIMEOUT = 8;
    private static final long NO_TIMER = -1;

    private final Connections connections;
    private final Address address;
    private final boolean isSentinel;
    private final Supplier<Future<Boolean>> check;
    private final Deque<Command> waiting = new ArrayDeque<>();
    private final Deque<Command> unanswered = new ArrayDeque<>();
    private final long checkEveryMs;
    private long timer = NO_TIMER;
    private long lastCheckNanos;
    private Connections.Opened opened;
    private boolean isOpening;
    private boolean isClosed;
    private long lastFailureNanos;
    private Throwable lastFailure;

    private static final class Command {
        final Request request;
        final Promise<Response> promise = Promise.promise();
        long sentNanos;

        Command(Request request) {
            this.request = request;
        }
    }

    /** A link to a master. It is used only if it is still known for one once it is open: see {@link Topology#isStill}. */
    static Link toMaster(Connections connections, Topology topology, Address address) {
        return new Link(connections, address, false, () -> topology.isStill(address));
    }

    /** A link to a sentinel, or to any node of a cluster, to ask it who the masters are. */
    static Link toInformant(Connections connections, Address address) {
        boolean isSentinel = connections.url().shape() == RedisUrl.Shape.SENTINEL;
        return new Link(connections, address, isSentinel, () -> Future.succeededFuture(true));
    }

    /** @param check whether a connection that was just opened may be used; completes on the event loop of this */
    private Link(Connections connections, Address address, boolean isSentinel, Supplier<Future<Boolean>> check) {
        this.connections = connections;
        this.address = address;
        this.isSentinel = isSentinel;
        this.check = check;
        this.checkEveryMs = Math.max(1, connections.timeoutMs() / CHECKS_A_TIMEOUT);
    }

    /**
     * Sends one command; commands are executed in the order in which they are sent.
     *
     * @return the reply; fails with an {@link ErrorType} if Redis answered with an error, with {@link RedisUnavailable}
     *     if it did not answer
     */
    Future<Response> send(Request request) {
        Command command = new Command(request);
        if (isClosed) {
            command.promise.fail(RedisUnavailable.notSent("the connection to " + address + " was given up", null));
        } else if (opened != null) {
            waiting.add(command);
            sendWaiting();
        } else if (!isOpening && lastFailure != null && sinceLastFailure() < MIN_BETWEEN_ATTEMPTS_NANOS) {
            command.promise.fail(RedisUnavailable.notSent("cannot connect to " + address, lastFailure));
        } else {
            waiting.add(command);
            open();
        }
        return command.promise.future();
    }

    /** Gives the connection up; commands without an answer fail. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            lose(new IllegalStateException("closed"));
        }
    }

    Address address() {
        return address;
    }

    private void open() {
        if (isOpening) {
            return;
        }
        isOpening = true;
        connections.open(address, isSentinel).onComplete(result -> {
            if (result.failed()) {
                isOpening = false;
                lose(result.cause());
            } else {
                check.get().onSuccess(mayBeUsed -> checked(result.result(), mayBeUsed));
            }
        });
    }

    private void checked(Connections.Opened connection, boolean mayBeUsed) {
        isOpening = false;
        if (isClosed) {
            connection.close();
        } else if (mayBeUsed) {
            opened(connection);
        } else {
            connection.close();
            lose(new IllegalStateException("it is no master any more"));
        }
    }

    private void opened(Connections.Opened connection) {
        opened = connection;
        lastFailure = null;
        // Its end shows as either of the two.
        connection.connection().endHandler(end -> lose(connection, new IllegalStateException("connection closed")));
        connection.connection().exceptionHandler(failure -> lose(connection, failure));
        sendWaiting();
    }

    private void sendWaiting() {
        while (opened != null && !waiting.isEmpty() && unanswered.size() < MAX_UNANSWERED) {
            Command command = waiting.poll();
            command.sentNanos = System.nanoTime();
            unanswered.add(command);
            Connections.Opened connection = opened;
            connection.connection().send(command.request).onComplete(reply -> {
                if (opened == connection) {
                    answered(command, reply);
                }
            });
        }
        checkLater();
    }

    private void answered(Command command, io.vertx.core.AsyncResult<Response> reply) {
        boolean isAnswer = reply.succeeded()
                || reply.cause() instanceof ErrorType error && !"CONNECTION_CLOSED".equals(error.getMessage());
        if (!isAnswer) {
            lose(reply.cause());
            return;
        }
        unanswered.remove(command); // it is the first
        if (reply.succeeded()) {
            command.promise.complete(reply.result());
        } else {
            command.promise.fail(reply.cause());
        }
        sendWaiting();
    }

    /** There is no timer while nothing is unanswered, so that an idle process sleeps. */
    private void checkLater() {
        if (timer == NO_TIMER && !unanswered.isEmpty()) {
            lastCheckNanos = System.nanoTime();
            timer = connections.vertx().setTimer(checkEveryMs, id -> {
                timer = NO_TIMER;
                checkTimeout();
                checkLater();
            });
        }
    }

    private void checkTimeout() {
        long nowNanos = System.nanoTime();
        if (nowNanos - lastCheckNanos > 2 * TimeUnit.MILLISECONDS.toNanos(checkEveryMs)) {
            return; // We were held up: the answers may be there, and were not read either.
        }
        Command oldest = unanswered.peek();
        if (oldest != null && nowNanos - oldest.sentNanos > TimeUnit.MILLISECONDS.toNanos(connections.timeoutMs())) {
            lose(new IllegalStateException("no answer within " + connections.timeoutMs() + " ms, " + unanswered.size()
                    + " commands outstanding"));
        }
    }

    private void lose(Connections.Opened which, Throwable cause) {
        if (opened == which) {
            lose(cause);
        }
    }

    private void lose(Throwable cause) {
        lastFailure = cause;
        lastFailureNanos = System.nanoTime();
        if (opened != null) {
            opened.close();
            opened = null;
        }
        Deque<Command> lost = new ArrayDeque<>(unanswered);
        Deque<Command> unsent = new ArrayDeque<>(waiting);
        unanswered.clear();
        waiting.clear();
        String problem = "lost the connection to " + address + ": " + cause.getMessage();
        lost.forEach(command -> command.promise.fail(RedisUnavailable.unanswered(problem, cause)));
        unsent.forEach(command -> command.promise.fail(RedisUnavailable.notSent(problem, cause)));
    }

    private long sinceLastFailure() {
        return System.nanoTime() - lastFailureNanos;
    }
}
