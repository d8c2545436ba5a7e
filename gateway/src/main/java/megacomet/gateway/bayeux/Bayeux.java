package megacomet.gateway.bayeux;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import megacomet.gateway.hold.WaitingRoom;
import megacomet.redis.Clients;
import megacomet.redis.Publisher;
import megacomet.redis.Sessions;
import megacomet.redis.Store;
import megacomet.redis.TopicRules;
import megacomet.web.BodyReader;
import megacomet.web.Connections;
import megacomet.web.Guard;
import megacomet.web.Meters;
import megacomet.web.Origins;
import megacomet.web.Tokens;
import megacomet.web.TrustedProxies;

/** Bayeux on one event loop, put together. */
public final class Bayeux {

    private final BayeuxTransport transport;

    /** @param redis of this loop */
    public Bayeux(
            Vertx vertx,
            BayeuxOptions options,
            WaitingRoom room,
            Connections connections,
            Tokens tokens,
            Origins origins,
            TrustedProxies proxies,
            Store.Loop redis,
            Publisher publisher,
            TopicRules rules,
            Meters meters,
            BodyReader bodies,
            Guard guard) {
        Advices advices = new Advices(options);
        Authority authority = options.authUrl() == null
                ? new TokenAuthority(tokens)
                : new CallbackAuthority(vertx, options.authUrl());
        Sessions sessions = redis.sessions();
        Clients clients = redis.clients();
        Connects connects = new Connects(
                options, sessions, advices, room, new Tabs(vertx, options, sessions, room, advices, publisher));
        Protocol protocol = new Protocol(
                options,
                sessions,
                clients,
                new Handshakes(options, sessions, advices, authority),
                connects,
                new Publishes(publisher, rules, meters, authority),
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
