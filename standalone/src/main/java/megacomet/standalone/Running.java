package megacomet.standalone;

import ch.qos.logback.classic.Level;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import megacomet.gateway.Gateway;
import megacomet.gateway.GatewayOptions;
import megacomet.publisher.PublisherOptions;
import megacomet.publisher.PublisherShared;
import megacomet.publisher.PublisherVerticle;
import megacomet.publisher.WebhookVerticle;
import megacomet.redis.Caretaker;
import megacomet.redis.EventLog;
import megacomet.redis.Misfit;
import megacomet.redis.Store;
import megacomet.redis.StoreOptions;
import megacomet.redis.link.Masters;
import megacomet.web.Guard;
import megacomet.web.HostNames;
import megacomet.web.KeyFiles;
import megacomet.web.Listen;
import megacomet.web.Management;
import megacomet.web.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that serves: what it is made of, in the order in which it is started, and stopped the other way round.
 * Methods block; they are called on the main thread, and {@link #stop} on any.
 */
final class Running {

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final long START_TIMEOUT_MS = 30_000;

    /** How often Redis is asked whether it is there, and how often while it is not. */
    private static final long CHECK_MS = 5_000;

    private static final long CHECK_AGAIN_MS = 1_000;

    private final Vertx vertx;
    private final Stop stop;
    private final Runnable afterwards;
    private final Meters meters = new Meters();
    private final Guard guard;
    private final Management management;
    private final Store store;
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger();
    private volatile boolean fitsRedis;
    private Future<Caretaker> caretaker = Future.failedFuture("not started");
    /** Whether it was said that Redis does not answer, so that it is said once. */
    private volatile boolean isRedisMissed;

    private final Reloads reloads;
    private Gateway gateway;

    /**
     * How the process stops when it is asked to.
     *
     * @param leadMs how long it is not ready, and serves all the same
     * @param drainMs over how long browsers are sent away then
     * @param timeoutMs how long the rest may take
     */
    record Stop(long leadMs, long drainMs, long timeoutMs) {}

    /**
     * Nothing is started yet.
     *
     * @param budgets what all connections together may take
     * @param afterwards what is done when it has given up all that it holds
     */
    Running(Vertx vertx, StoreOptions options, Guard.Budgets budgets, Stop stop, Runnable afterwards) {
        this.guard = new Guard(meters, budgets);
        this.management = new Management(meters, guard);
        vertx.exceptionHandler(this::failed);
        this.vertx = vertx;
        this.stop = stop;
        this.afterwards = afterwards;
        this.reloads = new Reloads(vertx);
        this.store = Store.open(vertx, options, observer(meters));
        management.isReadyIf("redis", () -> fitsRedis);
    }

    /** Nobody else caught it. */
    private void failed(Throwable failure) {
        LOG.atError().setCause(failure).log("unhandled");
        guard.unsent().memory().failed(failure);
    }

    private static Masters.Observer observer(Meters meters) {
        return (verb, nanos, isDone) -> meters.redisScript(verb, isDone).record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Asks Redis again and again whether it is there and fits. If it does not fit from the start, the process must not go on;
     * later it is not ready, as when Redis is away.
     */
    private void checkRedis(boolean didEver) {
        store.check().onComplete(checked -> {
            Throwable failure = checked.cause();
            if (failure instanceof Misfit && !didEver) {
                System.err.println("megacomet: " + failure.getMessage());
                exitCode.set(Main.EXIT_MISUSED);
                ended.countDown();
                return;
            }
            if (failure != null && !isRedisMissed) {
                LOG.atWarn().addKeyValue("why", failure.getMessage()).log("redis does not answer as it should");
            } else if (failure == null && isRedisMissed) {
                LOG.atInfo().log("redis answers again");
            }
            isRedisMissed = failure != null;
            fitsRedis = failure == null;
            vertx.setTimer(fitsRedis ? CHECK_MS : CHECK_AGAIN_MS, again -> checkRedis(didEver || fitsRedis));
        });
    }

    void serveManagement(Listen listen, HostNames names, boolean isOpen) {
        await("management", listen, management.start(vertx, listen, names, isOpen));
    }

    void serveBrowsers(GatewayOptions options) {
        gateway = await("gateway", options.listen(), Gateway.start(vertx, options, store, meters, guard));
        management.isReadyIf("gateway", gateway::isReady);
    }

    void serveApplications(PublisherOptions options) {
        PublisherShared shared = new PublisherShared(options.publishRate());
        DeploymentOptions instances = new DeploymentOptions().setInstances(options.instances());
        await(
                "publisher",
                options.listen(),
                vertx.deployVerticle(() -> new PublisherVerticle(options, store, meters, shared, guard), instances));
        if (options.webhook() != null) {
            await(
                    "webhook",
                    options.listen(),
                    vertx.deployVerticle(new WebhookVerticle(options.webhook(), store, meters)));
        }
        meters.eventReaders(shared.eventReaders(), AtomicInteger::get);
        LOG.atInfo().addKeyValue("url", options.listen().url()).log("publisher API serves");
    }

    private static <T> T await(String what, Listen listen, Future<T> started) {
        try {
            return started.toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(START_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            String why = Failures.sentence(e);
            if (why.contains("Address already in use")) {
                throw new IllegalStateException(
                        "port " + listen.port() + " is taken: the " + what + " needs another", e);
            }
            throw new IllegalStateException("the " + what + " cannot listen on " + listen.name() + ": " + why, e);
        }
    }

    /** Has keys read again when their files change, or on SIGHUP. Before {@link #serve}. */
    void readAgain(KeyFiles<?> files) {
        if (files != null) {
            reloads.add(files);
        }
    }

    /** From now on this process sees to what nobody else would, if no other does. */
    private void takeCare() {
        EventLog.Observer observer =
                new EventLog.Observer(meters.events()::increment, meters.eventsDropped()::increment);
        caretaker = store.takeCare(observer);
    }

    /** Waits, but not for ever, until every part is ready. */
    boolean awaitReady(long timeoutMs) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!management.isReady() && System.nanoTime() < endNanos && ended.getCount() > 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return management.isReady();
    }

    /** What a command does to get going. */
    interface Start {
        void run() throws InterruptedException;
    }

    /**
     * Starts, and then waits until SIGTERM or SIGINT stops the process; either may also come while it starts. Returns the
     * exit code, or throws what the start did, and nothing of it is left.
     */
    int serve(Start start) throws InterruptedException {
        Thread hook = new Thread(
                () -> {
                    stop(stop.leadMs, stop.drainMs);
                    // Asked to stop, and stopped as designed: that is a success, and not the signal's 143.
                    Runtime.getRuntime().halt(exitCode.get());
                },
                "megacomet-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        reloads.start();
        try {
            checkRedis(false);
            takeCare();
            start.run();
            ended.await();
            return exitCode.get();
        } finally {
            reloads.stop();
            stop(0, 0);
            forget(hook);
        }
    }

    /** Else it would end whoever runs commands in a process of its own, as tests do, with this command's exit code. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException isRunning) {
            // It ends the process.
        }
    }

    /** Whether it was asked to stop. */
    boolean isStopping() {
        return isStopping.get();
    }

    /** Stops everything, within a bound. Only the first call does anything. */
    private void stop(long leadMs, long drainMs) {
        if (!isStopping.compareAndSet(false, true)) {
            return;
        }
        management.stopping();
        try {
            if (gateway != null) {
                LOG.atInfo()
                        .addKeyValue("leadMs", leadMs)
                        .addKeyValue("drainMs", drainMs)
                        .log("gateway stops");
                TimeUnit.MILLISECONDS.sleep(leadMs);
            }
            Future<Void> left = gateway == null ? Future.succeededFuture() : gateway.stop(drainMs);
            Future<Void> gone = left.eventually(() -> caretaker.compose(Caretaker::close));
            gone.toCompletionStage().toCompletableFuture().get(drainMs + stop.timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("why", Failures.sentence(e)).log("not everything was given up in time");
        }
        ProcessOptionsGroup.log(Level.OFF); // What breaks from here on is meant to.
        store.close();
        afterwards.run();
        vertx.close();
        ended.countDown();
    }
}
