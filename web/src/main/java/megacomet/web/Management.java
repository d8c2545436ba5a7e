package megacomet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The port for those who run the process: {@code /health/live} (it runs), {@code /health/ready} (200 if every part is
 * ready, else 503, and which is not) and {@code /metrics} for Prometheus. Nobody is asked for a key; it belongs on a network
 * where only operators are, and answers only to {@linkplain HostNames names} that no website can have.
 */
public final class Management {

    private static final long TOO_MANY_RETRY_MS = 2_000;

    private final Map<String, BooleanSupplier> parts = new LinkedHashMap<>();
    private final Meters meters;
    private final Guard guard;
    private volatile boolean isStopping;

    /** @param guard the process's only one */
    public Management(Meters meters, Guard guard) {
        this.meters = meters;
        this.guard = guard;
    }

    /** Names a part that must be ready. Asked on any thread. */
    public void isReadyIf(String part, BooleanSupplier isReady) {
        parts.put(part, isReady);
    }

    /** From now on the process is not ready: load balancers should send nobody here. */
    public void stopping() {
        isStopping = true;
    }

    /** Whether every part is ready. */
    public boolean isReady() {
        return !isStopping && parts.values().stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /**
     * Starts to listen, on the event loop of the context that calls, or on one of its own.
     *
     * @param names by which it may be called, unless it is open
     */
    public Future<HttpServer> start(Vertx vertx, Listen listen, HostNames names, boolean isOpen) {
        Promise<HttpServer> started = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(run -> Future.succeededFuture()
                        .compose(now -> serve(vertx, listen, names, isOpen))
                        .onComplete(started));
        return started.future();
    }

    private Future<HttpServer> serve(Vertx vertx, Listen listen, HostNames names, boolean isOpen) {
        Door door = Doors.of(vertx).at(listen, guard);
        Connections connections = new Connections(vertx, door);
        HttpServer server = listen.server(vertx, Listen.FOR_MANY);
        connections.on(server);
        meters.portConnections("management", door, Door::open);
        Router router = Router.router(vertx);
        ProblemAnswers.on(router, guard.refusals(), TrustedProxies.NONE);
        router.route().handler(context -> {
            connections.seen(context.request());
            connections.demandRoom(context.request(), TOO_MANY_RETRY_MS);
            if (isOpen) {
                OpenMode.demand(context.request(), Origins.NONE);
            } else {
                names.demand(context.request());
            }
            context.next();
        });
        router.get("/health/live").handler(context -> answer(context, 200, "{\"status\":\"live\"}"));
        router.get("/health/ready").handler(this::ready);
        router.get("/metrics")
                .handler(context -> context.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(meters.scrape()));
        return listen.start(vertx, server, router, guard.unsent());
    }

    private void ready(RoutingContext context) {
        StringBuilder json = new StringBuilder("{\"status\":\"").append(isReady() ? "ready" : "not_ready");
        json.append("\",\"stopping\":").append(isStopping);
        parts.forEach(
                (part, isReady) -> json.append(",\"").append(part).append("\":").append(isReady.getAsBoolean()));
        answer(context, isReady() ? 200 : 503, json.append('}').toString());
    }

    private static void answer(RoutingContext context, int status, String json) {
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(json);
    }
}
