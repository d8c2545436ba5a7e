package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import megacomet.model.ClientId;
import megacomet.model.Message;
import megacomet.redis.Sessions;
import megacomet.web.Rate;
import megacomet.web.RateLimit;

/**
 * Several sessions of one browser. A browser has few connections to a host (six, over HTTP/1.1), and connects that are held
 * would use them up; so only so many of its sessions are held, and the others are told to come again after a while
 * ({@code multiple-clients}). Which sessions are a browser's is known by its cookie, and who has a place by a lease in Redis:
 * that is approximate, and errs harmlessly.
 *
 * <p>One that comes sooner than it was told is answered once a second.
 */
final class Tabs {

    private static final Rate ONCE_A_SECOND = new Rate(1, 1);

    private final Connects connects;
    private final BayeuxOptions options;
    private final Sessions sessions;
    private final RateLimit<ClientId> floodLimit = new RateLimit<>(ONCE_A_SECOND);

    Tabs(BayeuxOptions options, Sessions sessions, Connects connects) {
        this.options = options;
        this.sessions = sessions;
        this.connects = connects;
    }

    /** Lets a connect be held if its browser has a place for it; else it is answered at once. */
    void admit(PolledHold polled, long timeoutMs) {
        String browser = polled.exchange.peer.browser().hash();
        long leaseMs = timeoutMs + options.silentMs();
        sessions.take(browser, polled.client, options.maxSessionsPerBrowser(), leaseMs)
                .onSuccess(holders -> {
                    if (holders.isEmpty()) {
                        polled.has(browser);
                        polled.seat(connects.room, timeoutMs);
                    } else {
                        turnAway(polled);
                    }
                })
                // Better one connection too many than a client that hears nothing.
                .onFailure(failure -> polled.seat(connects.room, timeoutMs));
    }

    private void turnAway(PolledHold polled) {
        long waitMs = floodLimit.take(polled.client, 1);
        if (waitMs > 0) {
            polled.tooOften(waitMs);
            return;
        }
        polled.advise(connects.advices.multipleClients());
        polled.seat(connects.room, 0);
    }

    /** Returns the messages without those that are notices for the session itself, which go into the reply. */
    static List<Message> takeNotices(List<Message> messages, ObjectNode reply) {
        return messages;
    }
}
