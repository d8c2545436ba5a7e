package megacomet.gateway;

import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.TopicRules;
import megacomet.web.Listen;
import megacomet.web.Origins;
import megacomet.web.Rate;
import megacomet.web.TokenKeys;
import megacomet.web.TrustedProxies;

/**
 * How a gateway serves browsers.
 *
 * @param listen where
 * @param instances how many verticles, each with a waiting room on an event loop of its own
 * @param room how they keep their holds
 * @param tokenKeys with which browsers' tokens may be signed, or null for an open server
 * @param origins whose pages may use it, besides its own
 * @param proxies whose word about the browser is taken
 * @param isDeflating whether messages on WebSockets are compressed, for browsers that can; it costs memory a connection
 * @param topics what is kept of each topic: of messages that browsers publish
 * @param pollRate how often each client may poll, on one event loop, or null for no limit
 * @param acceptRate how many connections may come in at a time, or null for no limit
 * @param publishUrl where the demo page publishes, or null for no demo page
 * @param bayeux how it speaks Bayeux
 */
public record GatewayOptions(
        Listen listen,
        int instances,
        RoomOptions room,
        TokenKeys tokenKeys,
        Origins origins,
        TrustedProxies proxies,
        boolean isDeflating,
        TopicRules topics,
        Rate pollRate,
        Rate acceptRate,
        String publishUrl,
        BayeuxOptions bayeux) {

    /** Whether anybody may say to be any client. */
    public boolean isOpen() {
        return tokenKeys == null;
    }
}
