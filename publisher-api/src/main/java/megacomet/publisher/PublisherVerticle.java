package megacomet.publisher;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import megacomet.redis.EventLog;
import megacomet.redis.Store;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.Door;
import megacomet.web.Doors;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.OpenMode;
import megacomet.web.ProblemAnswers;
import megacomet.web.TrustedProxies;

/** One event loop of the application's side. */
public final class PublisherVerticle extends VerticleBase {

    private static final long TOO_MANY_RETRY_MS = 2_000;
    private static final byte[] OPENAPI = resource("openapi.yaml");

    private final PublisherOptions options;
    private final Store store;
    private final Meters meters;
    private final PublisherShared shared;
    private final Guard guard;
    private Store.Loop redis;
    private Connections connections;

    /**
     * @param shared by the instances of a process
     * @param guard the process's only one
     */
    public PublisherVerticle(
            PublisherOptions options, Store store, Meters meters, PublisherShared shared, Guard guard) {
        this.guard = guard;
        this.shared = shared;
        this.options = options;
        this.store = store;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        redis = store.onThisLoop();
        Door door = Doors.of(vertx).at(options.listen(), guard);
        connections = new Connections(vertx, door);
        meters.portConnections("applications", door, Door::open);
        HttpServer server = options.listen().server(vertx, Listen.FOR_BULK);
        connections.on(server);
        return options.listen().start(vertx, server, router(), guard.unsent());
    }

    Router router() {
        Router router = Router.router(vertx);
        ProblemAnswers.on(router, guard.refusals(), TrustedProxies.NONE);
        router.route().handler(context -> admit(context));
        if (options.origins().isAnyAllowed()) {
            router.options("/v1/*")
                    .handler(context -> options.origins()
                            .answerPreflight(
                                    context.request(),
                                    HttpMethod.GET,
                                    HttpMethod.POST,
                                    HttpMethod.PUT,
                                    HttpMethod.DELETE));
        }
        LiveNodes nodes = new LiveNodes(redis.nodes());
        EventLog events =
                redis.eventLog(new EventLog.Observer(meters.events()::increment, meters.eventsDropped()::increment));
        Delivery delivery = new Delivery(redis.publisher(events), options.topics(), meters);
        new PublishApi(
                        options.limits(),
                        options.topics(),
                        delivery,
                        options.keys(),
                        shared.publishLimit(),
                        new BodyReader(vertx, guard),
                        guard)
                .on(router);
        new ClientsApi(redis.clients(), redis.revocations(), nodes, options.keys()).on(router);
        new TopicsApi(redis.topicDirectory(), nodes, options.topics(), options.keys()).on(router);
        new EventsApi(vertx, events, options.keys(), shared.eventReaders()::addAndGet).on(router);
        new StatsApi(nodes, options.keys()).on(router);
        router.get("/openapi.yaml")
                .handler(context -> context.response()
                        .putHeader("content-type", "application/yaml")
                        .end(Buffer.buffer(OPENAPI)));
        return router;
    }

    private void admit(RoutingContext context) {
        connections.seen(context.request());
        connections.demandRoom(context.request(), TOO_MANY_RETRY_MS);
        connections.waitsUntilEnded(context);
        if (options.isOpen()) {
            OpenMode.demand(context.request(), options.origins());
        }
        options.origins().demand(context.request());
        context.next();
    }

    private static byte[] resource(String name) {
        try (InputStream in = PublisherVerticle.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Future<?> stop() {
        redis.close();
        return Future.succeededFuture();
    }
}
