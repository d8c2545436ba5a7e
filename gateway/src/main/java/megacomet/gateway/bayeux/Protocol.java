package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import megacomet.model.ClientId;
import megacomet.redis.Clients;
import megacomet.redis.Sessions;
import megacomet.redis.Sessions.Browser;
import megacomet.redis.link.RedisFull;
import megacomet.redis.link.RedisUnavailable;
import megacomet.web.KnownBrowsers;
import megacomet.web.Problem;
import megacomet.web.RateLimit;
import megacomet.web.Revocations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows who answers which message; for one event loop. */
final class Protocol {

    private static final Logger LOG = LoggerFactory.getLogger(Protocol.class);

    private final BayeuxOptions options;
    private final Revocations revocations;
    private final Sessions sessions;
    private final Clients clients;
    private final Handshakes handshakes;
    private final Connects connects;
    private final Subscriptions subscriptions;
    private final Publishes publishes;
    private final ServiceChannels services;
    private final KnownBrowsers browsers;
    private final RateLimit<ClientId> pace = new RateLimit<>(Work.A_SECOND);

    Protocol(
            BayeuxOptions options,
            Revocations revocations,
            Sessions sessions,
            Clients clients,
            Handshakes handshakes,
            Connects connects,
            Publishes publishes,
            ServiceChannels services,
            KnownBrowsers browsers) {
        this.options = options;
        this.revocations = revocations;
        this.sessions = sessions;
        this.clients = clients;
        this.handshakes = handshakes;
        this.connects = connects;
        this.subscriptions = new Subscriptions(sessions);
        this.publishes = publishes;
        this.services = services;
        this.browsers = browsers;
    }

    /**
     * Takes what a message of a session costs in Redis from what the session may cause.
     *
     * @param session or null
     * @return 0, or after how many ms it may send such a message; then nothing was taken
     */
    long waitMs(ClientId session, int work) {
        return session == null || work == 0 ? 0 : pace.take(session, work);
    }

    /** The browser is who it says: a message of its session was let in. */
    void knows(Browser browser) {
        browsers.learn(browser.hash());
    }

    /** Whether any node holds a connect of the browser's over HTTP/1.1, which is counted; see {@link Tabs}. */
    Future<Boolean> isHeld(Browser browser) {
        return sessions.holders(browser.hash()).map(holders -> !holders.isEmpty());
    }

    Connects connects() {
        return connects;
    }

    /** Returns the reply to a message that is no connect. Never fails. */
    Future<ObjectNode> reply(Exchange exchange, BayeuxMessage message) {
        long receivedMs = System.currentTimeMillis();
        return Future.succeededFuture()
                .compose(now -> replyTo(exchange, message))
                .otherwise(failure -> Replies.failed(message, errorOf(failure)))
                .onSuccess(reply -> {
                    if (message.channel() != null && new Channel(message.channel()).isMeta()) {
                        TimeSync.answer(message, reply, receivedMs);
                    }
                });
    }

    private Future<ObjectNode> replyTo(Exchange exchange, BayeuxMessage message) {
        if (message.channel() == null) {
            return Future.succeededFuture(Replies.failed(message, Errors.BAD_REQUEST));
        }
        if (message.isOn(Channel.HANDSHAKE)) {
            return handshakes.reply(exchange.peer, message);
        }
        // What a list may be is checked before anything is asked of Redis, even whose session it is.
        boolean isList = message.isOn(Channel.SUBSCRIBE) || message.isOn(Channel.UNSUBSCRIBE);
        String error = isList ? Subscriptions.errorIn(message) : null;
        if (error != null) {
            return Subscriptions.failed(message, error);
        }
        ClientId client = SessionId.client(message.clientId());
        int work = Work.of(message) + (exchange.isKnown(client) ? 0 : Work.A_SESSION);
        if (!exchange.affords(work)) {
            return Subscriptions.failed(message, Errors.TOO_MUCH);
        }
        long waitMs = waitMs(client, work);
        if (waitMs > 0) {
            return Subscriptions.failed(message, Errors.tooOften(waitMs));
        }
        if (client == null && message.clientId() == null && publishes.isPublish(message)) {
            return publishes.unconnected(message);
        }
        return exchange.enter(client)
                .compose(visitor -> visitor == null
                        ? Future.succeededFuture(Replies.failed(message, Errors.UNKNOWN_CLIENT))
                        : reply(exchange, message, client, visitor));
    }

    private Future<ObjectNode> reply(Exchange exchange, BayeuxMessage message, ClientId client, Visitor visitor) {
        Channel channel = new Channel(message.channel());
        return switch (message.channel()) {
            case Channel.SUBSCRIBE -> subscriptions.subscribe(message, client, visitor);
            case Channel.UNSUBSCRIBE -> subscriptions.unsubscribe(message, client);
            case Channel.DISCONNECT -> disconnect(exchange, message, client);
            default -> {
                if (channel.isMeta()) {
                    yield Future.succeededFuture(Replies.failed(message, Errors.forbidden(channel.name())));
                }
                yield channel.isService()
                        ? services.reply(exchange, message, client, visitor)
                        : publishes.publish(message, client, visitor);
            }
        };
    }

    private Future<ObjectNode> disconnect(Exchange exchange, BayeuxMessage message, ClientId client) {
        return close(client).map(closed -> {
            exchange.knows(client, null);
            return Replies.successful(message);
        });
    }

    /** Ends a session, and its connect wherever that is held. */
    Future<Void> close(ClientId client) {
        return sessions.close(client).compose(closed -> clients.delete(client)).mapEmpty();
    }

    /** Returns whose session it is, or null if this browser has no such session. */
    Future<Visitor> enter(ClientId client, Browser browser) {
        return sessions.enter(client, browser, options.maxIntervalMs(), options.inactiveMs())
                .map(this::visitor);
    }

    /** Returns whose session it is, or null if that is true no more. */
    Visitor visitor(byte[] who) {
        Visitor visitor = who == null ? null : Visitor.parse(who);
        boolean isGood = visitor != null && !visitor.isExpired() && !visitor.isRevoked(revocations);
        return isGood ? visitor : null;
    }

    /** Returns what the client is told that something could not be done. */
    static String errorOf(Throwable failure) {
        if (failure instanceof Problem problem) {
            return Errors.later(problem);
        }
        if (failure instanceof Sessions.CookieMissing) {
            return Errors.UNKNOWN_CLIENT;
        }
        if (failure instanceof RedisUnavailable) {
            return Errors.UNAVAILABLE;
        }
        if (failure instanceof RedisFull) {
            return Errors.FULL;
        }
        LOG.atError().setCause(failure).log("a message could not be answered");
        return Errors.UNAVAILABLE;
    }
}
