package megacomet.gateway.ops;

import megacomet.model.ClientId;
import megacomet.web.Sparingly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs, sparingly, what became of clients that read too slowly. */
final class SlowReaders {

    private static final Logger LOG = LoggerFactory.getLogger(SlowReaders.class);

    private final Sparingly sparingly = new Sparingly();

    /** Messages that {@code topic} only relays were not sent. */
    void dropped(ClientId client, String topic, int count) {
        sparingly.log(
                () -> LOG.atWarn()
                        .addKeyValue("client", client)
                        .addKeyValue("topic", topic)
                        .addKeyValue("count", count),
                "messages dropped: the client reads too slowly");
    }

    /** The stream was ended, and goes on from its cursor. */
    void ended(ClientId client, String transport) {
        sparingly.log(
                () -> LOG.atWarn().addKeyValue("client", client).addKeyValue("transport", transport),
                "stream ended: the client reads too slowly");
    }
}
