package megacomet.gateway;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import megacomet.gateway.bayeux.Bayeux;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.gateway.http.DemoPage;
import megacomet.gateway.ops.EventReporter;
import megacomet.gateway.ops.RoomMeters;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.gateway.publish.Quotas;
import megacomet.gateway.transport.PlainPolls;
import megacomet.gateway.transport.Transports;
import megacomet.redis.EventLog;
import megacomet.redis.NodeId;
import megacomet.redis.Publisher;
import megacomet.redis.Store;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.Door;
import megacomet.web.ErrorCode;
import megacomet.web.Guard;
import megacomet.web.HttpCodec;
import megacomet.web.Inflating;
import megacomet.web.Listen;
import megacomet.web.Meters;
import megacomet.web.OpenMode;
import megacomet.web.Problem;
import megacomet.web.ProblemAnswers;
import megacomet.web.RateLimit;
import megacomet.web.Revocations;
import megacomet.web.Tokens;

/** One event loop of a gateway: its waiting room, its transports and its share of the connections. */
final class GatewayVerticle extends VerticleBase {

    private static final long TOO_MANY_RETRY_MS = 10_000;

    private final GatewayOptions options;
    private final Store store;
    private final NodeId node;
    private final int loop;
    private final Meters meters;
    private final Guard guard;
    private final Revocations revocations;
    private final Door door;
    private final SplittableRandom random = new SplittableRandom();
    private final RateLimit<String> acceptLimit;
    private final Quotas quotas;
    private Store.Loop redis;
    private EventLog log;
    private EventReporter events;
    private RoomMeters roomMeters;
    private WaitingRoom room;
    private Connections connections;
    private PlainPolls plainPolls;
    private Crossing crossing;
    private HttpServer server;
    private long timer;

    /**
     * @param loop this one's number among the node's loops, by which wakes find it
     * @param door where all loops of the node count their connections
     */
    GatewayVerticle(
            GatewayOptions options,
            Store store,
            NodeId node,
            int loop,
            Meters meters,
            Guard guard,
            Revocations revocations,
            Door door,
            RateLimit<String> acceptLimit,
            Quotas quotas) {
        this.quotas = quotas;
        this.acceptLimit = acceptLimit;
        this.options = options;
        this.store = store;
        this.node = node;
        this.loop = loop;
        this.meters = meters;
        this.guard = guard;
        this.revocations = revocations;
        this.door = door;
    }

    /** The way to this loop's waiting room from others; there once the verticle is deployed. */
    Crossing crossing() {
        return crossing;
    }

    /** The waiting room; only its counts may be looked at from elsewhere, and they may be a moment old. */
    WaitingRoom room() {
        return room;
    }

    /** How many polls have ended here. */
    long polls() {
        return roomMeters.polls();
    }

    /** How many messages were written here. */
    long deliveries() {
        return roomMeters.deliveries();
    }

    /** This loop's context; null before the verticle is deployed. */
    Context loopContext() {
        return context;
    }

    @Override
    public Future<?> start() {
        redis = store.onThisLoop();
        log = redis.eventLog(new EventLog.Observer(meters.events()::increment, meters.eventsDropped()::increment));
        events = new EventReporter(log, node, store.partitions(), store.clocks());
        roomMeters = new RoomMeters(meters, events);
        room = new WaitingRoom(
                redis.mailboxes(node, loop, log),
                redis.topics(node, loop),
                store.partitions(),
                store.clocks(),
                () -> System.nanoTime() / 1_000_000,
                random,
                options.room(),
                roomMeters);
        crossing = new Crossing(context, room);
        tick();
        return Future.succeededFuture();
    }

    /** Begins to serve browsers. On this verticle's event loop. */
    Future<Void> listen() {
        server = options.listen()
                .server(
                        vertx,
                        Listen.FOR_MANY,
                        new Listen.WebSockets(
                                Transports.MAX_SOCKET_MESSAGE_BYTES,
                                Transports.SOCKET_PROTOCOL,
                                options.isDeflating()));
        connections = new Connections(vertx, door, acceptLimit);
        Router router = router();
        connections.on(server, this::welcome);
        return options.listen().start(vertx, server, router, guard.unsent()).mapEmpty();
    }

    private void welcome(HttpConnection connection) {
        if (isFromProxyIfItMust(connection)) {
            Inflating.bound(connection, Transports.MAX_SOCKET_MESSAGE_BYTES);
            plainPolls.on(connection);
        }
    }

    private boolean isFromProxyIfItMust(HttpConnection connection) {
        return !options.listen().hasProxyProtocol() || options.proxies().isTrusted(connection.remoteAddress(true));
    }

    private Router router() {
        Router router = Router.router(vertx);
        ProblemAnswers.on(router, guard.refusals(), options.proxies());
        router.route().handler(this::admit);
        Tokens tokens = options.isOpen() ? Tokens.open() : Tokens.with(vertx, options.tokens(), revocations);
        Publisher publisher = redis.publisher(log);
        BrowserPublisher browserPublisher = new BrowserPublisher(publisher, options.topics(), quotas, meters);
        BodyReader bodies = new BodyReader(vertx, guard);
        Transports transports = new Transports(
                vertx,
                room,
                connections,
                tokens,
                options.origins(),
                browserPublisher,
                meters,
                random,
                options.room().timeoutMs(),
                new RateLimit<>(options.pollRate()),
                new HttpCodec(),
                bodies,
                guard,
                options.proxies());
        transports.on(router);
        plainPolls = transports.plainPolls();
        new Bayeux(
                        vertx,
                        options.bayeux(),
                        room,
                        connections,
                        tokens,
                        revocations,
                        options.origins(),
                        options.proxies(),
                        redis,
                        publisher,
                        browserPublisher,
                        quotas,
                        meters,
                        bodies,
                        guard)
                .on(router);
        if (options.publishUrl() != null) {
            new DemoPage(options.publishUrl()).on(router);
        }
        return router;
    }

    /** What holds for every request, whatever it wants. */
    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        plainPolls.seen(request);
        connections.seen(request);
        connections.demandRoom(request, TOO_MANY_RETRY_MS);
        if (options.isOpen()) {
            OpenMode.demand(request, options.origins());
        }
        if (!isFromProxyIfItMust(request.connection())) {
            throw Problem.of(ErrorCode.HOST_NOT_ALLOWED);
        }
        context.next();
    }

    /** One timer for all that a loop does by itself: an idle gateway is to sleep. */
    private void tick() {
        Timer lag = meters.loopLag();
        long[] dueNanos = {System.nanoTime()};
        timer = vertx.setPeriodic(WaitingRoom.TICK_MS, id -> {
            long nowNanos = System.nanoTime();
            dueNanos[0] += TimeUnit.MILLISECONDS.toNanos(WaitingRoom.TICK_MS);
            lag.record(Math.max(0, nowNanos - dueNanos[0]), TimeUnit.NANOSECONDS);
            dueNanos[0] = Math.max(dueNanos[0], nowNanos - TimeUnit.MILLISECONDS.toNanos(WaitingRoom.TICK_MS));
            room.tick();
            events.report();
        });
    }

    /** Ends every hold and gives every client up, at an even pace. On this verticle's event loop. */
    Future<Void> drain(long lastsMs) {
        return room.drain(lastsMs).eventually(events::close);
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        redis.close();
        return Future.succeededFuture();
    }
}
