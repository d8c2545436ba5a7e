package megacomet.gateway.bayeux;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What clients are advised to do next. Always in full: CometD fills what is missing with its defaults, and Faye keeps what it
 * was told before. {@code handshake} and {@code none} stand only in replies to handshakes and connects that failed or are a
 * session's last.
 */
final class Advices {

    private final BayeuxOptions options;

    Advices(BayeuxOptions options) {
        this.options = options;
    }

    /** Connect again. */
    ObjectNode retry() {
        return retry(options.intervalMs());
    }

    /** Connect again, after a pause. */
    ObjectNode retry(long intervalMs) {
        return advice("retry", intervalMs);
    }

    /** Begin anew. */
    ObjectNode handshake() {
        return withHosts(advice("handshake", options.intervalMs()));
    }

    /** Stay away. */
    ObjectNode none() {
        return advice("none", options.intervalMs());
    }

    /** Other sessions of the browser hold as many connects as may be held. */
    ObjectNode multipleClients() {
        return retry(options.multiSessionIntervalMs()).put("multiple-clients", true);
    }

    /** Adds where else clients may go. */
    ObjectNode withHosts(ObjectNode advice) {
        if (!options.hosts().isEmpty()) {
            ArrayNode hosts = advice.putArray("hosts");
            options.hosts().forEach(hosts::add);
        }
        return advice;
    }

    private ObjectNode advice(String reconnect, long intervalMs) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("reconnect", reconnect)
                .put("interval", intervalMs)
                .put("timeout", options.timeoutMs())
                .put("maxInterval", options.maxIntervalMs());
    }
}
