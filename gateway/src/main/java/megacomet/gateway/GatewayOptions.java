package megacomet.gateway;

import megacomet.gateway.bayeux.BayeuxOptions;
import megacomet.gateway.hold.RoomOptions;
import megacomet.redis.TopicRules;
import megacomet.web.BrowserLimits;
import megacomet.web.Listen;
import megacomet.web.Origins;
import megacomet.web.Rate;
import megacomet.web.TokenPolicy;
import megacomet.web.TrustedProxies;

/**
 * How a gateway serves browsers.
 *
 * @param listen where
 * @param instances how many verticles, each with a waiting room on an event loop of its own
 * @param room how they keep their holds
 * @param tokens what browsers' tokens must be like, or null for an open server
 * @param origins whose pages may use it, besides its own
 * @param proxies whose word about the browser is taken
 * @param isDeflating whether messages on WebSockets are compressed, for browsers that can; it costs memory a connection
 * @param topics what is kept of each topic: of messages that browsers publish
 * @param pollRate how often each client may poll, on one event loop, or null for no limit
 * @param acceptRate how many connections may come in at a time, or null for no limit
 * @param publishUrl where the demo page publishes, or null for no demo page
 * @param bayeux how it speaks Bayeux
 * @param browserLimits what each client may cause in Redis whose token does not say otherwise
 */
public record GatewayOptions(
        Listen listen,
        int instances,
        RoomOptions room,
        TokenPolicy tokens,
        Origins origins,
        TrustedProxies proxies,
        boolean isDeflating,
        TopicRules topics,
        Rate pollRate,
        Rate acceptRate,
        String publishUrl,
        BayeuxOptions bayeux,
        BrowserLimits browserLimits) {

    /** One with the limits for browsers that hold unless said otherwise. */
    public GatewayOptions(
            Listen listen,
            int instances,
            RoomOptions room,
            TokenPolicy tokens,
            Origins origins,
            TrustedProxies proxies,
            boolean isDeflating,
            TopicRules topics,
            Rate pollRate,
            Rate acceptRate,
            String publishUrl,
            BayeuxOptions bayeux) {
        this(
                listen,
                instances,
                room,
                tokens,
                origins,
                proxies,
                isDeflating,
                topics,
                pollRate,
                acceptRate,
                publishUrl,
                bayeux,
                BrowserLimits.DEFAULT);
    }

    /** Returns the same with other limits for browsers. */
    public GatewayOptions withBrowserLimits(BrowserLimits other) {
        return new GatewayOptions(
                listen,
                instances,
                room,
                tokens,
                origins,
                proxies,
                isDeflating,
                topics,
                pollRate,
                acceptRate,
                publishUrl,
                bayeux,
                other);
    }

    /** Whether anybody may say to be any client. */
    public boolean isOpen() {
        return tokens == null;
    }
}
