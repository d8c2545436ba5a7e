package megacomet.publisher;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import megacomet.redis.EventLog;
import megacomet.redis.Store;
import megacomet.web.BodyReader;
import megacomet.web.Guard;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.OpenMode;
import megacomet.web.ProblemAnswers;

/** One event loop of the application's side. */
public final class PublisherVerticle extends VerticleBase {

    private static final byte[] OPENAPI = resource("openapi.yaml");

    private final PublisherOptions options;
    private final Store store;
    private final Meters meters;
    private final PublisherShared shared;
    private final Guard guard;
    private Store.Loop redis;

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
        return options.listen().start(vertx, options.listen().server(vertx, Listen.FOR_BULK), router());
    }

    Router router() {
        Router router = Router.router(vertx);
        ProblemAnswers.on(router);
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
        new ClientsApi(redis.clients(), nodes, options.keys()).on(router);
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
        if (options.isOpen()) {
            OpenMode.demandLoopbackName(context.request());
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
