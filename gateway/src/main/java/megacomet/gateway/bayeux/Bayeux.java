package megacomet.gateway.bayeux;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.gateway.publish.BrowserPublisher;
import megacomet.gateway.publish.Quotas;
import megacomet.redis.Clients;
import megacomet.redis.Publisher;
import megacomet.redis.Sessions;
import megacomet.redis.Store;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.Guard;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.Revocations;
import megacomet.web.Tokens;
import megacomet.web.TrustedProxies;

/** Bayeux on one event loop, put together. */
public final class Bayeux {

    private final BayeuxTransport transport;

    /**
     * @param redis of this loop
     * @param publisher for what the gateway itself tells sessions
     * @param browserPublisher for what clients publish
     */
    public Bayeux(
            Vertx vertx,
            BayeuxOptions options,
            WaitingRoom room,
            Connections connections,
            Tokens tokens,
            Revocations revocations,
            Origins origins,
            TrustedProxies proxies,
            Store.Loop redis,
            Publisher publisher,
            BrowserPublisher browserPublisher,
            Quotas quotas,
            Meters meters,
            BodyReader bodies,
            Guard guard) {
        Advices advices = new Advices(options);
        Authority authority = options.authUrl() == null
                ? new TokenAuthority(tokens)
                : new CallbackAuthority(vertx, options.authUrl(), revocations);
        Sessions sessions = redis.sessions();
        Clients clients = redis.clients();
        Connects connects = new Connects(
                options, sessions, advices, room, new Tabs(vertx, options, sessions, room, advices, publisher));
        Protocol protocol = new Protocol(
                options,
                revocations,
                sessions,
                clients,
                new Handshakes(options, sessions, advices, authority, quotas, meters),
                connects,
                new Publishes(browserPublisher, meters, authority),
                new ServiceChannels(
                        options, redis.clients(), new Census(sessions, redis.topicDirectory(), redis.nodes())),
                guard.browsers());
        transport = new BayeuxTransport(
                vertx,
                options,
                protocol,
                connections,
                room,
                sessions,
                new Positions(vertx, sessions),
                advices,
                origins,
                proxies,
                bodies,
                new LargeBodies(tokens, guard.browsers(), protocol),
                guard);
    }

    /** Adds the routes. */
    public void on(Router router) {
        transport.on(router);
    }
}
