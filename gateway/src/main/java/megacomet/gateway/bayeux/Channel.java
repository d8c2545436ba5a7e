package megacomet.gateway.bayeux;

import megacomet.model.Topic;
import megacomet.model.TopicPattern;

/**
 * The name of a channel (Bayeux 1.0, section 2.1): a topic's with a slash before it. The meta channels are the protocol's
 * own and compared as a whole, because names that only begin alike must do nothing.
 */
record Channel(String name) {

    static final String HANDSHAKE = "/meta/handshake";
    static final String CONNECT = "/meta/connect";
    static final String SUBSCRIBE = "/meta/subscribe";
    static final String UNSUBSCRIBE = "/meta/unsubscribe";
    static final String DISCONNECT = "/meta/disconnect";

    private static final String META = "/meta/";
    private static final String SERVICE = "/service/";

    boolean isMeta() {
        return name.startsWith(META) || name.equals("/meta");
    }

    boolean isService() {
        return name.startsWith(SERVICE);
    }

    /** Whether it is a name, of whichever kind; patterns are none. */
    boolean isName() {
        return isBroadcast(rest()) || (isMeta() || isService()) && isBroadcast("x/" + rest());
    }

    private String rest() {
        return name.startsWith("/") ? name.substring(1) : "";
    }

    private static boolean isBroadcast(String topic) {
        try {
            new Topic(topic);
            return true;
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    /** Returns its topic, or null if it is none that can be published to. */
    Topic topic() {
        return isBroadcast(rest()) ? new Topic(rest()) : null;
    }

    /** Returns what following it means, or null if it is neither a name nor a pattern. */
    TopicPattern pattern() {
        try {
            return new TopicPattern(rest());
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    /** Returns the channel of a topic. */
    static String of(Topic topic) {
        return "/" + topic;
    }
}
