package megacomet.gateway.ops;

import java.util.function.LongSupplier;
import megacomet.model.ClientId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what became of clients that read too slowly: at most {@value #LINES_A_SECOND} lines a second, so that a crowd of them
 * does not fill a disk. The next line that is written tells how many were not.
 */
final class SlowReaders {

    static final int LINES_A_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(SlowReaders.class);

    private final LongSupplier clockMs;
    private long secondSinceMs;
    private int lines;
    private long unsaid;

    /** @param clockMs a clock in ms that never goes back */
    SlowReaders(LongSupplier clockMs) {
        this.clockMs = clockMs;
        this.secondSinceMs = clockMs.getAsLong();
    }

    /** Messages that {@code topic} only relays were not sent. */
    void dropped(ClientId client, String topic, int count) {
        if (mayBeSaid()) {
            say(
                    LOG.atWarn()
                            .addKeyValue("client", client)
                            .addKeyValue("topic", topic)
                            .addKeyValue("count", count),
                    "messages dropped: the client reads too slowly");
        }
    }

    /** The stream was ended, and goes on from its cursor. */
    void ended(ClientId client, String transport) {
        if (mayBeSaid()) {
            say(
                    LOG.atWarn().addKeyValue("client", client).addKeyValue("transport", transport),
                    "stream ended: the client reads too slowly");
        }
    }

    private void say(LoggingEventBuilder line, String what) {
        (unsaid > 0 ? line.addKeyValue("unsaid", unsaid) : line).log(what);
        unsaid = 0;
    }

    private boolean mayBeSaid() {
        long nowMs = clockMs.getAsLong();
        if (nowMs - secondSinceMs >= 1_000) {
            secondSinceMs = nowMs;
            lines = 0;
        }
        boolean may = lines < LINES_A_SECOND;
        lines += may ? 1 : 0;
        unsaid += may ? 0 : 1;
        return may;
    }
}
